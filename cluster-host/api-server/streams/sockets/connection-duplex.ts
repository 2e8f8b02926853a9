/** A connection that a node opened, as a stream that Node's own HTTP and TLS can use. */
import { Duplex } from 'node:stream';
import type { ByteSink, ByteSource } from '../../../platform/streams.ts';

export class ConnectionDuplex extends Duplex {
  readonly #sink: ByteSink;
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(connection: { readonly input: ByteSink; readonly output: ByteSource }) {
    super();
    this.#sink = connection.input;
    this.#source = connection.output[Symbol.asyncIterator]();
  }

  override _read(): void {
    void this.#receive();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    void this.#send(chunk, done);
  }

  override _final(done: () => void): void {
    this.#sink.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sink.end();
    void this.#leave();
    done(error);
  }

  async #receive(): Promise<void> {
    try {
      const { done, value } = await this.#source.next();
      this.push(done === true ? null : value);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  async #send(chunk: Uint8Array, done: (error?: Error) => void): Promise<void> {
    try {
      await this.#sink.write(chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  async #leave(): Promise<void> {
    try {
      await this.#source.return?.();
    } catch {
      // It was broken already.
    }
  }
}
