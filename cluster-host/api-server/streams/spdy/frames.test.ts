import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameReader, SpdyProtocolError, type Frame } from './frames.ts';

const id = fc.integer({ min: 1, max: 0x7fff_ffff });
const word = fc.integer({ min: 0, max: 0x7fff_ffff });
const block = fc.uint8Array({ maxLength: 100 });
const fin = fc.boolean();

const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant('data' as const), stream: id, data: fc.uint8Array({ minLength: 1, maxLength: 200 }), fin }),
  fc.record({ type: fc.constantFrom('synStream' as const, 'synReply' as const, 'headers' as const), stream: id, block, fin }),
  fc.record({ type: fc.constant('reset' as const), stream: id, status: word }),
  fc.record({ type: fc.constant('settings' as const), initialWindow: fc.option(word, { nil: undefined }) }),
  fc.record({ type: fc.constant('ping' as const), id: word }),
  fc.record({ type: fc.constant('goAway' as const), lastStream: word, status: word }),
  fc.record({ type: fc.constant('windowUpdate' as const), stream: word, delta: word }),
);

/** Data frames come in parts: joins them, so that sequences can be compared. */
function joined(frames: Iterable<Frame>): Frame[] {
  const result: Frame[] = [];
  let open: (Frame & { type: 'data' }) | undefined;
  for (const frame of frames) {
    if (frame.type !== 'data') {
      result.push(normal(frame));
      continue;
    }
    open = { ...frame, data: Uint8Array.from([...(open?.data ?? []), ...frame.data]) };
    const last = result.at(-1);
    if (last?.type === 'data' && last.stream === frame.stream && !last.fin) result[result.length - 1] = { ...frame, data: Uint8Array.from([...last.data, ...frame.data]) };
    else result.push({ ...frame, data: Uint8Array.from(frame.data) });
    open = undefined;
  }
  return result;
}

function normal(frame: Frame): Frame {
  return 'block' in frame ? { ...frame, block: Uint8Array.from(frame.block) } : frame;
}

describe('SPDY frames', () => {
  test('what is written is read, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(encodeFrame));
        const reader = new FrameReader();
        const read: Frame[] = [];
        for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          read.push(...reader.read(Uint8Array.from(bytes.subarray(offset, offset + size))));
          offset += size;
        }
        expect(joined(read)).toEqual(joined(frames));
      }),
    );
  });

  test('arbitrary bytes give frames or a protocol error, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          for (const frame of new FrameReader().read(bytes)) expect(frame.type).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyProtocolError);
        }
      }),
    );
  });

  test('an empty data frame with FIN ends a stream', () => {
    const [frame] = [...new FrameReader().read(encodeFrame({ type: 'data', stream: 7, data: new Uint8Array(0), fin: true }))];
    expect(frame).toMatchObject({ type: 'data', stream: 7, fin: true });
  });

  test('control frames of unknown types are passed over', () => {
    const unknown = Uint8Array.of(0x80, 3, 0, 10, 0, 0, 0, 2, 1, 2);
    const bytes = Buffer.concat([unknown, encodeFrame({ type: 'ping', id: 1 })]);
    expect([...new FrameReader().read(bytes)]).toEqual([{ type: 'ping', id: 1 }]);
  });

  test('another version and an endless control frame are refused', () => {
    expect(() => [...new FrameReader().read(Uint8Array.of(0x80, 2, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1))]).toThrow('unsupported SPDY version 2');
    expect(() => [...new FrameReader().read(Uint8Array.of(0x80, 3, 0, 1, 0, 255, 255, 255))]).toThrow('over the limit');
  });
});
