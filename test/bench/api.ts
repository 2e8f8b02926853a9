/** The plainest keep-alive HTTPS client, so that the bench measures the server and not a library. */
import { Agent, request } from 'node:https';
import type { HostFile } from '../../cluster-host/control-protocol.ts';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export type Target = Pick<HostFile, 'url' | 'ca' | 'token'>;

export interface Api {
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Parsed answer; rejects when it is not a success. */
  must(method: string, path: string, body?: unknown): Promise<any>;
  /** Watch events as they come, until disposed. */
  watch(path: string, event: (type: string, object: any) => void): Disposable;
  /** The bytes of a watch on a connection of its own; resolves when it is open. */
  stream(path: string, data: (chunk: Buffer) => void): Promise<Disposable>;
}

export function apiOf(host: Target, connections = 16): Api {
  const { hostname, port } = new URL(host.url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: host.ca });
  const open = (method: string, path: string, body: unknown, use: Agent) => {
    const data = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const headers = { authorization: `Bearer ${host.token}`, ...(data === undefined ? {} : { 'content-type': 'application/json', 'content-length': data.length }) };
    const call = request({ hostname, port, path, method, agent: use, headers });
    call.end(data);
    return call;
  };
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      open(method, path, body, agent)
        .on('error', reject)
        .on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
          response.on('error', reject);
        });
    });
  return {
    call,
    async must(method, path, body) {
      const answer = await call(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.toString().slice(0, 300)}`);
      return JSON.parse(answer.body.toString());
    },
    stream: (path, data) =>
      new Promise((resolve, reject) => {
        const stream = open('GET', path, undefined, new Agent({ ca: host.ca })).on('error', reject);
        stream.on('response', (response) => {
          response.on('data', data).on('error', () => undefined);
          resolve({ [Symbol.dispose]: () => stream.destroy() });
        });
      }),
    watch(path, event) {
      const own = new Agent({ ca: host.ca });
      const stream = open('GET', path, undefined, own).on('error', () => undefined);
      stream.on('response', (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            const { type, object } = JSON.parse(line) as { type: string; object: unknown };
            event(type, object);
          }
        });
        response.on('error', () => undefined);
      });
      return { [Symbol.dispose]: () => stream.destroy() };
    },
  };
}

/** Does something `count` times over so many connections at once; resolves with how often a second. */
export async function rate(count: number, connections: number, act: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return (count / (performance.now() - start)) * 1000;
}
