/** Job: pods that run to an end, as many as are to succeed. */
import type { V1Job, V1JobStatus, V1Pod } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { validSelectorOf } from '../../api/selectors/label-selector.ts';
import { timestamp } from '../../api/time.ts';
import type { ControllerContext, ControllerDefinition, KeysOf, ReconcileResult } from '../../client/controller.ts';
import { jobs, pods } from '../../client/resources.ts';
import { applyClaims, claimKeys, planClaims } from '../common/claims.ts';
import { withCondition } from '../common/conditions.ts';
import { equal } from '../common/equal.ts';
import { isCurrent } from '../common/is-current.ts';
import { controllerKeys, controllerOf } from '../common/owners.ts';
import { podOf, PodControl } from '../common/pod-control.ts';
import { isActive, isFinished, isReady } from '../common/pods.ts';
import { formatIndexes } from './indexes.ts';
import { indexFailures, isFinishedJob, planJob, verdictConditions, type JobPlan } from './plan.ts';
import { indexAnnotation, indexFailuresAnnotation, isIndexed, isTracked, trackingFinalizer } from './pods.ts';
import { ReleasedPods } from './released-pods.ts';

const jobIndex = 'job';

const jobKeys = claimKeys(jobs, ({ spec }) => validSelectorOf(spec?.selector));

/** A tracked pod whom nobody controls any more is looked after by itself, under a key of three parts. */
const podKeys: KeysOf<V1Pod> = (pod, old, informers) => {
  const keys = jobKeys(pod, old, informers);
  return controllerOf(pod) === undefined && isTracked(pod) ? [...keys, `pod/${keyOf(pod)}`] : keys;
};

export const jobController: ControllerDefinition = {
  name: 'job',
  eventSource: 'job-controller',
  watches: [{ resource: jobs }, { resource: pods, keys: podKeys }],
  workers: 5,
  start: (context) => {
    const control = new PodControl(context, jobs);
    const released = new ReleasedPods(context);
    context.informers.informer(pods).addIndex(jobIndex, (pod) => controllerKeys(jobs)(pod, undefined, context.informers));
    return { reconcile: (key) => reconcile(context, control, released, key) };
  },
};

