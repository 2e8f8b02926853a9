/** When a cron job is due (kubernetes.io/docs/concepts/workloads/controllers/cron-jobs): pure. */
import { Cron } from 'croner';
import type { V1CronJob } from '../../api/generated/types.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';

/** More missed starts are not counted one by one. */
const tooMany = 100;

export interface Due {
  /** The last start that should have happened by now, in milliseconds since the epoch. */
  readonly last?: number;
  /** The next one. */
  readonly next?: number;
  readonly missed: number;
}

/** Undefined when the schedule can not be read. */
export function dueTimes({ spec, status, metadata }: V1CronJob, now: number): Due | undefined {
  let cron: Cron;
  try {
    cron = new Cron(spec?.schedule ?? '', { timezone: spec?.timeZone ?? 'UTC', paused: true });
  } catch {
    return undefined;
  }
  let from = Math.max(millisecondsOf(metadata?.creationTimestamp) ?? now, millisecondsOf(status?.lastScheduleTime) ?? 0);
  if (spec?.startingDeadlineSeconds !== undefined) from = Math.max(from, now - spec.startingDeadlineSeconds * 1000);
  let last: number | undefined;
  let missed = 0;
  for (let time = cron.nextRun(new Date(from)); time !== null && time.getTime() <= now && missed <= tooMany; time = cron.nextRun(time)) {
    last = time.getTime();
    missed += 1;
  }
  if (missed > tooMany) last = cron.previousRuns(1, new Date(now + 1000))[0]?.getTime() ?? last;
  const next = cron.nextRun(new Date(now))?.getTime();
  return { missed, ...(last === undefined ? {} : { last }), ...(next === undefined ? {} : { next }) };
}

/** The moment as RFC 3339 has it in the time zone: `2026-01-01T01:30:00+01:00`; in UTC with a `Z`. */
export function zonedTime(time: number, timeZone = 'UTC'): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offset = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length) ?? '';
  if (offset === '' || offset === '+00:00') return timestamp(time);
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  const shift = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return timestamp(time + shift).replace('Z', `${sign}${hours}:${minutes}`);
}
