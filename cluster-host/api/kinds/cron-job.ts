import { fill, fillEmpty } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import { invalid, notSupported, required } from '../field-errors.ts';
import type { V1CronJob, V1CronJobSpec } from '../generated/types.ts';
import { maxLengthMessage } from '../names.ts';
import { isTimeZone, scheduleProblem } from '../validation/cron.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, requiredOneOf } from '../validation/errors.ts';
import { validateJobSpec } from '../validation/job.ts';
import { age, ageColumn, count, none, text, unset, wide } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { containerColumns, selectorText } from './workload-columns.ts';

/** The jobs get a time of eleven characters after the name. */
const maxNameLength = 52;

export const cronJob = defineKind<V1CronJob>({
  group: 'batch',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fillEmpty(spec, { concurrencyPolicy: 'Allow' });
    fill(spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
    // A job fills in its own defaults when it is made; the pods of its template are filled in here.
    setTemplateDefaults(spec.jobTemplate?.spec?.template);
  },
  generationOf: ['spec'],
  *validate({ metadata, spec }) {
    const name = metadata?.name ?? '';
    if (name.length > maxNameLength) yield invalid('metadata.name', name, maxLengthMessage(maxNameLength));
    if (spec) yield* validateSpec(spec);
  },
  *validateUpdate({ spec }) {
    if (spec) yield* validateSpec(spec);
  },
  status: {},
  warnings: ({ spec }) => templateWarnings(spec?.jobTemplate?.spec?.template, 'spec.jobTemplate.spec.template'),
  columns: [
    text('Schedule', 'When it starts jobs.', ({ spec }) => spec?.schedule ?? ''),
    text('Timezone', 'The time zone of the schedule.', ({ spec }) => spec?.timeZone ?? none),
    text('Suspend', 'Whether it rests.', ({ spec }) => (spec?.suspend === undefined ? unset : spec.suspend ? 'True' : 'False')),
    count('Active', 'How many jobs are running.', ({ status }) => status?.active?.length),
    text('Last Schedule', 'When it last started a job.', ({ status }, context) => (status?.lastScheduleTime ? age(status.lastScheduleTime, context) : none)),
    ageColumn,
    ...containerColumns<V1CronJob>(({ spec }) => spec?.jobTemplate?.spec?.template?.spec),
    wide(text('Selector', 'Which pods belong to its jobs.', ({ spec }) => selectorText(spec?.jobTemplate?.spec?.selector))),
  ],
});

function* validateSpec(spec: V1CronJobSpec): Errors {
  if (!spec.schedule) yield required('spec.schedule');
  else yield* validateSchedule(spec.schedule);
  yield* nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (spec.timeZone !== undefined) yield* validateTimeZone(spec.timeZone);
  yield* requiredOneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  yield* nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  yield* nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
  const template = spec.jobTemplate?.spec;
  if (!template) return;
  yield* validateJobSpec(template, 'spec.jobTemplate.spec');
  if (template.selector) yield invalid('spec.jobTemplate.spec.selector', template.selector, '`selector` will be auto-generated');
  if (template.manualSelector === true) yield notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']);
}

function* validateSchedule(schedule: string): Errors {
  if (schedule.includes('TZ')) yield invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) yield invalid('spec.schedule', schedule, problem);
}

function* validateTimeZone(zone: string): Errors {
  if (zone === '') yield invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string');
  else if (zone.toLowerCase() === 'local') yield invalid('spec.timeZone', zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  else if (!isTimeZone(zone)) yield invalid('spec.timeZone', zone, `unknown time zone ${zone}`);
}
