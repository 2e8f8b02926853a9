/**
 * The audit log: one line a request and stage, as audit.k8s.io/v1 has it (https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/).
 *
 * Invariant: contents of objects are in it only where the policy says so.
 */
import type { KubeObject } from '../../api/object.ts';
import type { Clock } from '../../platform/platform.ts';
import { attributesOf } from '../authorization/request-attributes.ts';
import { readDocument } from '../negotiation/body.ts';
import { ObjectVersion } from '../registry/object-version.ts';
import type { Answer, ApiRequest, RequestBody, RequestContext } from '../request.ts';
import type { UserInfo } from '../server.ts';
import { verdictOf, type AuditPolicy, type Stage, type Verdict } from './policy.ts';

/** What a request leaves behind on its way. */
export interface AuditTrail {
  /** Writes down the answer; where it goes on for a while, the end comes with the end of the answer that is returned, or with `ended`. */
  answered(answer: Answer): Promise<{ readonly answer: Answer; readonly ended?: () => void }>;
}

export class AuditLog {
  readonly #policy: AuditPolicy;
  readonly #clock: Clock;
  readonly #write: (line: string) => void;

  constructor(policy: AuditPolicy, clock: Clock, write: (line: string) => void) {
    this.#policy = policy;
    this.#clock = clock;
    this.#write = write;
  }

  /** To be called once it is known who asks, before anything else happens. Undefined where nothing is written of the request. */
  begin(context: RequestContext): AuditTrail | undefined {
    const verdict = verdictOf(this.#policy, attributesOf(context));
    if (verdict.level === 'None') return undefined;
    const received = this.#now();
    const body = verdict.level === 'Metadata' ? undefined : listenIn(context);
    const write = (stage: Stage, more: object = {}): void => {
      if (!verdict.omitStages.includes(stage)) this.#write(JSON.stringify({ ...eventOf(context, verdict), stage, ...more, requestReceivedTimestamp: received, stageTimestamp: this.#now(), ...annotationsOf(context) }));
    };
    write('RequestReceived');
    return {
      async answered(answer) {
        const content = await contentOf(context, verdict, answer, body?.());
        const complete = (): void => write('ResponseComplete', content);
        if (answer.type !== 'watch' && answer.type !== 'connect') {
          complete();
          return { answer };
        }
        write('ResponseStarted', content);
        return answer.type === 'watch' ? { answer: { ...answer, open: endingWith(answer.open, complete) } } : { answer, ended: complete };
      },
    };
  }

  /** Of a request whose credentials are worth nothing. */
  refused(context: RequestContext, code: number): void {
    const verdict = verdictOf(this.#policy, attributesOf({ ...context, user: nobody }));
    if (verdict.level === 'None' || verdict.omitStages.includes('ResponseStarted')) return;
    const time = this.#now();
    const { credentials } = context.request;
    const methods = credentials.type === 'presented' ? [...(credentials.certificate === undefined ? [] : ['x509']), ...(credentials.authorization === undefined ? [] : ['bearer'])] : [];
    const responseStatus = { metadata: {}, message: `Authentication failed, attempted: ${methods.join(', ')}`, code };
    this.#write(JSON.stringify({ ...eventOf({ ...context, user: nobody }, verdict), stage: 'ResponseStarted', responseStatus, requestReceivedTimestamp: time, stageTimestamp: time }));
  }

  /** With microseconds, as Kubernetes has them. */
  #now(): string {
    return new Date(this.#clock.now()).toISOString().replace('Z', '000Z');
  }
}

const nobody: UserInfo = { name: '', groups: [] };

function eventOf(context: RequestContext, { level }: Verdict): object {
  const { request, info, user, impersonator, headers } = context;
  const { path, query } = request;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: headers['audit-id'],
    requestURI: query.size === 0 ? path : `${path}?${query.toString()}`,
    verb: info.verb,
    user: userOf(impersonator ?? user),
    ...(impersonator === undefined ? {} : { impersonatedUser: userOf(user) }),
    sourceIPs: [request.remoteAddress ?? '127.0.0.1'],
    userAgent: request.headers['user-agent'] ?? '',
    ...(info.isResource ? { objectRef: referenceOf(context) } : {}),
  };
}

function userOf({ name, uid, groups, extra = {} }: UserInfo): object {
  return { ...(name === '' ? {} : { username: name }), ...(uid === undefined ? {} : { uid }), ...(groups.length === 0 ? {} : { groups }), ...(Object.keys(extra).length === 0 ? {} : { extra }) };
}

function referenceOf({ info, createdName }: RequestContext): object {
  const { resource, namespace, name, group, version, subresource } = info;
  const parts = { resource, namespace, name: name === '' ? (createdName ?? '') : name, apiGroup: group, apiVersion: version, subresource };
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== ''));
}

