import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ObjectVersion } from '../registry/object-version.ts';
import type { WatchSink } from '../request.ts';
import { jsonFrames } from './watch-frames.ts';
import { sendWatch } from './watch-response.ts';

async function answerTo(feed: (sink: WatchSink) => void): Promise<string> {
  const open = (sink: WatchSink): Disposable & { dispose(): void } => {
    feed(sink);
    return { dispose: () => undefined, [Symbol.dispose]: () => undefined };
  };
  const server = createServer((_request, response) => sendWatch(response, open, jsonFrames)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const [answer] = (await once(get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
    return text;
  } finally {
    server.close();
  }
}

const version = new ObjectVersion({ kind: 'Thing', apiVersion: 'v1', metadata: { name: 'a' } }, 1);

test('what a watch says before it ends at once arrives before its end', async () => {
  const expired = { kind: 'Status', apiVersion: 'v1', metadata: {}, code: 410 };
  expect(await answerTo((sink) => sink.ended(expired))).toBe(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`);
});

test('events come in their order, a line each', async () => {
  const text = await answerTo((sink) => {
    for (const type of ['ADDED', 'MODIFIED', 'DELETED'] as const) sink.event(type, version);
    sink.ended(undefined);
  });
  expect(text.trim().split('\n').map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
});
