/** Steps of one pod that take time, each under a key that runs once at a time. */
import type { Clock, Logger } from '../../platform/platform.ts';

/** Some steps are what an ending waits for: one that failed is not repeated without a pause. */
const retryAfter = 2_000;

export interface TaskSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  /** How messages call the pod. */
  readonly pod: () => string;
  /** Aborted when nobody is interested any more. */
  readonly signal: AbortSignal;
  /** A step ended, well or not. */
  ended(): void;
}

export class Tasks {
  readonly #surroundings: TaskSurroundings;
  readonly #running = new Map<string, Promise<void>>();

  constructor(surroundings: TaskSurroundings) {
    this.#surroundings = surroundings;
  }

  get size(): number {
    return this.#running.size;
  }

  has(key: string): boolean {
    return this.#running.has(key);
  }

  /** Begins the step unless it is under way. */
  run(key: string, work: () => Promise<void>): void {
    if (!this.#running.has(key)) this.#running.set(key, this.#carryOut(key, work));
  }

  /** Resolves when everything that runs now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  async #carryOut(key: string, work: () => Promise<void>): Promise<void> {
    const { clock, log, pod, signal } = this.#surroundings;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      log.warn('a step of a pod failed', { pod: pod(), step: key, error });
      await clock.sleep(retryAfter, signal);
    } finally {
      this.#running.delete(key);
      this.#surroundings.ended();
    }
  }
}