async function reconcile(context: ControllerContext, control: PodControl, released: ReleasedPods, key: string): Promise<ReconcileResult | void> {
  if (key.startsWith('pod/')) return releaseLost(context, released, key.slice('pod/'.length));
  const [namespace = '', name = ''] = key.split('/');
  const job = context.informers.informer(jobs).lister.get(namespace, name);
  await releaseOrphans(context, released, key, job);
  if (job === undefined) {
    control.expectations.forget(key);
    return;
  }
  if (job.spec?.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller') return;
  const settled = control.expectations.satisfied(key);
  const claimed = await applyClaims(context.client, jobs, job, pods, planClaims(job, validSelectorOf(job.spec?.selector), control.candidates(job)), [trackingFinalizer]);
  const owned = claimed.map((pod) => released.asItIs(pod));
  if (isFinishedJob(job)) {
    for (const pod of owned) await released.release(pod);
    return;
  }
  const plan = planJob(job, owned, context.clock.now());
  if (plan.create.length + plan.delete.length > 0 && !(await isCurrent(context.client, jobs, job))) return;
  let failure: unknown;
  if (settled && job.metadata?.deletionTimestamp === undefined) {
    failure = await control.delete(job, plan.delete);
    const indexes = [...plan.create];
    failure ??= await control.create(job, indexes.length, () => jobPod(job, owned, indexes.shift()));
  }
  await count(context, released, job, owned, plan);
  if (failure !== undefined) throw failure;
  return plan.after === undefined ? undefined : { after: plan.after };
}

/** Notes what ended, lets those pods go, then counts them: a crash in between counts nothing twice. */
async function count(context: ControllerContext, released: ReleasedPods, job: V1Job, owned: readonly V1Pod[], plan: JobPlan): Promise<void> {
  const resource = context.client.resource(jobs, job.metadata?.namespace);
  const uids = (some: readonly V1Pod[]): string[] => some.map(({ metadata }) => metadata?.uid ?? '');
  const before = job.status?.uncountedTerminatedPods ?? {};
  const noted = { succeeded: [...(before.succeeded ?? []), ...(isIndexed(job) ? [] : uids(plan.succeeded))], failed: [...(before.failed ?? []), ...uids(plan.failed)] };
  let current = job;
  const write = async (status: V1JobStatus): Promise<void> => {
    if (!equal(current.status, status)) current = await resource.update({ ...current, status }, { subresource: 'status' });
  };
  const status = progressOf(context, job, owned, plan);
  const ended = plan.succeeded.length + plan.failed.length + plan.ignored.length > 0;
  if (ended || noted.succeeded.length + noted.failed.length > 0) {
    await write({ ...status, uncountedTerminatedPods: withoutEmpty(noted) });
    const gone = new Set([...noted.succeeded, ...noted.failed]);
    const done = owned.filter((pod) => gone.has(pod.metadata?.uid ?? '') || plan.ignored.includes(pod) || plan.succeeded.includes(pod));
    for (const pod of done) await released.release(pod);
  }
  const succeeded = isIndexed(job) ? plan.completedIndexes.size : (job.status?.succeeded ?? 0) + noted.succeeded.length;
  const failed = (job.status?.failed ?? 0) + noted.failed.length;
  const final: V1JobStatus = { ...status, uncountedTerminatedPods: {}, ...(succeeded > 0 ? { succeeded } : {}), ...(failed > 0 ? { failed } : {}) };
  await write(plan.verdict === undefined ? final : concluded(context, current, owned, plan, final));
  tell(context, job, current);
}

function progressOf({ clock }: ControllerContext, job: V1Job, owned: readonly V1Pod[], plan: JobPlan): V1JobStatus {
  const now = timestamp(clock.now());
  const { startTime: started, active: _active, ...known } = job.status ?? {};
  const suspended = job.spec?.suspend === true;
  const startTime = suspended ? undefined : (started ?? now);
  const active = owned.filter(isActive);
  const was = known.conditions?.find(({ type }) => type === 'Suspended')?.status === 'True';
  const condition = suspended
    ? { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
    : { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' };
  const conditions = suspended !== was ? withCondition(known.conditions, { ...condition, lastProbeTime: now, lastTransitionTime: now }) : known.conditions;
  const count = active.length + (plan.verdict === undefined ? plan.create.length : 0) - plan.delete.length;
  return {
    ...known,
    ...(startTime === undefined ? {} : { startTime }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(count > 0 ? { active: count } : {}),
    ready: active.filter(isReady).length,
    terminating: owned.filter((pod) => pod.metadata?.deletionTimestamp !== undefined && !isFinished(pod)).length,
    ...(isIndexed(job) && plan.completedIndexes.size > 0 ? { completedIndexes: formatIndexes(plan.completedIndexes) } : {}),
    ...(job.spec?.backoffLimitPerIndex === undefined ? {} : { failedIndexes: formatIndexes(plan.failedIndexes) }),
  };
}

function concluded({ clock }: ControllerContext, job: V1Job, owned: readonly V1Pod[], { verdict }: JobPlan, status: V1JobStatus): V1JobStatus {
  if (verdict === undefined) return status;
  const now = timestamp(clock.now());
  const isOver = owned.every(isFinished);
  const { completionTime = isOver && verdict.type === 'Complete' ? now : undefined } = job.status ?? {};
  return { ...status, conditions: verdictConditions(status.conditions, verdict, isOver, now), ...(completionTime === undefined ? {} : { completionTime }) };
}

function tell({ events }: ControllerContext, before: V1Job, after: V1Job): void {
  const isTrue = (job: V1Job, type: string) => job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
  const [suspended, was] = [isTrue(after, 'Suspended'), isTrue(before, 'Suspended')];
  if (suspended !== undefined && was === undefined) events.event(before, 'Normal', 'Suspended', 'Job suspended');
  if (suspended === undefined && was !== undefined) events.event(before, 'Normal', 'Resumed', 'Job resumed');
  const failed = isTrue(after, 'Failed');
  if (failed !== undefined) events.event(before, 'Warning', failed.reason ?? '', failed.message ?? '');
  if (isTrue(after, 'Complete') !== undefined) events.event(before, 'Normal', 'Completed', 'Job completed');
}

/** Pods whose job is gone, or another one now, need not be counted. */
async function releaseOrphans(context: ControllerContext, released: ReleasedPods, key: string, job: V1Job | undefined): Promise<void> {
  for (const pod of context.informers.informer(pods).lister.byIndex(jobIndex, key)) {
    const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
    if (job === undefined || owner?.uid !== job.metadata?.uid) await released.release(pod);
  }
}

/** A pod that no job controls or will adopt is not counted by anybody. */
async function releaseLost({ informers }: ControllerContext, released: ReleasedPods, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const pod = informers.informer(pods).lister.get(namespace, name);
  if (pod === undefined || controllerOf(pod) !== undefined) return;
  const adopted = informers.informer(jobs).lister.list(namespace).some((job) => planClaims(job, validSelectorOf(job.spec?.selector), [pod]).adopt.length > 0);
  if (!adopted) await released.release(pod);
}

function jobPod(job: V1Job, owned: readonly V1Pod[], index: number | undefined): V1Pod {
  const pod = podOf(job.spec?.template ?? {}, jobs, job);
  const finalizers = [...(pod.metadata?.finalizers ?? []), trackingFinalizer];
  if (index === undefined) return { ...pod, metadata: { ...pod.metadata, finalizers } };
  const text = String(index);
  const failures: Record<string, string> = job.spec?.backoffLimitPerIndex === undefined ? {} : { [indexFailuresAnnotation]: String(indexFailures(owned, index)) };
  const value = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } } };
  const withIndex = <T extends { env?: { name: string }[] }>(container: T): T => (container.env?.some(({ name }) => name === value.name) === true ? container : { ...container, env: [...(container.env ?? []), value] });
  const { containers = [], initContainers, ...spec } = pod.spec ?? {};
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${job.metadata?.name}-${text}-`,
      labels: { ...pod.metadata?.labels, [indexAnnotation]: text },
      annotations: { ...pod.metadata?.annotations, [indexAnnotation]: text, ...failures },
      finalizers,
    },
    spec: { hostname: `${job.metadata?.name}-${text}`, ...spec, containers: containers.map(withIndex), ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withIndex) }) },
  };
}

function withoutEmpty({ succeeded, failed }: { succeeded: string[]; failed: string[] }): NonNullable<V1JobStatus['uncountedTerminatedPods']> {
  return { ...(succeeded.length > 0 ? { succeeded } : {}), ...(failed.length > 0 ? { failed } : {}) };
}
