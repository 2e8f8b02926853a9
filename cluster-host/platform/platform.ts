/**
 * The ports through which everything outside a component's own logic comes in: time, randomness, logging, disk.
 *
 * Invariant: outside `platform/node` and the named edges nothing reads a clock, draws a random number or touches a file by
 * itself, so that the same cluster runs live and in a seeded simulation on a virtual clock.
 */

/** Something that can be ended, once or more often, without an error. */
export interface Disposable {
  dispose(): void;
}

export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes backwards. */
  monotonic(): number;
  /** Calls `run` once, `delay` milliseconds from now (0 or less: as soon as possible), unless disposed first. Never keeps the process alive by itself. */
  after(delay: number, run: () => void): Disposable;
  /** Resolves after `delay` milliseconds, or as soon as `signal` aborts; never rejects. */
  sleep(delay: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A number in [0, 1). */
  float(): number;
  /** A random (version 4) UUID. */
  uuid(): string;
  bytes(length: number): Uint8Array;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging. A message is a constant sentence; what varies is in the fields. Secrets are never passed. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  with(fields: LogFields): Logger;
}

/** Files of the state directory. Paths are absolute. Rejections carry Node's `code` (`ENOENT`, `EROFS`, …). */
export interface Disk {
  /** The content, or undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Replaces the file as a whole: a reader sees the old or the new content, and it survives a crash once resolved. Default mode 0600. */
  write(path: string, content: Uint8Array | string, options?: { readonly mode?: number }): Promise<void>;
  /** Removes a file or a whole folder; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it. Default mode 0700. */
  makeFolder(path: string, options?: { readonly mode?: number }): Promise<void>;
  /** Names inside a folder, sorted; empty where there is none. */
  list(path: string): Promise<readonly string[]>;
}

/** What a component needs of the world; handed to constructors, never imported as a value. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly disk: Disk;
}
