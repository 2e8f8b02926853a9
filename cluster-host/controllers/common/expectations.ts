/**
 * What a controller has asked for and its copy does not show yet.
 *
 * A copy that lags behind the controller's own writes would make it create or delete twice. So it says before each write what it
 * expects, informers strike out what arrives, and a key whose expectations are open is left alone until then.
 */
import type { Clock } from '../../platform/platform.ts';

/** A lost event must not stop a controller for ever: client-go gives it five minutes. */
const expiry = 300_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  since: number;
}

export class Expectations {
  readonly #clock: Clock;
  readonly #expected = new Map<string, Expected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  satisfied(key: string): boolean {
    const expected = this.#expected.get(key);
    if (expected === undefined) return true;
    if ((expected.creations > 0 || expected.deletions.size > 0) && this.#clock.monotonic() - expected.since < expiry) return false;
    this.#expected.delete(key);
    return true;
  }

  expectCreations(key: string, count: number): void {
    const expected = this.#of(key);
    expected.creations += count;
    expected.since = this.#clock.monotonic();
  }

  /** By `uid`, for a deletion is heard of more than once: marked, then gone. */
  expectDeletion(key: string, uid: string): void {
    const expected = this.#of(key);
    expected.deletions.add(uid);
    expected.since = this.#clock.monotonic();
  }

  /** Seen, or failed. */
  creationObserved(key: string, count = 1): void {
    const expected = this.#expected.get(key);
    if (expected !== undefined) expected.creations -= count;
  }

  deletionObserved(key: string, uid: string): void {
    this.#expected.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.#expected.delete(key);
  }

  #of(key: string): Expected {
    let expected = this.#expected.get(key);
    if (expected === undefined) this.#expected.set(key, (expected = { creations: 0, deletions: new Set(), since: 0 }));
    return expected;
  }
}
