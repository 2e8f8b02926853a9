/**
 * Why an object is not healthy, in one plain sentence, and what to do about it. Pure: objects and events in, a finding out.
 * Kubernetes' own words are kept where they carry the facts (names, numbers); the sentence says what they mean.
 */
import type { CoreV1Event } from '../../cluster-host/api/generated/types.ts';

export interface Finding {
  readonly sentence: string;
  /** The next thing to try. */
  readonly remedy: string;
  /** Whose fault it is, where that is not the object itself. */
  readonly pod?: { readonly namespace: string; readonly name: string; readonly container?: string };
  /** The container's last run ended badly: its last lines say more. */
  readonly crashed?: true;
}

/** The newest event of an object with one of these reasons. */
export function newest(events: readonly CoreV1Event[], reasons: readonly string[]): CoreV1Event | undefined {
  return events.filter(({ reason }) => reasons.includes(reason ?? '')).toSorted((a, b) => timeOf(b) - timeOf(a))[0];
}

/** Milliseconds; 0 where the event says nothing. */
export function timeOf({ lastTimestamp, eventTime, firstTimestamp, metadata }: CoreV1Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp ?? '') || 0;
}
