/** The seats of one priority level: so many requests at once; others wait, each flow in its turn, or are sent away. */
import type { Clock, Disposable } from '../../platform/platform.ts';

export interface SeatLimits {
  readonly seats: number;
  /** How many requests of one flow may wait; 0 where nobody waits. */
  readonly waiting: number;
}

interface Waiter {
  sit(): void;
}

/** Milliseconds that a request waits at most: a quarter of the time that it has, as for Kubernetes. */
const longestWait = 15_000;

export class Seats {
  readonly #clock: Clock;
  #limits: SeatLimits;
  #taken = 0;
  /** In the order in which the flows have their turns. */
  readonly #flows = new Map<string, Waiter[]>();

  constructor(clock: Clock, limits: SeatLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  limit(limits: SeatLimits): void {
    this.#limits = limits;
    this.#seatWaiting();
  }

  /** Resolves with what frees the seat, to be called once; undefined where the request is to go away. */
  take(flow: string): Promise<Disposable | undefined> | Disposable | undefined {
    if (this.#taken < this.#limits.seats) return this.#seat();
    const queue = this.#flows.get(flow) ?? [];
    if (queue.length >= this.#limits.waiting) return undefined;
    this.#flows.set(flow, queue);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        sit: () => {
          timer.dispose();
          resolve(this.#seat());
        },
      };
      const timer = this.#clock.after(longestWait, () => {
        this.#leave(flow, waiter);
        resolve(undefined);
      });
      queue.push(waiter);
    });
  }

  #seat(): Disposable {
    this.#taken += 1;
    return {
      dispose: () => {
        this.#taken -= 1;
        this.#seatWaiting();
      },
    };
  }

  #seatWaiting(): void {
    while (this.#taken < this.#limits.seats) {
      const [next] = this.#flows;
      if (next === undefined) return;
      const [flow, queue] = next;
      // The flow's next one waits until every other flow had its turn.
      this.#flows.delete(flow);
      const waiter = queue.shift();
      if (queue.length > 0) this.#flows.set(flow, queue);
      waiter?.sit();
    }
  }

  #leave(flow: string, waiter: Waiter): void {
    const left = (this.#flows.get(flow) ?? []).filter((other) => other !== waiter);
    if (left.length === 0) this.#flows.delete(flow);
    else this.#flows.set(flow, left);
  }
}
