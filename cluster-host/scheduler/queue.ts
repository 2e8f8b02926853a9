/**
 * Pods that wait for a node, in three places: ready to be looked at (by priority, then age), backing off after a failure, and
 * parked until something happens in the cluster that may help them.
 */
import type { Clock, Disposable } from '../platform/platform.ts';
import { Heap } from './heap.ts';
import type { ClusterEvent, Plugin } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';

/** Kubernetes' defaults: 1 s, doubled with each attempt, up to 10 s. */
const firstBackOff = 1000;
const longestBackOff = 10_000;

interface Entry {
  pod: PodInfo;
  place: 'active' | 'backOff' | 'parked' | 'away';
  attempts: number;
  /** Milliseconds, monotonic: when it may be looked at again. */
  readyAt: number;
  /** When it came into the active queue. */
  since: number;
  /** What may help it. */
  helpedBy: ReadonlySet<ClusterEvent>;
  timer?: Disposable;
}

export class SchedulingQueue implements Disposable {
  readonly #clock: Clock;
  readonly #plugins: ReadonlyMap<string, Plugin>;
  readonly #entries = new Map<string, Entry>();
  readonly #parked = new Set<Entry>();
  readonly #active = new Heap<Entry>((a, b) => a.pod.priority > b.pod.priority || (a.pod.priority === b.pod.priority && a.since < b.since));
  readonly #onReady: () => void;

  /** `onReady` is called when there is something to take. */
  constructor(clock: Clock, plugins: readonly Plugin[], onReady: () => void) {
    this.#clock = clock;
    this.#plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]));
    this.#onReady = onReady;
  }

  /** A pod that is new, or changed in a way that may help itself. */
  put(pod: PodInfo): void {
    const entry = this.#entries.get(pod.uid);
    if (entry === undefined) {
      const fresh: Entry = { pod, place: 'away', attempts: 0, readyAt: 0, since: 0, helpedBy: new Set() };
      this.#entries.set(pod.uid, fresh);
      this.#activate(fresh);
      return;
    }
    const changed = entry.place === 'parked' && whatPluginsRead(entry.pod) !== whatPluginsRead(pod);
    entry.pod = pod;
    if (changed) this.#wake(entry);
  }

  remove(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    entry.timer?.dispose();
    entry.place = 'away';
    this.#parked.delete(entry);
    this.#entries.delete(uid);
  }

  /** The next pod to look at; it stays known until `remove`, `park` or `retry`. */
  take(): PodInfo | undefined {
    for (let entry = this.#active.pop(); entry !== undefined; entry = this.#active.pop()) {
      if (entry.place !== 'active') continue;
      entry.place = 'away';
      entry.attempts += 1;
      return entry.pod;
    }
    return undefined;
  }

  /** No node will do until something changes for one of the plugins that refused; where none did, there was no node. */
  park(uid: string, refusing: ReadonlySet<string>): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    entry.place = 'parked';
    this.#parked.add(entry);
    entry.readyAt = this.#clock.monotonic() + this.#backOff(entry);
    entry.helpedBy = new Set(refusing.size === 0 ? ['nodeAdded'] : [...refusing].flatMap((name) => this.#plugins.get(name)?.helpedBy ?? []));
  }

  /** Something failed that has nothing to do with the pod: again after its back-off. */
  retry(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    entry.readyAt = this.#clock.monotonic() + this.#backOff(entry);
    this.#wake(entry);
  }

  happened(event: ClusterEvent): void {
    for (const entry of this.#parked) if (entry.helpedBy.has(event)) this.#wake(entry);
  }

  dispose(): void {
    for (const { timer } of this.#entries.values()) timer?.dispose();
    this.#entries.clear();
    this.#parked.clear();
  }

  #wake(entry: Entry): void {
    this.#parked.delete(entry);
    const wait = entry.readyAt - this.#clock.monotonic();
    if (wait <= 0) {
      this.#activate(entry);
      return;
    }
    entry.place = 'backOff';
    entry.timer = this.#clock.after(wait, () => {
      if (entry.place === 'backOff') this.#activate(entry);
    });
  }

  #activate(entry: Entry): void {
    entry.place = 'active';
    entry.since = this.#clock.monotonic();
    this.#active.push(entry);
    this.#onReady();
  }

  #backOff({ attempts }: Entry): number {
    return Math.min(longestBackOff, firstBackOff * 2 ** Math.max(0, attempts - 1));
  }
}

/** What of a waiting pod may make it fit where it did not: not what the scheduler itself writes into its status. */
function whatPluginsRead({ pod, labels }: PodInfo): string {
  return JSON.stringify([pod.spec, labels]);
}
