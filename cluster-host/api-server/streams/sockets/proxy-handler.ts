/** `pods/proxy`, `services/proxy` and `nodes/proxy`: passes HTTP requests and upgrades on, through the node that can reach the target. */
import { request as httpRequest, STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Transform, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as connectTls } from 'node:tls';
import { createGunzip, createGzip } from 'node:zlib';
import type { V1EndpointSlice } from '../../../api/generated/types.ts';
import { serviceUnavailable } from '../../failure.ts';
import type { NodeConnection } from '../../node-connection.ts';
import { LinkRewriter, rewriteLink } from '../html-links.ts';
import { connectionTo } from '../pod-target.ts';
import { meansKubelet, nodeTarget, parseProxyName, podTarget, serviceTarget, type ProxyTarget } from '../../proxy-target.ts';
import type { StreamContext, StreamHandler, StreamTarget } from '../streams.ts';
import { ConnectionDuplex } from './connection-duplex.ts';
import type { Upgrade } from './websocket.ts';

/** Headers that concern one connection alone (RFC 9110, 7.6.1), and the caller's credentials, which are for the API server only. */
const withheld = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'authorization']);
const proxyPath = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:pods|services|nodes)\/[^/]+\/proxy)(\/[^?]*)?(\?.*)?$/;

export function podProxyHandler(context: StreamContext): StreamHandler {
  return (target, exchange) => pass(context, target, exchange, async () => podTarget(target.name, target.object));
}

export function serviceProxyHandler(context: StreamContext): StreamHandler {
  return (target, exchange) =>
    pass(context, target, exchange, async () => {
      const { name } = parseProxyName('service', target.name);
      const slices = (await context.list('discovery.k8s.io', 'endpointslices', target.namespace)) as readonly V1EndpointSlice[];
      const own = slices.filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name);
      return serviceTarget(target.name, target.object, own, (count) => Math.floor(context.platform.random.float() * count));
    });
}

export function nodeProxyHandler(context: StreamContext): StreamHandler {
  return async (target, exchange) => {
    if (exchange.type === 'plain' && meansKubelet(target.name, target.object)) await askKubelet(context, target, exchange);
    else await pass(context, target, exchange, async () => nodeTarget(target.name, target.object));
  };
}

/** The kubelet's own API answers without a socket. */
async function askKubelet(context: StreamContext, { name, query, rest, signal }: StreamTarget, { request, response }: Extract<Parameters<StreamHandler>[1], { type: 'plain' }>): Promise<void> {
  const node = connectionTo(context.nodes, parseProxyName('node', name).name);
  const { status, contentType, body } = await node.request({ method: request.method ?? 'GET', path: rest === '' ? '/' : rest, query }, signal);
  response.writeHead(status, { 'content-type': contentType });
  if (request.method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}

/** One request on its way through. */
export interface Passage {
  readonly request: IncomingMessage;
  /** Path of the API up to and with `/proxy`. */
  readonly prefix: string;
  /** What the target is asked: path and query. */
  readonly path: string;
  readonly target: ProxyTarget;
  readonly connection: Duplex;
  /** Who asks, where the target believes this server. */
  readonly identity?: OutgoingHttpHeaders;
}

async function pass(context: StreamContext, { signal }: StreamTarget, exchange: Parameters<StreamHandler>[1], find: () => Promise<ProxyTarget>): Promise<void> {
  const { request } = exchange;
  const [, prefix = '', path = '', query = ''] = proxyPath.exec(request.url ?? '') ?? [];
  if (path === '' && exchange.type === 'plain' && (request.method === 'GET' || request.method === 'HEAD')) {
    // Relative links of the page have to start from a folder.
    exchange.response.writeHead(301, { location: `${prefix}/${query}` }).end();
    return;
  }
  const target = await find();
  const node = await nodeFor(context, target);
  const connection = await node.connect(target.host, target.port, signal).then(
    (opened) => secured(new ConnectionDuplex(opened), target),
    (error: unknown) => {
      throw unreachable(error);
    },
  );
  await passExchange({ request, prefix, path: `${path === '' ? '/' : path}${query}`, target, connection }, exchange, signal);
}

/** Passes a request or an upgrade on; the connection to the target ends with it, or with the signal. */
export async function passExchange(passage: Passage, exchange: Parameters<StreamHandler>[1], signal: AbortSignal): Promise<void> {
  const { connection } = passage;
  const abort = (): void => void connection.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (exchange.type === 'plain') await passRequest(passage, exchange.response);
    else await passUpgrade(passage, exchange);
  } finally {
    signal.removeEventListener('abort', abort);
    connection.destroy();
  }
}

