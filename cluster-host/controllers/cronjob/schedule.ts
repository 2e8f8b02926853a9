/** When a cron job is due (kubernetes.io/docs/concepts/workloads/controllers/cron-jobs): pure. */
import { Cron } from 'croner';
import type { V1CronJob } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';

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
