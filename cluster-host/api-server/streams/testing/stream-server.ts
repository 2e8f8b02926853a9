/** A server that has one pod and serves its streams: enough of an API server for a kubectl to exec, attach, forward and read logs. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { V1Pod } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import { systemClock } from '../../../platform/node/clock.ts';
import { nodeDisk } from '../../../platform/node/disk.ts';
import { systemRandom } from '../../../platform/node/random.ts';
import type { Platform } from '../../../platform/platform.ts';
import { ApiFailure, internalError } from '../../failure.ts';
import type { NodeConnection } from '../../node-connection.ts';
import { createStreamHandlers } from '../handlers.ts';
import type { StreamExchange, StreamTarget } from '../streams.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, with: () => log };
const platform: Platform = { clock: systemClock, random: systemRandom, disk: nodeDisk, log };

export function testPod(containers: readonly string[]): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'u-1' },
    spec: { nodeName: 'node-1', containers: containers.map((name) => ({ name, image: 'web' })) },
    status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: containers.map((name) => ({ name, image: 'web', imageID: 'web', ready: true, restartCount: 0, state: { running: {} } })) },
  };
}

export interface StreamServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface StreamServerOptions {
  readonly pod?: V1Pod;
  readonly objects?: Readonly<Record<string, readonly KubeObject[]>>;
}

/** Paths as the API server's: `/api/v1/namespaces/default/pods/web/exec?…`. */
export async function startStreamServer(node: NodeConnection, options: StreamServerOptions = {}): Promise<StreamServer> {
  const pod = options.pod ?? testPod(['main']);
  const objects: Record<string, readonly KubeObject[]> = { pods: [pod], ...options.objects };
  const handlers = createStreamHandlers({
    platform,
    nodes: { node: (name) => (name === 'node-1' ? node : undefined) },
    read: async (_group, plural, namespace, name) => find(objects, plural, namespace, name),
    list: async (_group, plural) => objects[plural] ?? [],
  });
  const serve = async (exchange: StreamExchange): Promise<void> => {
    const url = new URL(exchange.request.url ?? '/', 'http://server');
    const match = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/([^/]+)\/([^/]+)\/([a-z]+)(\/.*)?$/.exec(url.pathname);
    const [, namespace = '', resource = '', name = '', subresource = '', rest = ''] = match ?? [];
    const handler = handlers[`${resource}/${subresource}`];
    const bare = decodeURIComponent(name).split(':').length === 3 ? (decodeURIComponent(name).split(':')[1] ?? '') : (decodeURIComponent(name).split(':')[0] ?? '');
    const object = find(objects, resource, namespace, bare);
    if (handler === undefined || object === undefined) throw new ApiFailure({ status: 'Failure', code: 404, reason: 'NotFound', message: 'not found' });
    const gone = new AbortController();
    (exchange.type === 'plain' ? exchange.response : exchange.socket).once('close', () => gone.abort());
    const target: StreamTarget = { user: { name: 'admin', groups: [] }, resource, subresource, namespace, name: decodeURIComponent(name), object, rest, query: url.searchParams, signal: gone.signal };
    await handler(target, exchange);
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://server').pathname;
    const answer = documents(pod)[path];
    if (answer !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      return;
    }
    serve({ type: 'plain', request, response }).catch((error: unknown) => {
      const status = statusOf(error);
      response.writeHead(status.code ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(status));
    });
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    serve({ type: 'upgrade', request, socket, head }).catch((error: unknown) => {
      const status = statusOf(error);
      socket.end(`HTTP/1.1 ${status.code} Refused\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${JSON.stringify(status)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closeServer(server, upgraded) };
}

function find(objects: Readonly<Record<string, readonly KubeObject[]>>, plural: string, namespace: string, name: string): KubeObject | undefined {
  return objects[plural]?.find(({ metadata }) => metadata?.name === name && (metadata.namespace ?? '') === namespace);
}

function statusOf(error: unknown): { readonly code?: number } {
  return error instanceof ApiFailure ? error.status : internalError(String(error)).status;
}

function documents(pod: V1Pod): Readonly<Record<string, unknown>> {
  const resources = [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'], shortNames: ['po'] }];
  return {
    '/version': { major: '1', minor: '36', gitVersion: 'v1.36.0' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources },
    '/api/v1/namespaces/default/pods/web': pod,
  };
}

function closeServer(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  server.closeAllConnections();
  for (const socket of upgraded) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
