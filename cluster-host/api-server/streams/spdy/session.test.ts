import { describe, expect, test } from 'vitest';
import { ByteQueue } from '../byte-queue.ts';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import { encodeHeaders, type HeaderCompression } from './headers.ts';
import { SpdySession, type SpdyStream } from './session.ts';

/** Blocks as they are: compression is tested on its own. */
const plain: HeaderCompression = { compress: async (block) => block, decompress: async (block) => block, close: () => undefined };

/** A client without a socket: what it sends, and the frames that it got. */
function setUp() {
  const input = new ByteQueue();
  const reader = new FrameReader();
  const received: Frame[] = [];
  const streams: SpdyStream[] = [];
  const output = { write: async (chunk: Uint8Array) => void received.push(...reader.read(Uint8Array.from(chunk))), end: () => input.end() };
  const session = new SpdySession({ input, output }, plain, (stream) => streams.push(stream));
  const running = session.run();
  running.catch(() => undefined);
  const send = async (frame: Frame): Promise<void> => {
    await input.push(encodeFrame(frame));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const open = (id: number, headers: Record<string, string> = {}): Promise<void> => send({ type: 'synStream', stream: id, block: encodeHeaders(new Map(Object.entries(headers))), fin: false });
  const bytesTo = (id: number): number => received.reduce((sum, frame) => sum + (frame.type === 'data' && frame.stream === id ? frame.data.length : 0), 0);
  return { input, received, streams, session, running, send, open, bytesTo };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
};

describe('a SPDY session', () => {
  test('answers streams, carries data both ways, ends each half', async () => {
    const { received, streams, send, open } = setUp();
    await open(1, { StreamType: 'data', port: '80' });
    expect(received).toMatchObject([{ type: 'synReply', stream: 1, fin: false }]);
    const [stream] = streams;
    expect(stream?.headers).toEqual(new Map([['streamtype', 'data'], ['port', '80']]));
    await send({ type: 'data', stream: 1, data: Buffer.from('hello'), fin: true });
    const heard: string[] = [];
    for await (const chunk of stream?.input ?? []) heard.push(Buffer.from(chunk).toString());
    expect(heard).toEqual(['hello']);
    await stream?.write(Buffer.from('you too'));
    stream?.end();
    await settle();
    expect(received.slice(1).map((frame) => frame.type === 'data' && [Buffer.from(frame.data).toString(), frame.fin])).toEqual([['you too', false], ['', true]]);
  });

  test('a client that shows no windows is sent everything', async () => {
    const { streams, open, bytesTo } = setUp();
    await open(1);
    await streams[0]?.write(Buffer.alloc(1_000_000));
    expect(bytesTo(1)).toBe(1_000_000);
  });

  test('the windows of a client that has some are kept', async () => {
    const { streams, send, open, bytesTo } = setUp();
    await send({ type: 'settings', initialWindow: 1000 });
    await open(1);
    const writing = streams[0]?.write(Buffer.alloc(100_000));
    await settle();
    expect(bytesTo(1)).toBe(1000);
    await send({ type: 'windowUpdate', stream: 1, delta: 500 });
    await settle();
    expect(bytesTo(1)).toBe(1500);
    await send({ type: 'windowUpdate', stream: 1, delta: 1_000_000 });
    await settle();
    // Now the window of the whole session holds.
    expect(bytesTo(1)).toBe(65_536);
    await send({ type: 'windowUpdate', stream: 0, delta: 1_000_000 });
    await writing;
    expect(bytesTo(1)).toBe(100_000);
  });

  test('what was read is given back', async () => {
    const { received, streams, send, open } = setUp();
    await open(1);
    await send({ type: 'data', stream: 1, data: Buffer.alloc(40_000), fin: true });
    for await (const chunk of streams[0]?.input ?? []) void chunk;
    await settle();
    expect(received).toContainEqual({ type: 'windowUpdate', stream: 1, delta: 40_000 });
  });

  test('a reset stream ends for both sides', async () => {
    const { streams, send, open } = setUp();
    await open(1);
    await send({ type: 'reset', stream: 1, status: 5 });
    expect(streams[0]?.signal.aborted).toBe(true);
    await expect(streams[0]?.write(Buffer.from('x'))).rejects.toThrow('stream 1 is closed');
    for await (const chunk of streams[0]?.input ?? []) expect(chunk).toBeUndefined();
  });

  test('pings come back; pings with even numbers are answers', async () => {
    const { received, send } = setUp();
    await send({ type: 'ping', id: 1 });
    await send({ type: 'ping', id: 2 });
    expect(received).toEqual([{ type: 'ping', id: 1 }]);
  });

  test('the end of the connection ends its streams', async () => {
    const { input, running, streams, open } = setUp();
    await open(1);
    input.end();
    await running;
    expect(streams[0]?.signal.aborted).toBe(true);
  });

  test('close says goodbye, then nothing is sent', async () => {
    const { received, session, streams, running, open } = setUp();
    await open(5);
    await session.close();
    await running;
    expect(received.at(-1)).toEqual({ type: 'goAway', lastStream: 5, status: 0 });
    await expect(streams[0]?.write(Buffer.from('x'))).rejects.toThrow();
  });

  test.each([2, 0])('stream id %i breaks the protocol', async (id) => {
    const { running, open } = setUp();
    await open(id);
    await expect(running).rejects.toThrow(`invalid stream id ${id}`);
  });

  test('beyond the limit of streams, streams are refused', async () => {
    const { received, open } = setUp();
    for (let id = 1; id <= 2049; id += 2) await open(id);
    expect(received.at(-1)).toEqual({ type: 'reset', stream: 2049, status: 3 });
  });
});
