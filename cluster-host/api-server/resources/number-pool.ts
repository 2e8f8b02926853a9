/** Hands out numbers of a range, each once: cluster addresses and node ports. */
import type { Random } from '../../platform/platform.ts';

export class NumberPool {
  readonly #first: number;
  readonly #last: number;
  /** Numbers below this one are only handed out by choice or when the rest is gone, so that users can pick fixed ones (KEP-3070). */
  readonly #dynamicFrom: number;
  readonly #taken = new Set<number>();
  readonly #random: Random;

  constructor(first: number, last: number, random: Random) {
    this.#first = first;
    this.#last = last;
    this.#random = random;
    const size = last - first + 1;
    this.#dynamicFrom = first + Math.min(256, Math.max(16, Math.floor(size / 16)));
    if (this.#dynamicFrom > last) this.#dynamicFrom = first;
  }

  get free(): number {
    return this.#last - this.#first + 1 - this.#taken.size;
  }

  contains(value: number): boolean {
    return value >= this.#first && value <= this.#last;
  }

  has(value: number): boolean {
    return this.#taken.has(value);
  }

  /** False where it is taken or out of range. */
  take(value: number): boolean {
    if (!this.contains(value) || this.#taken.has(value)) return false;
    this.#taken.add(value);
    return true;
  }

  release(value: number): void {
    this.#taken.delete(value);
  }

  /** A free number; undefined where none is left. */
  takeAny(): number | undefined {
    return this.#takeBetween(this.#dynamicFrom, this.#last) ?? this.#takeBetween(this.#first, this.#dynamicFrom - 1);
  }

  #takeBetween(low: number, high: number): number | undefined {
    const size = high - low + 1;
    if (size <= 0) return undefined;
    const start = Math.floor(this.#random.float() * size);
    for (let step = 0; step < size; step++) {
      const value = low + ((start + step) % size);
      if (this.take(value)) return value;
    }
    return undefined;
  }
}
