/**
 * SPDY/3.1 frames as data, and their bytes (SPDY protocol draft 3.1, section 2.2 and 2.6). Pure: header blocks stay compressed.
 */

export type Frame =
  | { readonly type: 'data'; readonly stream: number; readonly data: Uint8Array; readonly fin: boolean }
  | { readonly type: 'synStream'; readonly stream: number; readonly block: Uint8Array; readonly fin: boolean }
  | { readonly type: 'synReply'; readonly stream: number; readonly block: Uint8Array; readonly fin: boolean }
  | { readonly type: 'headers'; readonly stream: number; readonly block: Uint8Array; readonly fin: boolean }
  | { readonly type: 'reset'; readonly stream: number; readonly status: number }
  | { readonly type: 'settings'; readonly initialWindow: number | undefined }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goAway'; readonly lastStream: number; readonly status: number }
  | { readonly type: 'windowUpdate'; readonly stream: number; readonly delta: number };

export const resetStatus = { protocolError: 1, invalidStream: 2, refusedStream: 3, cancel: 5, flowControlError: 7 } as const;

const types = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;
const version = 3;
const headerSize = 8;
const finFlag = 1;
const initialWindowSetting = 7;
const controlFrameLimit = 64 * 1024;
const idMask = 0x7fff_ffff;

function control(type: number, flags: number, numbers: readonly number[], rest: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = numbers.length * 4 + rest.length;
  const frame = new Uint8Array(headerSize + length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, (0x8000_0000 | (version << 16) | type) >>> 0);
  view.setUint32(4, ((flags << 24) | length) >>> 0);
  numbers.forEach((number, index) => view.setUint32(headerSize + index * 4, number >>> 0));
  frame.set(rest, headerSize + numbers.length * 4);
  return frame;
}

/** Data is at most 2^24-1 bytes. */
export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.type) {
    case 'data': {
      const bytes = new Uint8Array(headerSize + frame.data.length);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, frame.stream & idMask);
      view.setUint32(4, (((frame.fin ? finFlag : 0) << 24) | frame.data.length) >>> 0);
      bytes.set(frame.data, headerSize);
      return bytes;
    }
    case 'synStream': {
      // The stream that it belongs to, then two bytes of priority and slot: all zero.
      const rest = new Uint8Array(2 + frame.block.length);
      rest.set(frame.block, 2);
      return control(types.synStream, frame.fin ? finFlag : 0, [frame.stream, 0], rest);
    }
    case 'synReply':
      return control(types.synReply, frame.fin ? finFlag : 0, [frame.stream], frame.block);
    case 'headers':
      return control(types.headers, frame.fin ? finFlag : 0, [frame.stream], frame.block);
    case 'reset':
      return control(types.reset, 0, [frame.stream, frame.status]);
    case 'settings':
      return frame.initialWindow === undefined ? control(types.settings, 0, [0]) : control(types.settings, 0, [1, initialWindowSetting, frame.initialWindow]);
    case 'ping':
      return control(types.ping, 0, [frame.id]);
    case 'goAway':
      return control(types.goAway, 0, [frame.lastStream, frame.status]);
    case 'windowUpdate':
    default:
      return control(types.windowUpdate, 0, [frame.stream, frame.delta]);
  }
}

/** What is not SPDY/3: the connection cannot go on. */
export class SpdyProtocolError extends Error {
  override readonly name = 'SpdyProtocolError';
}

/**
 * Cuts a stream of bytes into frames, wherever the pieces end. Data comes out as it comes in, a long data frame in several
 * parts of which the last has the `fin`. Control frames of unknown types are left out, as the protocol asks.
 */
export class FrameReader {
  #pending: Uint8Array = new Uint8Array(0);
  #data: { readonly stream: number; readonly fin: boolean; left: number } | undefined;

  /** Throws `SpdyProtocolError`; nothing can be read after that. */
  *read(chunk: Uint8Array): Generator<Frame, void> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      if (this.#data !== undefined) {
        const part = this.#take(Math.min(this.#data.left, this.#pending.length));
        this.#data.left -= part.length;
        const { stream, fin, left } = this.#data;
        if (left === 0) this.#data = undefined;
        if (part.length > 0 || left === 0) yield { type: 'data', stream, data: part, fin: fin && left === 0 };
        if (left > 0) return;
        continue;
      }
      if (this.#pending.length < headerSize) return;
      const view = viewOf(this.#pending);
      const first = view.getUint32(0);
      const flags = view.getUint8(4);
      const length = view.getUint32(4) & 0xff_ffff;
      if (first < 0x8000_0000) {
        this.#take(headerSize);
        this.#data = { stream: first, fin: (flags & finFlag) !== 0, left: length };
        continue;
      }
      if (((first >>> 16) & 0x7fff) !== version) throw new SpdyProtocolError(`unsupported SPDY version ${(first >>> 16) & 0x7fff}`);
      if (length > controlFrameLimit) throw new SpdyProtocolError(`control frame of ${length} bytes is over the limit`);
      if (this.#pending.length < headerSize + length) return;
      this.#take(headerSize);
      const frame = parseControl(first & 0xffff, flags, this.#take(length));
      if (frame !== undefined) yield frame;
    }
  }

  #take(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function parseControl(type: number, flags: number, body: Uint8Array): Frame | undefined {
  const view = viewOf(body);
  const number = (index: number): number => {
    if (body.length < (index + 1) * 4) throw new SpdyProtocolError(`control frame of type ${type} is too short`);
    return view.getUint32(index * 4);
  };
  const id = (index: number): number => number(index) & idMask;
  const fin = (flags & finFlag) !== 0;
  switch (type) {
    case types.synStream:
      if (body.length < 10) throw new SpdyProtocolError('SYN_STREAM is too short');
      return { type: 'synStream', stream: id(0), block: body.subarray(10), fin };
    case types.synReply:
      return { type: 'synReply', stream: id(0), block: body.subarray(4), fin };
    case types.headers:
      return { type: 'headers', stream: id(0), block: body.subarray(4), fin };
    case types.reset:
      return { type: 'reset', stream: id(0), status: number(1) };
    case types.settings: {
      const count = Math.min(number(0), (body.length - 4) >>> 3);
      const entries = Array.from({ length: count }, (_, index) => [number(1 + index * 2) & 0xff_ffff, number(2 + index * 2)] as const);
      return { type: 'settings', initialWindow: entries.find(([setting]) => setting === initialWindowSetting)?.[1] };
    }
    case types.ping:
      return { type: 'ping', id: number(0) };
    case types.goAway:
      return { type: 'goAway', lastStream: id(0), status: body.length >= 8 ? number(1) : 0 };
    case types.windowUpdate:
      return { type: 'windowUpdate', stream: id(0), delta: id(1) };
    default:
      return undefined;
  }
}
