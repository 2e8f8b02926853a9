/**
 * The way of every request, written once: each step may answer, refuse by throwing `ApiFailure`, or let the next one go on.
 * Here, and nowhere else, failures become Status answers.
 */
import type { Logger, Random } from '../platform/platform.ts';
import { StoreError } from '../storage/store.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { refused } from './authorization/check.ts';
import { attributesOf } from './authorization/request-attributes.ts';
import { ApiFailure, badRequest, serviceUnavailable, internalError, unauthorized } from './failure.ts';
import type { RequestMetrics } from './health/metrics.ts';
import { impersonate } from './impersonation/impersonate.ts';
import type { Answer, ApiRequest, Credentials, Headers, RequestContext } from './request.ts';
import { requestInfoOf } from './request-info.ts';
import { anonymous, type UserInfo } from './server.ts';

export interface Outcome {
  readonly answer: Answer;
  readonly user: UserInfo;
  readonly warnings: readonly string[];
  readonly headers: Headers;
  /** To be called when a stream is over. */
  readonly ended?: (() => void) | undefined;
}

export interface Authenticator {
  /** Undefined where the credentials are not valid. Without any, the anonymous user. */
  authenticate(credentials: Credentials): UserInfo | undefined | Promise<UserInfo | undefined>;
}

export type Step = (context: RequestContext) => Promise<Answer | undefined> | Answer | undefined;

export interface ChainParts {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  /** Left out where nothing is written down. */
  readonly audit: AuditLog | undefined;
  /** Makes requests wait, or sends them away. */
  readonly flowControl: Step;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  /** What answers, in order. */
  readonly routes: readonly Step[];
}

export class RequestChain {
  readonly #steps: readonly Step[];
  readonly #log: Logger;
  readonly #metrics: RequestMetrics;
  readonly #random: Random;
  #closing = false;
  #inFlight = 0;
  readonly #idle: (() => void)[] = [];

  constructor({ authenticator, authorizer, flowControl, audit, random, log, metrics, routes }: ChainParts) {
    this.#random = random;
    this.#log = log;
    this.#metrics = metrics;
    this.#steps = [authenticate(authenticator, audit), impersonate(authorizer), flowControl, authorize(authorizer), ...routes, notServed];
  }

  /** Never rejects. */
  async handle(request: ApiRequest): Promise<Outcome> {
    let context: RequestContext | undefined;
    const headers: Record<string, string> = { 'audit-id': auditIdOf(request, this.#random) };
    let code = 200;
    this.#metrics.begin();
    this.#inFlight++;
    try {
      if (this.#closing) throw serviceUnavailable('the server is shutting down');
      context = { request, info: infoOf(request), user: anonymous, warnings: [], headers, annotations: {} };
      const answer = await this.#run(context);
      if ('status' in answer) code = answer.status;
      return await this.#outcome(context, answer);
    } catch (error) {
      const failure = this.failure(error, request);
      code = failure.code;
      const answer: Answer = { type: 'object', status: code, object: failure.status, headers: failure.headers };
      return context === undefined ? { answer, user: anonymous, warnings: [], headers } : await this.#outcome(context, answer);
    } finally {
      this.#metrics.end(context, code);
      context?.release?.();
      this.#inFlight--;
      if (this.#inFlight === 0) for (const done of this.#idle.splice(0)) done();
    }
  }

  async #outcome({ trail, user, warnings, headers }: RequestContext, answer: Answer): Promise<Outcome> {
    return { ...(trail === undefined ? { answer } : await trail.answered(answer)), user, warnings, headers };
  }

  /** Refuses what comes from now on; resolves when everything under way is answered. */
  async drain(): Promise<void> {
    this.#closing = true;
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #run(context: RequestContext): Promise<Answer> {
    for (const step of this.#steps) {
      const answer = step(context);
      const settled = answer instanceof Promise ? await answer : answer;
      if (settled !== undefined) return settled;
    }
    return notServed();
  }

  /** The refusal that an exception stands for; an unknown one is logged, and is this request's matter only. */
  failure(error: unknown, request: Pick<ApiRequest, 'method' | 'path'>): ApiFailure {
    if (error instanceof ApiFailure) return error;
    if (!(error instanceof StoreError && error.code === 'Closed')) this.#log.error('a request failed', { method: request.method, path: request.path, error });
    return internalError(error instanceof Error ? error.message : String(error));
  }
}

/** By which a request is found again in the audit log; a client may bring its own. */
function auditIdOf({ headers }: ApiRequest, random: Random): string {
  const given = headers['audit-id'] ?? '';
  return given === '' ? random.uuid() : given;
}

function infoOf(request: ApiRequest): RequestContext['info'] {
  try {
    return requestInfoOf(request.method, request.path, request.query);
  } catch {
    throw badRequest('the path of the request is not well-formed');
  }
}

function authenticate(authenticator: Authenticator, audit: AuditLog | undefined): Step {
  return async (context) => {
    const user = await authenticator.authenticate(context.request.credentials);
    if (user === undefined) {
      audit?.refused(context, 401);
      throw unauthorized();
    }
    context.user = user;
    const trail = audit?.begin(context);
    if (trail !== undefined) context.trail = trail;
    return undefined;
  };
}

function authorize(authorizer: Authorizer): Step {
  return async (context) => {
    const attributes = attributesOf(context);
    const { decision, reason } = await authorizer.authorize(attributes);
    context.annotations['authorization.k8s.io/decision'] = decision === 'allow' ? 'allow' : 'forbid';
    context.annotations['authorization.k8s.io/reason'] = reason;
    if (decision !== 'allow') throw refused(attributes, reason);
    return undefined;
  };
}

function notServed(): Answer {
  return { type: 'text', status: 404, contentType: 'text/plain; charset=utf-8', text: '404 page not found\n', headers: { 'x-content-type-options': 'nosniff' } };
}
