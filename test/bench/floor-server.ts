/**
 * The least that a server can do for the same work, as a process of its own: HTTPS that sends bytes it has at hand, appends
 * what it is sent to a synced file, its argument (writes that wait share a sync), and passes it on to who watches. Says
 * `{url, ca}` on standard output.
 *
 *     PUT /answer   the bytes that GET / sends from now on       GET /          those bytes
 *     POST /write   appended and synced, then sent back          GET /watch     every write from now on, a line each
 */
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { loadCredentials } from '../../cluster-host/pki/credentials.ts';
import { silentLogger } from '../../cluster-host/platform/node/logger.ts';
import { nodePlatform } from '../../cluster-host/platform/node/platform.ts';
import { memoryDisk } from '../../cluster-host/platform/simulated/disk.ts';

const log = await open(process.argv[2] ?? '', 'a');
const watchers = new Set<ServerResponse>();
let answer: Buffer = Buffer.alloc(0);
let waiting: { readonly body: Buffer; readonly written: () => void }[] = [];
let writing = false;

async function writeAll(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await log.appendFile(Buffer.concat(batch.map(({ body }) => body)));
    await log.datasync();
    for (const { written } of batch) written();
  }
  writing = false;
}

function write(body: Buffer): Promise<void> {
  return new Promise((written) => {
    waiting.push({ body, written });
    if (!writing) void writeAll();
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(message);
  if (message.url === '/watch') {
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    return;
  }
  if (message.url === '/answer') answer = body;
  if (message.url !== '/write') return send(response, answer);
  await write(body);
  const line = Buffer.concat([body, Buffer.from('\n')]);
  for (const watcher of watchers) watcher.write(line);
  send(response, body);
}

const platform = { ...nodePlatform(silentLogger), disk: memoryDisk() };
const { serving, authority } = await loadCredentials(platform, '/pki', ['127.0.0.1']);
const server = createServer({ key: serving.key, cert: serving.certificate, noDelay: true }, (message, response) => void serve(message, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `https://127.0.0.1:${port}`, ca: authority.certificate }));
});
