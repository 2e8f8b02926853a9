/** Plain HTTPS to a cluster's API: what no client library would send, or not so. */
import { Agent, request } from 'node:https';
import type { HostFile } from '../../cluster-host/control-protocol.ts';

export interface Reply {
  readonly status: number;
  readonly body: any;
}

export class Api implements Disposable {
  readonly #host: Pick<HostFile, 'url' | 'ca' | 'token'>;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(host: Pick<HostFile, 'url' | 'ca' | 'token'>) {
    this.#host = host;
  }

  send(method: string, path: string, body?: string | Buffer, headers: Readonly<Record<string, string | number>> = {}): Promise<Reply> {
    const { url, ca, token } = this.#host;
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const call = request({ hostname, port, method, path, agent: this.#agent, ca, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, body: response.headers['content-type']?.includes('json') === true ? JSON.parse(text) : text });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  /** Reads a watch from a version on, until the server or the caller ends it. */
  async *watch(path: string, resourceVersion: string, signal: AbortSignal): AsyncGenerator<any> {
    const { url, ca, token } = this.#host;
    const { hostname, port } = new URL(url);
    const target = { hostname, port, path: `${path}?watch=true&resourceVersion=${resourceVersion}`, agent: false as const, ca, headers: { authorization: `Bearer ${token}` }, signal };
    const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => request(target, resolve).on('error', reject).end());
    let rest = '';
    for await (const chunk of response) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
