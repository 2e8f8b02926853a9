/** How far a client may fall behind a watch before it is given up. It can resume where it was. */

/** Bytes. */
const mostWaiting = 16 * 1024 * 1024;

export class Backlog {
  readonly #waiting: () => number;
  #allowed = mostWaiting;

  /** `waiting`: bytes that were written and not yet taken. */
  constructor(waiting: () => number) {
    this.#waiting = waiting;
  }

  /** What a watch begins with is as large as it is: it counts from there. */
  begin(): void {
    this.#allowed = mostWaiting + this.#waiting();
  }

  get exceeded(): boolean {
    return this.#waiting() > this.#allowed;
  }
}
