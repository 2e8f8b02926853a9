/**
 * The queue of keys behind a controller.
 *
 * Invariants (those of client-go's work queue): a key stands in the queue once, however often it is added; a key is never
 * worked on twice at once: added while under way, it is queued again when that is done.
 */
import type { Clock, Disposable } from '../platform/platform.ts';

/** client-go's per-item limits: 5 ms, doubled with each failure, up to 1000 s. */
const firstRetry = 5;
const lastRetry = 1_000_000;

export class WorkQueue implements Disposable {
  readonly #clock: Clock;
  readonly #queue = new Set<string>();
  readonly #processing = new Set<string>();
  /** Added while under way. */
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new Map<string, { readonly due: number; readonly timer: Disposable }>();
  readonly #waiting: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keys that wait for a worker. */
  get length(): number {
    return this.#queue.size + this.#again.size;
  }

  add(key: string): void {
    if (this.#closed || this.#queue.has(key)) return;
    if (this.#processing.has(key)) {
      this.#again.add(key);
      return;
    }
    const worker = this.#waiting.shift();
    if (worker === undefined) {
      this.#queue.add(key);
    } else {
      this.#processing.add(key);
      worker(key);
    }
  }

  /** Adds the key after so many milliseconds; of several delays the earliest counts. */
  addAfter(key: string, delay: number): void {
    if (this.#closed) return;
    const due = this.#clock.monotonic() + Math.max(0, delay);
    const pending = this.#delayed.get(key);
    if (pending !== undefined && pending.due <= due) return;
    pending?.timer.dispose();
    const timer = this.#clock.after(delay, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, timer });
  }

  /** Adds the key after its back-off, which grows until `forget`. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(lastRetry, firstRetry * 2 ** failures));
  }

  /** How often the key failed since it was last forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, as soon as there is one; undefined once the queue is disposed. Whoever takes a key says `done`. */
  async take(): Promise<string | undefined> {
    if (this.#closed) return undefined;
    for (const key of this.#queue) {
      this.#queue.delete(key);
      this.#processing.add(key);
      return key;
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  dispose(): void {
    this.#closed = true;
    this.#queue.clear();
    this.#again.clear();
    for (const { timer } of this.#delayed.values()) timer.dispose();
    this.#delayed.clear();
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }
}
