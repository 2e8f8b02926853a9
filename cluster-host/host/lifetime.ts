/** When a host ends by itself: its last window is gone, nobody asked to keep it, and the grace time is over. */
import type { Clock, Disposable } from '../platform/platform.ts';

export interface LifetimeOptions {
  readonly clock: Clock;
  readonly keep: boolean;
  /** Milliseconds for the first window to come. */
  readonly firstGrace: number;
  /** Milliseconds after the last window went; a reload of a window takes less. */
  readonly grace: number;
  readonly end: () => void;
}

export class Lifetime {
  readonly #options: LifetimeOptions;
  #keep: boolean;
  #windows = 0;
  #hadWindow = false;
  #ending: Disposable | undefined;

  constructor(options: LifetimeOptions) {
    this.#options = options;
    this.#keep = options.keep;
    // A host that was started for a window which never comes ends as well.
    this.#decide();
  }

  get keep(): boolean {
    return this.#keep;
  }

  setKeep(keep: boolean): void {
    this.#keep = keep;
    this.#decide();
  }

  setWindows(count: number): void {
    this.#windows = count;
    this.#hadWindow ||= count > 0;
    this.#decide();
  }

  #decide(): void {
    const unwanted = this.#windows === 0 && !this.#keep;
    if (!unwanted) {
      this.#ending?.dispose();
      this.#ending = undefined;
    } else {
      const { clock, grace, firstGrace, end } = this.#options;
      this.#ending ??= clock.after(this.#hadWindow ? grace : firstGrace, () => end());
    }
  }
}
