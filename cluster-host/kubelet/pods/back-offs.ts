/**
 * How long to wait before something that failed is tried again: 10 s, doubled each time up to 5 minutes, forgotten after 10
 * quiet minutes (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy). Kept in memory only, as the kubelet does.
 */
const firstDelay = 10_000;
const longestDelay = 300_000;
const forgottenAfter = 2 * longestDelay;

interface Entry {
  readonly delay: number;
  readonly at: number;
}

export class BackOffs {
  readonly #entries = new Map<string, Entry>();

  /** Milliseconds that a failure at `since` bars the key; 0 when it never failed before. */
  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Notes another attempt; the next failure waits twice as long. */
  next(key: string, now: number): void {
    const entry = this.#entries.get(key);
    const fresh = entry === undefined || now - entry.at > forgottenAfter;
    this.#entries.set(key, { delay: fresh ? firstDelay : Math.min(entry.delay * 2, longestDelay), at: now });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
