/**
 * The HTTPS side of the API server: sockets, TLS, bytes. What a request means is the chain's business.
 *
 * Invariant: whatever a client sends, it gets an answer or its connection closed, and nobody else notices.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { V1Status } from '../../api/generated/types.ts';
import { ApiFailure, badRequest, unknownResource } from '../failure.ts';
import { warningHeader } from '../in-process.ts';
import { acceptedBy, type Accepted } from '../negotiation/accept.ts';
import { isNodeRequestError, type NodeRequestError } from '../node-connection.ts';
import type { Answer, ApiRequest } from '../request.ts';
import { isTrue } from '../request-info.ts';
import type { Outcome, RequestChain } from '../request-chain.ts';
import type { ServerCredentials, UpgradeHandler, UserInfo } from '../server.ts';
import type { StreamExchange, StreamHandlers } from '../streams/streams.ts';
import { encodeList, encodeObject, mediaFor, type Encoding } from './encode.ts';
import { apiRequestOf } from './request.ts';
import { send } from './send.ts';
import { jsonFrames, protobufFrames } from './watch-frames.ts';
import { sendWatch } from './watch-response.ts';
import { sendWatchOverWebSocket } from './watch-websocket.ts';

export interface ListenerParts {
  readonly chain: RequestChain;
  readonly credentials: ServerCredentials;
  readonly streams: StreamHandlers;
  /** Paths outside Kubernetes' own that take upgrades. */
  readonly upgrades: ReadonlyMap<string, UpgradeHandler>;
}

const plainJson: Encoding = { media: 'json', pretty: false };

export class HttpListener {
  readonly #parts: ListenerParts;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #abort = new AbortController();

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  async listen(host: string, port: number): Promise<number> {
    const { caCertificate, servingCertificate, servingKey } = this.#parts.credentials;
    const server = createServer({ cert: servingCertificate, key: servingKey, ca: caCertificate, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], noDelay: true });
    server.keepAliveTimeout = 180_000;
    server.requestTimeout = 60_000;
    server.headersTimeout = 30_000;
    server.on('request', (message, response) => void this.#serve(message, response));
    server.on('upgrade', (message, socket, head) => void this.#upgrade(message, socket, head));
    server.on('connection', (socket) => this.#track(socket));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('clientError', (_error, socket) => refuseRaw(socket, badRequest('the request is not HTTP').status));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async close(): Promise<void> {
    this.#abort.abort();
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #signalOf(closing: Duplex | ServerResponse): AbortSignal {
    const gone = new AbortController();
    closing.on('close', () => gone.abort());
    return AbortSignal.any([gone.signal, this.#abort.signal]);
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = apiRequestOf(message, this.#abort.signal);
    response.on('error', () => undefined);
    const outcome = await this.#parts.chain.handle(request);
    try {
      await this.#answer(message, response, request, outcome);
    } catch (error) {
      const { status, code, headers } = this.#failureOf(error, request);
      if (response.headersSent) response.destroy();
      else send(response, request, code, headers, encodeObject(status, plainJson));
    }
  }

  async #answer(message: IncomingMessage, response: ServerResponse, request: ApiRequest, { answer, user, warnings, headers, ended }: Outcome): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-cache, private');
    if (warnings.length > 0) response.setHeader('warning', warningHeader(warnings));
    const accepted = acceptedOrJson(request, answer);
    const encoding: Encoding = { media: mediaFor(accepted, answer), pretty: wantsPretty(request) };
    switch (answer.type) {
      case 'object':
        return send(response, request, answer.status, answer.headers ?? {}, encodeObject(answer.object, encoding));
      case 'list':
        return send(response, request, 200, {}, encodeList(answer.list, encoding));
      case 'text':
        return send(response, request, answer.status, answer.headers ?? {}, { contentType: answer.contentType, parts: [Buffer.from(answer.text)] });
      case 'watch':
        return sendWatch(response, answer.open, encoding.media === 'protobuf' ? protobufFrames : jsonFrames);
      case 'connect':
        return this.#stream(answer, user, request, { type: 'plain', request: message, response }).finally(ended);
    }
  }

  async #stream({ target }: Extract<Answer, { type: 'connect' }>, user: UserInfo, request: ApiRequest, exchange: StreamExchange): Promise<void> {
    const handler = this.#parts.streams[`${target.resource}/${target.subresource}`];
    if (handler === undefined) throw unknownResource();
    await handler({ ...target, user, query: request.query, signal: this.#signalOf(exchange.type === 'plain' ? exchange.response : exchange.socket) }, exchange);
  }

  async #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const request = apiRequestOf(message, this.#abort.signal);
    const { answer, user, ended } = await this.#parts.chain.handle(request);
    try {
      const own = this.#parts.upgrades.get(request.path);
      if (answer.type === 'watch') sendWatchOverWebSocket(message, socket, head, answer.open);
      else if (answer.type === 'connect') await this.#stream(answer, user, request, { type: 'upgrade', request: message, socket, head }).finally(ended);
      else if (own !== undefined && answer.type === 'text' && answer.status === 404) own(user, message, socket, head);
      else refuseRaw(socket, answer.type === 'object' && 'code' in answer.object ? answer.object : badRequest('this path does not take upgrades').status);
    } catch (error) {
      refuseRaw(socket, this.#failureOf(error, request).status);
    }
  }

  #failureOf(error: unknown, request: ApiRequest): ApiFailure {
    if (isNodeRequestError(error)) return nodeFailure(error);
    return this.#parts.chain.failure(error, request);
  }
}

const nodeStatus: Readonly<Record<NodeRequestError['code'], { readonly code: number; readonly reason: string }>> = {
  NotFound: { code: 404, reason: 'NotFound' },
  BadRequest: { code: 400, reason: 'BadRequest' },
  InternalError: { code: 500, reason: 'InternalError' },
  Unavailable: { code: 503, reason: 'ServiceUnavailable' },
};

/** A kubelet's refusal goes on as it is. */
function nodeFailure(error: NodeRequestError): ApiFailure {
  return new ApiFailure({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: error.message, ...nodeStatus[error.code] });
}

/** Errors and plain texts are sent as JSON to those whose `Accept` led to the error. */
function acceptedOrJson(request: ApiRequest, answer: Answer): Accepted {
  try {
    return acceptedBy(request.headers['accept'], true);
  } catch (error) {
    if (answer.type === 'list' || answer.type === 'watch' || (answer.type === 'object' && answer.status < 400)) throw error;
    return { media: 'json', form: 'object', apiVersion: '' };
  }
}

/** On request, and for people with a browser or curl. */
function wantsPretty({ query, headers }: ApiRequest): boolean {
  if (query.has('pretty')) return isTrue(query.get('pretty'));
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

/** An answer on a connection that has no response object. */
function refuseRaw(socket: Duplex, status: V1Status): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(status);
  socket.end(`HTTP/1.1 ${status.code ?? 500} ${status.reason ?? 'Error'}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
