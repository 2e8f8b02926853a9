/** Byte streams between components (logs, exec, attach, port-forward), free of any socket or Node stream type. */

/** Read by iterating; ends when the other side has nothing more; a rejection is a broken stream. Iterating slowly slows the producer. */
export type ByteSource = AsyncIterable<Uint8Array>;

export interface ByteSink {
  /** Resolves when more may be written; rejects once the other side is gone. */
  write(chunk: Uint8Array): Promise<void>;
  /** No more will be written. */
  end(): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}
