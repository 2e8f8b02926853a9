/**
 * The way of every request, written once: each step may answer, refuse by throwing `ApiFailure`, or let the next one go on.
 * Here, and nowhere else, failures become Status answers.
 */
import type { Logger } from '../platform/platform.ts';
import { StoreError } from '../storage/store.ts';
import { refusal, type Attributes, type Authorizer } from './authorization/authorizer.ts';
import { ApiFailure, badRequest, serviceUnavailable, forbidden, internalError, unauthorized } from './failure.ts';
import type { RequestMetrics } from './health/metrics.ts';
import type { Answer, ApiRequest, Credentials, RequestContext } from './request.ts';
import { requestInfoOf } from './request-info.ts';
import type { UserInfo } from './server.ts';

export interface Outcome {
  readonly answer: Answer;
  readonly user: UserInfo;
  readonly warnings: readonly string[];
}

export interface Authenticator {
  /** Undefined where the credentials are not valid. Without any, the anonymous user. */
  authenticate(credentials: Credentials): UserInfo | undefined | Promise<UserInfo | undefined>;
}

export type Step = (context: RequestContext) => Promise<Answer | undefined> | Answer | undefined;

export interface ChainParts {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  /** What answers, in order. */
  readonly routes: readonly Step[];
}

export const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export class RequestChain {
  readonly #steps: readonly Step[];
  readonly #log: Logger;
  readonly #metrics: RequestMetrics;
  #closing = false;
  #inFlight = 0;
  readonly #idle: (() => void)[] = [];

  constructor({ authenticator, authorizer, log, metrics, routes }: ChainParts) {
    this.#log = log;
    this.#metrics = metrics;
    this.#steps = [authenticate(authenticator), impersonate(authorizer), authorize(authorizer), ...routes, notServed];
  }

  /** Never rejects. */
  async handle(request: ApiRequest): Promise<Outcome> {
    let context: RequestContext | undefined;
    let code = 200;
    this.#metrics.begin();
    this.#inFlight++;
    try {
      if (this.#closing) throw serviceUnavailable('the server is shutting down');
      context = { request, info: infoOf(request), user: anonymous, warnings: [] };
      const answer = await this.#run(context);
      if ('status' in answer) code = answer.status;
      return { answer, user: context.user, warnings: context.warnings };
    } catch (error) {
      const failure = this.failure(error, request);
      code = failure.code;
      return { answer: { type: 'object', status: code, object: failure.status, headers: failure.headers }, user: context?.user ?? anonymous, warnings: context?.warnings ?? [] };
    } finally {
      this.#metrics.end(context, code);
      this.#inFlight--;
      if (this.#inFlight === 0) for (const done of this.#idle.splice(0)) done();
    }
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

function infoOf(request: ApiRequest): RequestContext['info'] {
  try {
    return requestInfoOf(request.method, request.path, request.query);
  } catch {
    throw badRequest('the path of the request is not well-formed');
  }
}

function authenticate(authenticator: Authenticator): Step {
  return async (context) => {
    const user = await authenticator.authenticate(context.request.credentials);
    if (user === undefined) throw unauthorized();
    context.user = user;
    return undefined;
  };
}

/** Acts as somebody else, for who may (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation). */
function impersonate(authorizer: Authorizer): Step {
  return async (context) => {
    const { headers } = context.request;
    const name = headers['impersonate-user'];
    if (name === undefined || name === '') {
      if (headers['impersonate-group'] !== undefined || headers['impersonate-uid'] !== undefined) throw internalError('requested without impersonating a user');
      return undefined;
    }
    const groups = (headers['impersonate-group'] ?? '').split(',').map((group) => group.trim()).filter((group) => group !== '');
    const { user } = context;
    const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
    const asked = account === undefined ? [impersonation(user, 'users', '', name)] : [impersonation(user, 'serviceaccounts', namespace ?? '', account)];
    asked.push(...groups.map((group) => impersonation(user, 'groups', '', group)));
    const uid = headers['impersonate-uid'];
    if (uid !== undefined) asked.push(impersonation(user, 'uids', '', uid, 'authentication.k8s.io'));
    const extra = impersonatedExtra(headers);
    for (const [key, values] of Object.entries(extra)) asked.push(...values.map((value) => impersonation(user, 'userextras', '', value, 'authentication.k8s.io', key)));
    for (const attributes of asked) await check(authorizer, attributes);
    const implied = account === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
    const authenticated = name === anonymous.name ? 'system:unauthenticated' : 'system:authenticated';
    context.user = { name, groups: [...new Set([...(groups.length > 0 ? groups : implied), authenticated])], extra, ...(uid === undefined ? {} : { uid }) };
    return undefined;
  };
}

const extraPrefix = 'impersonate-extra-';

function impersonatedExtra(headers: ApiRequest['headers']): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(headers).filter(([name]) => name.startsWith(extraPrefix));
  return Object.fromEntries(entries.map(([name, value = '']) => [unescapedKey(name.slice(extraPrefix.length)), value.split(',').map((one) => one.trim())]));
}

function unescapedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw badRequest(`the header ${extraPrefix}${key} is not well-formed`);
  }
}

function impersonation(user: UserInfo, resource: string, namespace: string, name: string, group = '', subresource = ''): Attributes {
  return { type: 'resource', user, verb: 'impersonate', group, version: 'v1', resource, subresource, namespace, name };
}

function authorize(authorizer: Authorizer): Step {
  return async ({ info, user }) => {
    const { verb, group, version, resource, subresource, namespace, name, path } = info;
    await check(authorizer, info.isResource ? { type: 'resource', user, verb, group, version, resource, subresource, namespace, name } : { type: 'path', user, verb, path });
    return undefined;
  };
}

async function check(authorizer: Authorizer, attributes: Attributes): Promise<void> {
  const { decision, reason } = await authorizer.authorize(attributes);
  if (decision === 'allow') return;
  const about = attributes.type === 'resource' ? { group: attributes.group, plural: attributes.resource } : { group: '', plural: '' };
  throw forbidden(about, attributes.type === 'resource' ? attributes.name : '', refusal(attributes, reason));
}

function notServed(): Answer {
  return { type: 'text', status: 404, contentType: 'text/plain; charset=utf-8', text: '404 page not found\n', headers: { 'x-content-type-options': 'nosniff' } };
}
