import { describe, expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

async function readAll(queue: ByteQueue): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of queue) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('a byte queue', () => {
  test('delivers in order, what waits before the end too', async () => {
    const queue = new ByteQueue();
    await queue.push(Buffer.from('a'));
    const read = readAll(queue);
    await queue.push(Buffer.from('b'));
    queue.end();
    await queue.push(Buffer.from('late'));
    expect(await read).toBe('ab');
  });

  test('holds up a writer that runs ahead, until the reader has caught up', async () => {
    const taken: number[] = [];
    const queue = new ByteQueue({ limit: 4, onRead: (bytes) => taken.push(bytes) });
    expect(await settled(queue.push(Buffer.from('four')))).toBe(true);
    const held = queue.push(Buffer.from('more'));
    expect(await settled(held)).toBe(false);
    expect(queue.full).toBe(true);
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    await held;
    expect(taken).toEqual([4]);
  });

  test('a broken stream gives what came before, then the error', async () => {
    const queue = new ByteQueue();
    await queue.push(Buffer.from('a'));
    queue.fail(new Error('broken'));
    const reader = queue[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual(Buffer.from('a'));
    await expect(reader.next()).rejects.toThrow('broken');
  });

  test('a reader that leaves lets writers go', async () => {
    const queue = new ByteQueue({ limit: 1 });
    const held = queue.push(Buffer.from('long'));
    for await (const chunk of queue) if (chunk.length > 0) break;
    await held;
    await queue.push(Buffer.from('dropped'));
    expect(queue.full).toBe(false);
  });
});