/** The node of the target; where it is on none, any that is connected. */
async function nodeFor(context: StreamContext, target: ProxyTarget): Promise<NodeConnection> {
  if (target.node !== '') return connectionTo(context.nodes, target.node);
  for (const { metadata } of await context.list('', 'nodes', '')) {
    const node = context.nodes.node(metadata?.name ?? '');
    if (node !== undefined) return node;
  }
  throw serviceUnavailable('error trying to reach service: no node is connected');
}

/** Pods' certificates are not known to anybody: they are not checked, as Kubernetes does not check them. */
function secured(connection: Duplex, { scheme, host }: ProxyTarget): Duplex {
  return scheme === 'https' ? connectTls({ socket: connection, servername: /[a-z]/i.test(host) ? host : '', rejectUnauthorized: false }) : connection;
}

function unreachable(error: unknown): Error {
  return serviceUnavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);
}

function forwardedHeaders({ request, prefix, path, identity }: Passage, upgrade: boolean): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) if (!withheld.has(name) && !name.startsWith('x-remote-')) headers[name] = value;
  Object.assign(headers, identity);
  const client = request.socket.remoteAddress ?? '';
  headers['x-forwarded-for'] = [request.headers['x-forwarded-for'], client].flat().filter((each) => each !== undefined && each !== '').join(', ');
  headers['x-forwarded-uri'] = prefix + path.replace(/\?.*$/, '');
  if (upgrade) Object.assign(headers, { connection: 'Upgrade', upgrade: request.headers.upgrade });
  return headers;
}

async function passRequest(passage: Passage, response: ServerResponse): Promise<void> {
  const { request, connection, path } = passage;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const forwarded = httpRequest({ method: request.method ?? 'GET', path, headers: forwardedHeaders(passage, false), createConnection: () => connection, setHost: false });
    forwarded.on('response', resolve);
    forwarded.on('error', (error) => reject(unreachable(error)));
    request.pipe(forwarded);
  });
  const { body, headers } = translated(passage, answer);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  await pipeline([...body, response]).catch(() => response.destroy());
}

/** The answer with links and redirects that lead through the proxy. */
function translated({ request, prefix, target }: Passage, answer: IncomingMessage): { readonly body: [NodeJS.ReadableStream, ...NodeJS.ReadWriteStream[]]; readonly headers: OutgoingHttpHeaders } {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(answer.headers)) if (!withheld.has(name)) headers[name] = value;
  const hosts = [`${target.host}:${target.port}`, request.headers.host ?? ''];
  const rewrite = (url: string): string => rewriteLink(url, prefix, hosts);
  if (answer.headers.location !== undefined) return { body: [answer], headers: { ...headers, location: rewrite(answer.headers.location) } };
  const encoding = answer.headers['content-encoding'];
  const readable = encoding === undefined || encoding === 'gzip';
  if (request.method === 'HEAD' || !readable || answer.headers['content-type']?.startsWith('text/html') !== true) return { body: [answer], headers };
  delete headers['content-length'];
  const links = linkTransform(rewrite);
  return { body: encoding === 'gzip' ? [answer, createGunzip(), links, createGzip()] : [answer, links], headers };
}

function linkTransform(rewrite: (url: string) => string): Transform {
  const rewriter = new LinkRewriter(rewrite);
  // Bytes as characters, one to one: pages of every encoding come out as they went in.
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(rewriter.push(chunk.toString('latin1')), 'latin1')),
    flush: (done) => done(null, Buffer.from(rewriter.end(), 'latin1')),
  });
}

async function passUpgrade(passage: Passage, { socket, head }: Upgrade): Promise<void> {
  const { request, connection, path } = passage;
  await new Promise<void>((resolve, reject) => {
    const forwarded = httpRequest({ method: request.method ?? 'GET', path, headers: forwardedHeaders(passage, true), createConnection: () => connection, setHost: false });
    forwarded.on('error', (error) => reject(unreachable(error)));
    forwarded.on('upgrade', (answer, backend, rest) => {
      socket.write(headText(answer));
      if (rest.length > 0) socket.write(rest);
      if (head.length > 0) backend.write(head);
      void Promise.allSettled([pipeline(socket, backend), pipeline(backend, socket)]).then(() => resolve());
    });
    // The target does not want to upgrade: its answer is the answer.
    forwarded.on('response', (answer) => {
      socket.write(headText(answer));
      void pipeline(answer, socket).then(resolve, () => resolve());
    });
    forwarded.end();
  });
  socket.destroy();
}

/** An answer's head as it goes over the wire; a body that follows ends with the connection. */
function headText({ statusCode = 502, statusMessage, rawHeaders, headers }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ''}`];
  const upgraded = statusCode === 101;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (upgraded || !withheld.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1] ?? ''}`);
  }
  if (!upgraded && headers.connection !== 'close') lines.push('Connection: close');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