function annotationsOf({ annotations }: RequestContext): object {
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

/** Remembers the body that is read; returns what gives it. */
function listenIn(context: RequestContext): () => RequestBody | undefined {
  const { request } = context;
  let read: RequestBody | undefined;
  context.request = { ...request, body: async (limit) => (read = await request.body(limit)) };
  return () => read;
}

async function contentOf(context: RequestContext, { level, omitManagedFields }: Verdict, answer: Answer, body: RequestBody | undefined): Promise<object> {
  const object = answer.type === 'object' ? plain(answer.object) : undefined;
  if (context.info.verb === 'create' && object?.metadata?.name !== undefined && object.kind !== 'Status') context.createdName = object.metadata.name;
  const shown = (value: unknown): unknown => (omitManagedFields ? withoutManagedFields(value) : value);
  const requestObject = body === undefined ? undefined : await valueOf(context.request, body);
  const responseObject = level === 'RequestResponse' ? responseOf(answer) : undefined;
  return {
    responseStatus: statusOf(answer, object),
    ...(requestObject === undefined ? {} : { requestObject: shown(requestObject) }),
    ...(responseObject === undefined ? {} : { responseObject: shown(responseObject) }),
  };
}

function plain(object: ObjectVersion | KubeObject): KubeObject {
  return object instanceof ObjectVersion ? object.object : object;
}

function statusOf(answer: Answer, object: KubeObject | undefined): object {
  const code = answer.type === 'connect' ? 101 : 'status' in answer ? answer.status : 200;
  if (object?.kind !== 'Status') return { metadata: {}, code };
  const { status, message, reason, details } = object as Record<string, unknown>;
  return { metadata: {}, ...(status === undefined ? {} : { status }), ...(message === undefined ? {} : { message }), ...(reason === undefined ? {} : { reason }), ...(details === undefined ? {} : { details }), code };
}

function responseOf(answer: Answer): unknown {
  if (answer.type === 'object') return plain(answer.object);
  if (answer.type !== 'list') return undefined;
  const { kind, apiVersion, metadata, items } = answer.list;
  return { kind, apiVersion, metadata, items: items.map(({ object }) => object) };
}

/** A body that cannot be read is in the log as little as in the store. */
async function valueOf(request: ApiRequest, body: RequestBody): Promise<unknown> {
  if (body.type === 'value') return body.value;
  if (body.bytes.length === 0) return undefined;
  try {
    const type = (request.headers['content-type'] ?? '').split(';')[0] ?? '';
    const isPatch = request.method === 'PATCH';
    const headers = { ...request.headers, 'content-type': isPatch ? (type.endsWith('yaml') ? 'application/yaml' : 'application/json') : type };
    return (await readDocument({ ...request, headers, body: () => Promise.resolve(body) }, ''))?.value;
  } catch {
    return undefined;
  }
}

function withoutManagedFields(value: unknown): unknown {
  const { metadata, items, ...rest } = value as KubeObject & { readonly items?: readonly unknown[] };
  const { managedFields: _, ...kept } = metadata ?? {};
  return { ...rest, ...(metadata === undefined ? {} : { metadata: kept }), ...(items === undefined ? {} : { items: items.map(withoutManagedFields) }) };
}

type Watch = Extract<Answer, { type: 'watch' }>;

function endingWith(open: Watch['open'], ended: () => void): Watch['open'] {
  return (sink) => {
    let over = false;
    const end = (): void => {
      if (!over) ended();
      over = true;
    };
    const watch = open({
      event: (type, object) => sink.event(type, object),
      ended(status) {
        end();
        sink.ended(status);
      },
    });
    return {
      dispose() {
        end();
        watch.dispose();
      },
    };
  };
}
