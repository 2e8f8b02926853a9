/**
 * The way to an API server over HTTP(S): keep-alive connections, a CA, a client certificate or a bearer token.
 *
 * It does not cache, and asks again only where a connection that was kept open turns out to be closed: then nobody heard the question.
 * Credentials come from a callback at each request, and whoever gives them renews them.
 */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { KubeObject } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import { ApiError, type ApiRequest, type ApiResponse, type Transport, type WatchEventType, type WatchHandler } from '../client.ts';
import { LineSplitter } from './line-splitter.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** What proves who is asking. PEM texts. */
export interface Credentials {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly username?: string;
  readonly password?: string;
}

export interface HttpsTransportOptions {
  /** `https://host:port` with an optional path in front of every request. */
  readonly server: string;
  /** PEM; default: the authorities that Node trusts. */
  readonly ca?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  /** Address of an HTTP proxy, for a server that speaks TLS. */
  readonly proxy?: string;
  /** Asked before each request; `rejected` says that the last ones were answered with 401. */
  readonly credentials?: (rejected: boolean) => Credentials | Promise<Credentials>;
  /** Added to each request (impersonation). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly userAgent?: string;
}

export interface OpenResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: IncomingMessage;
}

const unzip = promisify(gunzip);

export class HttpsTransport implements Transport, Disposable {
  readonly #options: HttpsTransportOptions;
  readonly #server: URL;
  #agent: HttpAgent | undefined;
  /** The client certificate that the agent's connections were made with. */
  #agentIdentity: string | undefined;
  #rejected = false;
  #disposed = false;

  constructor(options: HttpsTransportOptions) {
    this.#options = options;
    this.#server = new URL(options.server);
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.open(request);
    return { status: response.status, headers: response.headers, body: await readBody(response) };
  }

  /** An answer whose body is read as it comes (logs that are followed). Whoever opens it reads it to the end or destroys it. */
  async open(request: ApiRequest): Promise<OpenResponse> {
    const credentials = (await this.#options.credentials?.(this.#rejected)) ?? {};
    request.signal?.throwIfAborted();
    const response = await this.#send(request, credentials);
    // Whoever reads the body hears of its errors; after the last reader nobody needs to.
    response.on('error', () => {});
    const status = response.statusCode ?? 0;
    this.#rejected = status === 401;
    return { status, headers: flatHeaders(response), body: response };
  }

  watch(request: ApiRequest, handler: WatchHandler<KubeObject>): Disposable {
    const abort = new AbortController();
    let over = false;
    const end = (error?: Error): void => {
      if (!over) handler.ended(error);
      over = true;
    };
    const onEvent = (type: WatchEventType, object: KubeObject): void => {
      if (!over) handler.event(type, object);
    };
    void this.#follow({ ...request, signal: abort.signal }, onEvent).then(
      () => end(),
      (error: unknown) => end(error instanceof Error ? error : new Error(String(error))),
    );
    return {
      dispose: () => {
        if (!over) abort.abort();
        over = true;
      },
    };
  }

  dispose(): void {
    this.#disposed = true;
    this.#agent?.destroy();
  }

  /** Resolves when the server ends the stream in order, rejects with the Status of an `ERROR` event. */
  async #follow(request: ApiRequest, onEvent: (type: WatchEventType, object: KubeObject) => void): Promise<void> {
    const response = await this.open(request);
    if (response.status !== 200) {
      const body = await readBody(response);
      throw new ApiError(body?.kind === 'Status' ? body : { code: response.status, message: `the server answered with status ${response.status}`, reason: 'Unknown' });
    }
    const lines = new LineSplitter((line) => {
      const event = JSON.parse(line) as { type: WatchEventType | 'ERROR'; object: KubeObject };
      if (event.type === 'ERROR') throw new ApiError(event.object);
      onEvent(event.type, event.object);
    });
    for await (const chunk of response.body) lines.push(chunk as Uint8Array);
    lines.flush();
  }

  async #send(request: ApiRequest, credentials: Credentials): Promise<IncomingMessage> {
    if (this.#disposed) throw new Error('the connection to the API server was closed');
    const body = request.body === undefined ? undefined : encode(request.body);
    const options = {
      method: request.method,
      path: `${this.#server.pathname.replace(/\/$/, '')}${request.path}${queryText(request.query)}`,
      hostname: this.#server.hostname.replace(/^\[|\]$/g, ''),
      port: this.#server.port === '' ? undefined : Number(this.#server.port),
      agent: this.#agentFor(credentials),
      headers: {
        accept: 'application/json',
        'user-agent': this.#options.userAgent ?? 'kubicle',
        // A watch's lines must come as they are made; everything else may come packed.
        ...(request.query?.['watch'] === undefined && request.query?.['follow'] === undefined ? { 'accept-encoding': 'gzip' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(body.byteLength) }),
        ...authorization(credentials),
        ...this.#options.headers,
        ...request.headers,
      },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    const ask = this.#server.protocol === 'http:' ? httpRequest : httpsRequest;
    return await new Promise((resolve, reject) => {
      const once = (): void => {
        const outgoing: ClientRequest = ask(options, resolve);
        outgoing.on('error', (error: NodeJS.ErrnoException) => {
          if (request.method === 'GET' && outgoing.reusedSocket && error.code === 'ECONNRESET') once();
          else reject(error);
        });
        outgoing.end(body);
      };
      once();
    });
  }

  #agentFor(credentials: Credentials): HttpAgent {
    const identity = credentials.certificate ?? '';
    if (this.#agent !== undefined && this.#agentIdentity === identity) return this.#agent;
    this.#agent?.destroy();
    this.#agentIdentity = identity;
    this.#agent = this.#server.protocol === 'http:' ? new HttpAgent({ keepAlive: true }) : this.#tlsAgent(credentials);
    return this.#agent;
  }

  #tlsAgent({ certificate, key }: Credentials): HttpsAgent {
    const { ca, insecureSkipTlsVerify, tlsServerName, proxy } = this.#options;
    const options = { keepAlive: true, ca, cert: certificate, key, rejectUnauthorized: insecureSkipTlsVerify !== true, servername: tlsServerName };
    return proxy === undefined ? new HttpsAgent(options) : new TunnelAgent(proxy, options);
  }
}

function encode(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
}

function authorization(credentials: Credentials): Record<string, string> {
  if (credentials.token !== undefined) return { authorization: `Bearer ${credentials.token}` };
  if (credentials.username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password ?? ''}`).toString('base64')}` };
}

function queryText(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) parameters.append(key, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function flatHeaders(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}

async function readBody(response: OpenResponse): Promise<any> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk as Uint8Array);
  const packed = Buffer.concat(chunks);
  const bytes = response.headers['content-encoding'] === 'gzip' ? await unzip(packed) : packed;
  const text = bytes.toString('utf8');
  return text !== '' && /^application\/(?:json|[\w.-]+\+json)/.test(response.headers['content-type'] ?? '') ? JSON.parse(text) : text;
}
