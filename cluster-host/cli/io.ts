/** What a command sees of the terminal; a test hands in its own. */
import type { Platform } from '../platform/platform.ts';

export interface Io {
  /** Results: what another program may read. */
  out(text: string): void;
  /** Progress and errors: what a person reads. */
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  readonly platform: Platform;
  /** Aborts at Ctrl-C or a request to end. */
  readonly signal: AbortSignal;
}

export interface Command {
  /** Lines under "Options". */
  readonly options: readonly string[];
  /** Resolves with the exit code. Throws UsageError for a call that cannot be taken. */
  run(argv: readonly string[], io: Io): Promise<number>;
}

/** The call's words are off: its message and a hint at --help are shown, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
