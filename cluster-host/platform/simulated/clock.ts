/**
 * A virtual clock: time moves only when the test moves it, and what is due runs in order of time, then of asking.
 *
 * Between two timers the queue of microtasks is let run empty, so that everything that follows from one timer has happened
 * before the next one fires.
 */
import type { Clock, Disposable } from '../platform.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** How long promises that are ready are given to settle before time moves on, in turns of the microtask queue. */
const settlingTurns = 100;

export class VirtualClock implements Clock {
  #now: number;
  readonly #start: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** `start`: milliseconds since the epoch. */
  constructor(start = 1_767_225_600_000) {
    this.#now = start;
    this.#start = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(delay: number, run: () => void): Disposable {
    const timer: Timer = { at: this.#now + Math.max(0, delay), order: this.#order++, run };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        timer.dispose();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.after(delay, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  /** Lets everything that is ready happen, without moving time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < settlingTurns; turn++) await Promise.resolve();
  }

  /** Moves time on by `duration` milliseconds, running each timer at its own moment. */
  async advance(duration: number): Promise<void> {
    const end = this.#now + duration;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }
}
