import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../api-client.ts';
import { configMaps } from '../resources.ts';
import { HttpsTransport, type HttpsTransportOptions } from './https-transport.ts';
import { LineSplitter } from './line-splitter.ts';

let server: Server | undefined;
let transport: HttpsTransport | undefined;

afterEach(() => {
  transport?.dispose();
  server?.closeAllConnections();
  server?.close();
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void, options: Partial<HttpsTransportOptions> = {}): Promise<HttpsTransport> {
  server = createServer(handler);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (transport = new HttpsTransport({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`, ...options }));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('the transport over HTTP', () => {
  it('asks again where a connection that was kept open is closed when the question comes', async () => {
    const known = new Set<unknown>();
    const questions: string[] = [];
    const client = await serve((request, response) => {
      questions.push(request.method ?? '');
      if (known.has(request.socket)) request.socket.destroy();
      else json(response, 200, {});
      known.add(request.socket);
    });
    await client.request({ method: 'GET', path: '/a' });
    expect(await client.request({ method: 'GET', path: '/a' })).toMatchObject({ status: 200 });
    await expect(client.request({ method: 'POST', path: '/a', body: {} })).rejects.toThrow('socket hang up');
    expect(questions).toEqual(['GET', 'GET', 'GET', 'POST']);
  });

  it('sends path, query, credentials and body, and reads JSON', async () => {
    const seen: unknown[] = [];
    const rejected: boolean[] = [];
    const credentials = (was: boolean) => {
      rejected.push(was);
      return { token: `t${rejected.length}` };
    };
    const client = new ApiClient(
      await serve((request, response) => {
        seen.push([request.method, request.url, request.headers.authorization]);
        json(response, seen.length === 1 ? 401 : 201, seen.length === 1 ? { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' } : { kind: 'ConfigMap' });
      }, { credentials }),
    );
    const create = () => client.resource(configMaps, 'default').create({ metadata: { name: 'a' } }, { dryRun: true });
    await expect(create()).rejects.toMatchObject({ reason: 'Unauthorized', code: 401 });
    expect(await create()).toEqual({ kind: 'ConfigMap' });
    const path = '/prefix/api/v1/namespaces/default/configmaps?dryRun=All';
    expect(seen).toEqual([['POST', path, 'Bearer t1'], ['POST', path, 'Bearer t2']]);
    expect(rejected).toEqual([false, true]);
  });

  it('turns an answer that is no Status into an error all the same', async () => {
    const client = new ApiClient(await serve((_, response) => response.writeHead(502).end('bad gateway')));
    await expect(client.request({ method: 'GET', path: '/version' })).rejects.toMatchObject({ code: 502, message: 'bad gateway' });
  });

  it('follows a watch line by line, to its end or its error', async () => {
    const event = (type: string, name: string) => `${JSON.stringify({ type, object: { kind: 'ConfigMap', metadata: { name } } })}\n`;
    const error = `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } })}\n`;
    const transport = await serve((request, response) => {
      const text = event('ADDED', 'ä') + event('MODIFIED', 'b') + (request.url?.includes('old') === true ? error : '');
      const bytes = Buffer.from(text);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(bytes.subarray(0, 62));
      setTimeout(() => response.end(bytes.subarray(62)), 5);
    });
    const follow = (path: string) =>
      new Promise<string[]>((resolve) => {
        const log: string[] = [];
        transport.watch({ method: 'GET', path, query: { watch: 'true' } }, {
          event: (type, object) => void log.push(`${type} ${object.metadata?.name}`),
          ended: (error) => resolve([...log, error?.message ?? 'end']),
        });
      });
    expect(await follow('/new')).toEqual(['ADDED ä', 'MODIFIED b', 'end']);
    expect(await follow('/old')).toEqual(['ADDED ä', 'MODIFIED b', 'too old']);
  });

  it('tells a broken connection apart from an answer', async () => {
    const transport = await serve((request) => request.socket.destroy());
    await expect(new ApiClient(transport).request({ method: 'GET', path: '/version' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the line splitter', () => {
  it('finds lines whatever the chunks', () => {
    const bytes = Buffer.from('eins\n\nzwölf\ndrei');
    for (let size = 1; size <= bytes.length; size++) {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line));
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      splitter.flush();
      expect(lines).toEqual(['eins', 'zwölf', 'drei']);
    }
  });
});
