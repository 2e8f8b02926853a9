/** Decides what becomes of an event: a new object, a higher count of one that is there, or nothing. */
import type { V1ObjectReference } from '../api/generated/types.ts';
import type { Clock } from '../platform/platform.ts';
import { RecentMap } from './recent-map.ts';

export interface CorrelatedEvent {
  readonly source: { readonly component: string; readonly host?: string };
  readonly involvedObject: V1ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

export interface EventDecision {
  readonly message: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  /** Of the Event object to update; undefined when it is to be made. */
  readonly name: string | undefined;
  /** Makes the new object's name unique. */
  readonly suffix: string;
  /** Says under which name the event was made. */
  written(name: string): void;
}

interface Seen {
  count: number;
  firstSeen: number;
  lastSeen: number;
  name: string | undefined;
}

/** client-go's defaults. */
const remembered = 4096;
const similarEvents = 10;
const similarWithin = 600_000;
const repeatsWithin = 3_600_000;
const burst = 25;
const refillInterval = 300_000;

export class EventCorrelator {
  readonly #clock: Clock;
  readonly #budgets = new RecentMap<string, { tokens: number; at: number }>(remembered);
  readonly #similar = new RecentMap<string, { messages: Set<string>; lastSeen: number }>(remembered);
  readonly #seen = new RecentMap<string, Seen>(remembered);
  #lastSuffix = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined when the object has used up its budget of events. */
  decide(event: CorrelatedEvent): EventDecision | undefined {
    const now = this.#clock.now();
    const { source, involvedObject: about } = event;
    const object = [source.component, source.host, about.kind, about.namespace, about.name, about.uid, about.apiVersion].join('|');
    if (!this.#spend(object, now)) return undefined;

    const group = [object, about.fieldPath, event.type, event.reason].join('|');
    const combined = this.#isOneOfMany(group, event.message, now);
    const key = combined ? group : `${group}|${event.message}`;
    const known = this.#seen.get(key);
    const seen = known !== undefined && now - known.lastSeen <= repeatsWithin ? known : { count: 0, firstSeen: now, lastSeen: now, name: undefined };
    seen.count += 1;
    seen.lastSeen = now;
    this.#seen.set(key, seen);
    return {
      message: combined ? `(combined from similar events): ${event.message}` : event.message,
      count: seen.count,
      firstSeen: seen.firstSeen,
      // The name of an event still being written is known by the time that this one's turn comes.
      get name() {
        return seen.name;
      },
      suffix: this.#nextSuffix(now),
      written: (name) => {
        seen.name = name;
      },
    };
  }

  /** A bucket of tokens an object and source: 25 at once, then one every five minutes. */
  #spend(object: string, now: number): boolean {
    const budget = this.#budgets.get(object) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, budget.tokens + (now - budget.at) / refillInterval);
    this.#budgets.set(object, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  #isOneOfMany(group: string, message: string, now: number): boolean {
    const known = this.#similar.get(group);
    const similar = known !== undefined && now - known.lastSeen <= similarWithin ? known : { messages: new Set<string>(), lastSeen: now };
    similar.lastSeen = now;
    this.#similar.set(group, similar);
    similar.messages.add(message);
    if (similar.messages.size < similarEvents) return false;
    const [oldest = ''] = similar.messages;
    similar.messages.delete(oldest);
    return true;
  }

  /** Nanoseconds in hexadecimal, as client-go names events; never the same twice. */
  #nextSuffix(now: number): string {
    const suffix = BigInt(Math.trunc(now)) * 1_000_000n;
    this.#lastSuffix = suffix > this.#lastSuffix ? suffix : this.#lastSuffix + 1n;
    return this.#lastSuffix.toString(16);
  }
}
