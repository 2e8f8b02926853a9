/** What an autoscaler remembers between two looks: recent recommendations, and how it scaled. Times are milliseconds since the epoch. */

export interface Remembered {
  readonly time: number;
  readonly value: number;
}

export interface History {
  /** Desired sizes, before they were limited. */
  recommendations: readonly Remembered[];
  /** By how much it grew and shrank. */
  ups: readonly Remembered[];
  downs: readonly Remembered[];
}

export function newHistory(currentReplicas: number, now: number): History {
  return { recommendations: [{ time: now, value: currentReplicas }], ups: [], downs: [] };
}

export function remember(list: readonly Remembered[], value: number, now: number, keepMilliseconds: number): readonly Remembered[] {
  return [...list.filter(({ time }) => time >= now - keepMilliseconds), { time: now, value }];
}

/** The sum over what happened within the last so many seconds. */
export function changeWithin(list: readonly Remembered[], seconds: number, now: number): number {
  return list.reduce((total, { time, value }) => (time > now - seconds * 1000 ? total + value : total), 0);
}
