/**
 * The server's side of a SPDY/3.1 connection, as kubectl and client-go speak it: the client opens streams, each is answered,
 * data flows both ways, either side ends its half.
 *
 * Flow control: what the reader of a stream takes is given back to the client with WINDOW_UPDATE. The client's own windows
 * are kept from the moment that it shows that it has some (SETTINGS or WINDOW_UPDATE): the SPDY library of Kubernetes' clients
 * never sends either and would wait forever. For those, the connection itself is what slows a sender down.
 */
import type { ByteSink, ByteSource } from '../../../platform/streams.ts';
import { ByteQueue } from '../byte-queue.ts';
import { encodeFrame, FrameReader, resetStatus, SpdyProtocolError, type Frame } from './frames.ts';
import { decodeHeaders, encodeHeaders, type HeaderCompression, type SpdyHeaders } from './headers.ts';

const defaultWindow = 64 * 1024;
const updateAfter = defaultWindow / 2;
const dataFrameSize = 32 * 1024;
const streamLimit = 1024;

/** A connection that carries SPDY: a socket, or a WebSocket's messages. */
export interface ByteConnection {
  readonly input: ByteSource;
  readonly output: ByteSink;
}

export class SpdyStream implements ByteSink {
  readonly id: number;
  readonly headers: SpdyHeaders;
  /** What the client sends; ends when it ends its half or resets the stream. */
  readonly input: ByteQueue;
  /** Aborts when the client resets the stream, or the connection is gone. */
  readonly signal: AbortSignal;
  readonly #session: SpdySession;
  readonly #abort = new AbortController();
  #unreported = 0;
  #window: number;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(session: SpdySession, id: number, headers: SpdyHeaders, window: number) {
    this.#session = session;
    this.id = id;
    this.headers = headers;
    this.#window = window;
    this.signal = this.#abort.signal;
    this.input = new ByteQueue({ onRead: (bytes) => this.#consumed(bytes) });
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.length; ) {
      const room = await this.#room();
      const part = chunk.subarray(offset, offset + Math.min(room, dataFrameSize));
      offset += part.length;
      this.#window -= part.length;
      this.#session.spend(part.length);
      await this.#session.send({ type: 'data', stream: this.id, data: part, fin: false });
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#session.send({ type: 'data', stream: this.id, data: new Uint8Array(0), fin: true }).catch(() => undefined);
  }

  /** Refuses the stream, or gives it up. */
  reset(status: number = resetStatus.cancel): void {
    void this.#session.send({ type: 'reset', stream: this.id, status }).catch(() => undefined);
    this.gone();
  }

  /** The client gave the stream up, or the connection is gone. For the session. */
  gone(): void {
    this.#ended = true;
    this.#abort.abort();
    this.input.end();
    this.windowChanged(0);
  }

  /** For the session: the client has room for more, or for less. */
  windowChanged(delta: number): void {
    this.#window += delta;
    this.#wake?.();
  }

  async #room(): Promise<number> {
    for (;;) {
      if (this.#ended) throw new Error(`stream ${this.id} is closed`);
      const room = this.#session.keepsWindows ? Math.min(this.#window, this.#session.window) : dataFrameSize;
      if (room > 0) return room;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #consumed(bytes: number): void {
    this.#unreported += bytes;
    if (this.#unreported < updateAfter) return;
    this.#session.giveBack(this.id, this.#unreported);
    this.#unreported = 0;
  }
}

export class SpdySession {
  readonly #connection: ByteConnection;
  readonly #compression: HeaderCompression;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, SpdyStream>();
  #initialWindow = defaultWindow;
  #window = defaultWindow;
  #keepsWindows = false;
  #lastStream = 0;
  #closed = false;
  #sending: Promise<void> = Promise.resolve();

  /** `onStream` is called for each stream that the client opens, after it was answered; it may `reset` it. */
  constructor(connection: ByteConnection, compression: HeaderCompression, onStream: (stream: SpdyStream) => void) {
    this.#connection = connection;
    this.#compression = compression;
    this.#onStream = onStream;
  }

  /** Whether the client has flow-control windows of its own. */
  get keepsWindows(): boolean {
    return this.#keepsWindows;
  }

  /** Bytes that the client can take over all streams. */
  get window(): number {
    return this.#window;
  }

  /** Reads until the connection ends. Rejects when it broke, or the client does not speak SPDY/3. */
  async run(): Promise<void> {
    const reader = new FrameReader();
    try {
      for await (const chunk of this.#connection.input) {
        for (const frame of reader.read(chunk)) await this.#handle(frame);
        if (this.#closed) return;
      }
    } finally {
      this.#closed = true;
      for (const stream of this.#streams.values()) stream.gone();
      this.#streams.clear();
      this.#compression.close();
    }
  }

  /** Sends what is under way, says goodbye and ends the connection. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.send({ type: 'goAway', lastStream: this.#lastStream, status: 0 }).catch(() => undefined);
    this.#closed = true;
    this.#connection.output.end();
  }

  /** Lets go of a stream that is over: what still comes for it is dropped. */
  forget(stream: SpdyStream): void {
    this.#streams.delete(stream.id);
  }

  send(frame: Frame): Promise<void> {
    return this.#write(() => encodeFrame(frame));
  }

  spend(bytes: number): void {
    this.#window -= bytes;
  }

  giveBack(stream: number, delta: number): void {
    void this.send({ type: 'windowUpdate', stream, delta }).catch(() => undefined);
    if (this.#keepsWindows) void this.send({ type: 'windowUpdate', stream: 0, delta }).catch(() => undefined);
  }

  /** Writes in order, also where making the bytes takes time. */
  #write(make: () => Uint8Array | Promise<Uint8Array>): Promise<void> {
    const written = this.#sending.then(async () => {
      if (this.#closed) throw new Error('connection is closed');
      await this.#connection.output.write(await make());
    });
    this.#sending = written.catch(() => undefined);
    return written;
  }

  async #handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'synStream':
        return await this.#open(frame.stream, frame.block, frame.fin);
      case 'data': {
        const stream = this.#streams.get(frame.stream);
        if (frame.data.length > 0) await stream?.input.push(frame.data);
        if (frame.fin) stream?.input.end();
        return undefined;
      }
      case 'reset': {
        const stream = this.#streams.get(frame.stream);
        this.#streams.delete(frame.stream);
        return stream?.gone();
      }
      case 'headers':
      case 'synReply':
        // The server opens no streams and expects no trailers; the block is read, for the state of the compression.
        return void (await this.#compression.decompress(frame.block));
      case 'settings':
        this.#keepsWindows = true;
        if (frame.initialWindow !== undefined) this.#resize(frame.initialWindow);
        return undefined;
      case 'windowUpdate':
        return this.#widen(frame.stream, frame.delta);
      case 'ping':
        // Even numbers are answers to pings of the server, which sends none.
        return frame.id % 2 === 1 ? await this.send(frame) : undefined;
      case 'goAway':
        return undefined;
    }
  }

  async #open(id: number, block: Uint8Array, fin: boolean): Promise<void> {
    const headers = decodeHeaders(await this.#compression.decompress(block));
    if (id % 2 === 0 || id <= this.#lastStream) throw new SpdyProtocolError(`invalid stream id ${id}`);
    this.#lastStream = id;
    if (this.#streams.size >= streamLimit) return await this.send({ type: 'reset', stream: id, status: resetStatus.refusedStream });
    const stream = new SpdyStream(this, id, headers, this.#initialWindow);
    this.#streams.set(id, stream);
    if (fin) stream.input.end();
    await this.#write(async () => encodeFrame({ type: 'synReply', stream: id, block: await this.#compression.compress(encodeHeaders(new Map())), fin: false }));
    this.#onStream(stream);
    return undefined;
  }

  #resize(initialWindow: number): void {
    const delta = initialWindow - this.#initialWindow;
    this.#initialWindow = initialWindow;
    for (const stream of this.#streams.values()) stream.windowChanged(delta);
  }

  #widen(id: number, delta: number): void {
    this.#keepsWindows = true;
    if (id !== 0) return this.#streams.get(id)?.windowChanged(delta);
    this.#window += delta;
    for (const stream of this.#streams.values()) stream.windowChanged(0);
    return undefined;
  }
}
