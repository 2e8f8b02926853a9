/** How the operations of each subresource are tried on an object. */
import type { KindDefinition } from '../../cluster-host/api/kind.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { operationsOf } from '../../cluster-host/api/openapi/operations.ts';

export interface SubresourceCaller {
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH', name: string, suffix: string, body?: unknown, contentType?: string): Promise<KubeObject>;
}

type Call = (caller: SubresourceCaller, name: string, kind: KindDefinition) => Promise<unknown>;

/** Answered by a stream or by a node: their tests are those of the streams (`cluster-host/api-server/streams`). */
const streams: readonly string[] = ['attach', 'exec', 'log', 'portforward', 'proxy'];

export function streamsOf(kind: KindDefinition): readonly string[] {
  return operationsOf(kind).filter(({ path }) => streams.some((name) => path.endsWith(`/${name}`))).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
}

const labels = { metadata: { labels: { by: 'subresource' } } };

const bodies: Readonly<Record<string, (name: string) => unknown>> = {
  binding: (name) => ({ apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: 'somewhere' } }),
  eviction: (name) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, deleteOptions: { dryRun: ['All'] } }),
  token: () => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['sample'] } }),
};

/** Undefined for what answers with a stream. */
export function subresourceCalls(subresource: string, verb: string): Call | undefined {
  if (streams.includes(subresource)) return undefined;
  const suffix = `/${subresource}`;
  switch (verb) {
    case 'get':
      return (caller, name) => caller.call('GET', name, suffix);
    case 'update':
      return async (caller, name) => caller.call('PUT', name, suffix, await caller.call('GET', name, hasGet(subresource) ? suffix : ''));
    case 'patch':
      return (caller, name) => caller.call('PATCH', name, suffix, subresource === 'scale' ? { spec: { replicas: 2 } } : labels, 'application/merge-patch+json');
    case 'create':
      return (caller, name) => caller.call('POST', name, suffix, bodies[subresource]?.(name));
    default:
      throw new Error(`nothing tries ${verb} of ${subresource}`);
  }
}

function hasGet(subresource: string): boolean {
  return subresource !== 'finalize';
}
