/** Exponential back-off with jitter, as data: how long to wait before the next attempt. */
import type { Random } from '../platform/platform.ts';

export interface BackOffLimits {
  /** Milliseconds. */
  readonly initial: number;
  readonly maximum: number;
  /** Up to this share of the delay is added at random. */
  readonly jitter: number;
}

export class BackOff {
  readonly #limits: BackOffLimits;
  readonly #random: Random;
  #attempts = 0;

  constructor(limits: BackOffLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Milliseconds to wait now; each call doubles the next one. */
  next(): number {
    const delay = Math.min(this.#limits.maximum, this.#limits.initial * 2 ** this.#attempts);
    this.#attempts += 1;
    return delay * (1 + this.#limits.jitter * this.#random.float());
  }

  reset(): void {
    this.#attempts = 0;
  }
}
