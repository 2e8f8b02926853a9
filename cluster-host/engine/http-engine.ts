/** The engine's API over HTTP, on a socket, a pipe or TCP. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { findEngine, type EngineAddress } from './address.ts';
import { oldestApiVersion, type CallOptions, type Engine, type EngineVersion, type Query } from './engine.ts';
import { connectionError, EngineError, refusal } from './errors.ts';

/** Newest API whose answers this code was written for. */
const newestApiVersion = '1.47';

export function connectEngine(address: EngineAddress = findEngine()): Engine {
  return new HttpEngine(address);
}

class HttpEngine implements Engine {
  readonly #address: EngineAddress;
  readonly #secure: boolean;
  readonly #agent: HttpAgent;
  #version: Promise<EngineVersion> | undefined;

  constructor(address: EngineAddress) {
    this.#address = address;
    this.#secure = 'tls' in address.connection;
    this.#agent = this.#secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  version(): Promise<EngineVersion> {
    this.#version ??= this.#negotiate().catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options: CallOptions = {}): Promise<any> {
    const response = await this.#send(method, await this.#versioned(path), options);
    const text = await readText(response, this.#address.text);
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, text);
    return text === '' ? undefined : JSON.parse(text);
  }

  async stream(method: 'GET' | 'POST', path: string, options: CallOptions = {}): Promise<Readable> {
    const response = await this.#send(method, await this.#versioned(path), options, false);
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, await readText(response, this.#address.text));
    return response;
  }

  async hijack(path: string, options: CallOptions = {}): Promise<Duplex> {
    const target = await this.#versioned(path);
    return new Promise((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'tcp' };
      const request = this.#request('POST', target, { ...options, headers }, false);
      request.on('upgrade', (_response, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      request.on('response', (response) => {
        readText(response, this.#address.text).then((text) => reject(refusal(response.statusCode ?? 500, text)), reject);
      });
      request.on('error', (error) => reject(connectionError(this.#address.text, error)));
      finish(request, options.body);
    });
  }

  dispose(): void {
    this.#agent.destroy();
  }

  async #versioned(path: string): Promise<string> {
    return `/v${(await this.version()).apiVersion}${path}`;
  }

  async #negotiate(): Promise<EngineVersion> {
    const response = await this.#send('GET', '/version', {});
    const text = await readText(response, this.#address.text);
    if (response.statusCode !== 200) throw refusal(response.statusCode ?? 500, text);
    const { Version, ApiVersion } = JSON.parse(text) as { Version: string; ApiVersion: string };
    if (olderThan(ApiVersion, oldestApiVersion)) {
      throw new EngineError('TooOld', `Docker Engine ${Version} speaks API ${ApiVersion}; ${oldestApiVersion} (Docker 20.10) or newer is needed`, {
        hint: 'Update Docker.',
      });
    }
    return { version: Version.replace(/\+.*$/, ''), apiVersion: olderThan(ApiVersion, newestApiVersion) ? ApiVersion : newestApiVersion };
  }

  #send(method: string, path: string, options: CallOptions, pooled = true): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = this.#request(method, path, options, pooled);
      request.on('response', resolve);
      request.on('error', (error) => reject(connectionError(this.#address.text, error)));
      finish(request, options.body);
    });
  }

  #request(method: string, path: string, options: CallOptions, pooled: boolean): ReturnType<typeof httpRequest> {
    const { connection } = this.#address;
    const target: RequestOptions = {
      ...('socketPath' in connection ? { socketPath: connection.socketPath } : { host: connection.host, port: connection.port, ...connection.tls }),
      method,
      path: path + queryText(options.query),
      headers: { host: 'docker', ...bodyHeaders(options.body), ...options.headers },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      // Long streams keep their connection to themselves.
      agent: pooled ? this.#agent : false,
    };
    return this.#secure ? httpsRequest(target) : httpRequest(target);
  }
}

function finish(request: ReturnType<typeof httpRequest>, body: CallOptions['body']): void {
  request.end(body === undefined ? undefined : body instanceof Uint8Array ? body : JSON.stringify(body));
}

function bodyHeaders(body: CallOptions['body']): Record<string, string | number> {
  if (body === undefined) return {};
  if (body instanceof Uint8Array) return { 'content-type': 'application/x-tar', 'content-length': body.length };
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(JSON.stringify(body)) };
}

function queryText(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

async function readText(response: IncomingMessage, address: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw connectionError(address, error);
  }
}

/** Compares `1.41` with `1.9` part by part. */
export function olderThan(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
