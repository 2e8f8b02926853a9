/**
 * A byte stream between one who pushes and one who iterates.
 *
 * `push` resolves when the reader has caught up to within the limit, so a producer that waits for it never runs ahead. After
 * the reader has left, pushes are dropped: nobody wants them.
 */
import type { ByteSource } from '../../platform/streams.ts';

const defaultLimit = 256 * 1024;

export class ByteQueue implements ByteSource {
  readonly #limit: number;
  readonly #onRead: (bytes: number) => void;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #left = false;
  #error: Error | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  /** `limit`: bytes that may wait. `onRead` is told how many bytes the reader took. */
  constructor(options: { readonly limit?: number; readonly onRead?: (bytes: number) => void } = {}) {
    this.#limit = options.limit ?? defaultLimit;
    this.#onRead = options.onRead ?? (() => undefined);
  }

  /** Whether what waits is beyond the limit. */
  get full(): boolean {
    return this.#size > this.#limit && !this.#left;
  }

  push(chunk: Uint8Array): Promise<void> {
    if (this.#ended || this.#left) return Promise.resolve();
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wakeReader?.();
    return this.full ? new Promise((resolve) => this.#wakeWriters.push(resolve)) : Promise.resolve();
  }

  /** Nothing more follows; what waits is still delivered. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
    this.#releaseWriters();
  }

  /** The stream broke: the reader gets what waits, then the error. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#error = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#size -= chunk.length;
          this.#onRead(chunk.length);
          if (!this.full) this.#releaseWriters();
          yield chunk;
        } else if (this.#ended) {
          if (this.#error !== undefined) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wakeReader = resolve));
          this.#wakeReader = undefined;
        }
      }
    } finally {
      this.#left = true;
      this.#chunks = [];
      this.#size = 0;
      this.#releaseWriters();
    }
  }

  #releaseWriters(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}
