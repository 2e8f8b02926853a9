/** Cuts a stream of bytes into lines: the framing of an HTTP watch. */

/** No object is near this size; a longer line means that the other side is no API server. */
const maximumLineBytes = 64 * 1024 * 1024;

export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Throws when a line grows beyond the limit. Empty lines are left out. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      this.flush();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Hands out a last line without line end. */
  flush(): void {
    if (this.#pendingBytes > 0) {
      const line = this.#decoder.decode(this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending, this.#pendingBytes));
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#onLine(line);
    }
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > maximumLineBytes) throw new RangeError(`a line of the watch is longer than ${maximumLineBytes} bytes`);
  }
}
