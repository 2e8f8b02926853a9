/** CronJob: makes jobs on a schedule, and clears old ones away. */
import type { V1CronJob, V1CronJobStatus, V1Job } from '../../api/generated/types.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { cronJobs, jobs } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { controllerKeys, controllerReference, ownerIndex, ownerIndexer } from '../common/owners.ts';
import { isNamespaceTerminating, textOf } from '../common/pod-control.ts';
import { dueTimes, zonedTime } from './schedule.ts';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export const cronJobController: ControllerDefinition = {
  name: 'cronjob',
  eventSource: 'cronjob-controller',
  watches: [{ resource: cronJobs }, { resource: jobs, keys: controllerKeys(cronJobs) }],
  workers: 5,
  start: (context) => {
    context.informers.informer(jobs).addIndex(ownerIndex, ownerIndexer);
    return { reconcile: (key) => reconcile(context, key) };
  },
};

async function reconcile(context: ControllerContext, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const cronJob = context.informers.informer(cronJobs).lister.get(namespace, name);
  if (cronJob === undefined || cronJob.metadata?.deletionTimestamp !== undefined) return;
  const owned = context.informers.informer(jobs).lister.byIndex(ownerIndex, cronJob.metadata?.uid ?? '');
  await removeOld(context, cronJob, owned);
  let status = statusOf(context, cronJob, owned);
  const now = context.clock.now();
  const due = dueTimes(cronJob, now);
  if (due === undefined) {
    context.events.event(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${cronJob.spec?.schedule}"`);
  } else if (due.last !== undefined && cronJob.spec?.suspend !== true) {
    if (due.missed > 100) context.events.event(cronJob, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew');
    status = await startJob(context, cronJob, owned, status, due.last);
  }
  if (!equal(cronJob.status ?? {}, status)) await context.client.resource(cronJobs, namespace).update({ ...cronJob, status }, { subresource: 'status' });
  return due?.next === undefined || cronJob.spec?.suspend === true ? undefined : { after: due.next - now + 1 };
}

function ending(job: V1Job): 'Complete' | 'Failed' | undefined {
  const found = job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  return found?.type as 'Complete' | 'Failed' | undefined;
}

/** Which jobs run, and when the last one succeeded; tells of those that ended. */
function statusOf({ events }: ControllerContext, cronJob: V1CronJob, owned: readonly V1Job[]): V1CronJobStatus {
  const { active = [], ...status } = cronJob.status ?? {};
  for (const { uid, name } of active) {
    const job = owned.find(({ metadata }) => metadata?.uid === uid);
    if (job === undefined) events.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    else if (ending(job) !== undefined) events.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${ending(job)}`);
  }
  const running = owned.filter((job) => ending(job) === undefined).toSorted(byAge);
  const successes = owned.flatMap((job) => (ending(job) === 'Complete' ? (job.status?.completionTime ?? []) : [])).toSorted();
  const lastSuccessfulTime = [status.lastSuccessfulTime ?? '', ...successes].toSorted().at(-1);
  return {
    ...status,
    ...(running.length === 0 ? {} : { active: running.map((job) => active.find(({ uid }) => uid === job.metadata?.uid) ?? referenceTo(job)) }),
    ...(lastSuccessfulTime === undefined || lastSuccessfulTime === '' ? {} : { lastSuccessfulTime }),
  };
}

async function startJob(context: ControllerContext, cronJob: V1CronJob, owned: readonly V1Job[], status: V1CronJobStatus, time: number): Promise<V1CronJobStatus> {
  const { client, events, clock } = context;
  const { namespace, name } = cronJob.metadata ?? {};
  const { startingDeadlineSeconds, concurrencyPolicy, jobTemplate } = cronJob.spec ?? {};
  if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < clock.now()) {
    events.event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${new Date(time).toUTCString().replace('GMT', '+0000')}`);
    return status;
  }
  const running = status.active ?? [];
  if (concurrencyPolicy === 'Forbid' && running.length > 0) {
    events.event(cronJob, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return status;
  }
  let active = running;
  if (concurrencyPolicy === 'Replace') {
    for (const job of owned.filter((one) => ending(one) === undefined)) await removeJob(context, cronJob, job);
    active = [];
  }
  // The minute is in the name: a start can not happen twice.
  const job: V1Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...jobTemplate?.metadata,
      name: `${name}-${Math.floor(time / 60_000)}`,
      namespace,
      annotations: { ...jobTemplate?.metadata?.annotations, [scheduledAnnotation]: zonedTime(time, cronJob.spec?.timeZone) },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    spec: jobTemplate?.spec,
  };
  try {
    const created = await client.resource(jobs, namespace).create(job);
    events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${created.metadata?.name}`);
    return { ...status, active: [...active, referenceTo(created)], lastScheduleTime: timestamp(time) };
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) return { ...status, lastScheduleTime: timestamp(time) };
    if (!isNamespaceTerminating(error)) events.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${textOf(error)}`);
    throw error;
  }
}

async function removeOld(context: ControllerContext, cronJob: V1CronJob, owned: readonly V1Job[]): Promise<void> {
  const limits = { Complete: cronJob.spec?.successfulJobsHistoryLimit, Failed: cronJob.spec?.failedJobsHistoryLimit };
  for (const type of ['Complete', 'Failed'] as const) {
    const limit = limits[type];
    const finished = owned.filter((job) => ending(job) === type && job.metadata?.deletionTimestamp === undefined).toSorted(byAge);
    if (limit !== undefined) for (const job of finished.slice(0, Math.max(0, finished.length - limit))) await removeJob(context, cronJob, job);
  }
}

async function removeJob({ client, events }: ControllerContext, cronJob: V1CronJob, { metadata }: V1Job): Promise<void> {
  try {
    await client.resource(jobs, metadata?.namespace).delete(metadata?.name ?? '', { propagationPolicy: 'Background' });
    events.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata?.name}`);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

function referenceTo({ metadata }: V1Job) {
  return { apiVersion: 'batch/v1', kind: 'Job', name: metadata?.name, namespace: metadata?.namespace, uid: metadata?.uid, resourceVersion: metadata?.resourceVersion };
}

function byAge(a: V1Job, b: V1Job): number {
  return (millisecondsOf(a.status?.startTime) ?? Number.MAX_VALUE) - (millisecondsOf(b.status?.startTime) ?? Number.MAX_VALUE);
}
