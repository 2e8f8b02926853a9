/**
 * The next step of a job (kubernetes.io/docs/concepts/workloads/controllers/job): pure.
 *
 * A pod that has ended is counted exactly once: it keeps a finalizer until its uid stands in the status as uncounted, and its uid
 * leaves that list, into the counts, only when the finalizer is gone.
 */
import type { V1Job, V1JobCondition, V1Pod } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';
import { isActive, isFinished } from '../common/pods.ts';
import { parseIndexes } from './indexes.ts';
import { endOf, hasFailed, indexFailuresAnnotation, indexOf, isIndexed, isTracked, policyVerdict } from './pods.ts';

/** Kubernetes' delays before a failed pod is replaced, in milliseconds. */
const firstBackOff = 10_000;
const longestBackOff = 600_000;

export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

export interface JobPlan {
  /** Pods that ended and are not counted yet. */
  readonly succeeded: readonly V1Pod[];
  readonly failed: readonly V1Pod[];
  /** Ended pods that a policy leaves out of the counts: they only lose their finalizer. */
  readonly ignored: readonly V1Pod[];
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** What the job comes to, as soon as its pods are gone. */
  readonly verdict?: Verdict;
  readonly delete: readonly V1Pod[];
  /** New pods: their indexes, or that many undefined for a job without indexes. */
  readonly create: readonly (number | undefined)[];
  /** Milliseconds until the next replacement or the deadline. */
  readonly after?: number;
}

export function isFinishedJob(job: V1Job): boolean {
  return (job.status?.conditions ?? []).some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}

export function planJob(job: V1Job, pods: readonly V1Pod[], now: number): JobPlan {
  const { status = {} } = job;
  const uncounted = new Set([...(status.uncountedTerminatedPods?.succeeded ?? []), ...(status.uncountedTerminatedPods?.failed ?? [])]);
  const fresh = pods.filter((pod) => isTracked(pod) && !uncounted.has(pod.metadata?.uid ?? ''));
  const succeeded = fresh.filter((pod) => pod.status?.phase === 'Succeeded');
  const ended = fresh.filter((pod) => hasFailed(job, pod));
  const ignored = ended.filter((pod) => policyVerdict(job, pod)?.action === 'Ignore');
  const failed = ended.filter((pod) => !ignored.includes(pod));
  const end = job.spec?.completions ?? 0;
  const completedIndexes = parseIndexes(status.completedIndexes, end);
  for (const pod of pods) if (pod.status?.phase === 'Succeeded' && isIndexed(job)) addIndex(completedIndexes, pod, end);
  const failedIndexes = parseIndexes(status.failedIndexes, end);
  if (job.spec?.backoffLimitPerIndex !== undefined) for (const pod of failed) if (usesUpIndex(job, pod)) addIndex(failedIndexes, pod, end);

  const counts = {
    succeeded: isIndexed(job) ? completedIndexes.size : (status.succeeded ?? 0) + (status.uncountedTerminatedPods?.succeeded?.length ?? 0) + succeeded.length,
    failed: (status.failed ?? 0) + (status.uncountedTerminatedPods?.failed?.length ?? 0) + failed.length,
  };
  const active = pods.filter((pod) => isActive(pod));
  const common = { succeeded, failed, ignored, completedIndexes, failedIndexes };
  const verdict = verdictOf(job, pods, active, failed, counts, { completedIndexes, failedIndexes }, now);
  if (verdict !== undefined) return { ...common, verdict, delete: active, create: [] };
  const deadline = untilDeadline(job, now);
  const timer = deadline === undefined ? {} : { after: deadline };
  if (job.spec?.suspend === true) return { ...common, delete: active, create: [] };
  return { ...common, ...timer, ...planPods(job, pods, active, counts.succeeded, { completedIndexes, failedIndexes }, now, deadline) };
}

function addIndex(indexes: Set<number>, pod: V1Pod, end: number): void {
  const index = indexOf(pod);
  if (index !== undefined && index < end) indexes.add(index);
}

function usesUpIndex(job: V1Job, pod: V1Pod): boolean {
  const before = Number(pod.metadata?.annotations?.[indexFailuresAnnotation] ?? 0);
  return before + 1 > (job.spec?.backoffLimitPerIndex ?? 0) || policyVerdict(job, pod)?.action === 'FailIndex';
}

interface Indexes {
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
}

function verdictOf(job: V1Job, pods: readonly V1Pod[], active: readonly V1Pod[], failed: readonly V1Pod[], counts: { succeeded: number; failed: number }, indexes: Indexes, now: number): Verdict | undefined {
  const decided = job.status?.conditions?.find(({ type, status }) => (type === 'FailureTarget' || type === 'SuccessCriteriaMet') && status === 'True');
  if (decided !== undefined) return { type: decided.type === 'FailureTarget' ? 'Failed' : 'Complete', reason: decided.reason ?? '', message: decided.message ?? '' };
  const fail = (reason: string, message: string): Verdict => ({ type: 'Failed', reason, message });
  const policy = failed.map((pod) => policyVerdict(job, pod)).find((verdict) => verdict?.action === 'FailJob');
  if (policy !== undefined) return fail('PodFailurePolicy', policy.message);
  const { backoffLimit = 6, completions, maxFailedIndexes, template, backoffLimitPerIndex } = job.spec ?? {};
  const restarts = template?.spec?.restartPolicy === 'OnFailure' ? sumOfRestarts(pods) : 0;
  if (counts.failed > backoffLimit || (restarts > 0 && restarts >= backoffLimit)) return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if (untilDeadline(job, now) === 0) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  const { completedIndexes, failedIndexes } = indexes;
  if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes) return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  if (backoffLimitPerIndex !== undefined && failedIndexes.size > 0 && completedIndexes.size + failedIndexes.size >= (completions ?? 0)) return fail('FailedIndexes', 'Job has failed indexes');
  const rule = successRule(job, completedIndexes);
  if (rule !== undefined) return { type: 'Complete', reason: 'SuccessPolicy', message: `Matched rules at index ${rule}` };
  const reached = completions === undefined ? counts.succeeded > 0 && active.length === 0 : counts.succeeded >= completions && job.spec?.suspend !== true;
  return reached ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' } : undefined;
}

function successRule(job: V1Job, completed: ReadonlySet<number>): number | undefined {
  const rules = job.spec?.successPolicy?.rules ?? [];
  const found = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    const wanted = succeededIndexes === undefined ? completed : parseIndexes(succeededIndexes, job.spec?.completions ?? 0);
    const met = [...wanted].filter((index) => completed.has(index)).length;
    return succeededCount === undefined ? met === wanted.size : met >= succeededCount;
  });
  return isIndexed(job) && found !== -1 ? found : undefined;
}

function sumOfRestarts(pods: readonly V1Pod[]): number {
  const statuses = pods.filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending').flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]);
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Milliseconds until the job has been active for too long: 0 when it has, undefined without a deadline. */
function untilDeadline(job: V1Job, now: number): number | undefined {
  const start = millisecondsOf(job.status?.startTime);
  const seconds = job.spec?.activeDeadlineSeconds;
  return seconds === undefined || start === undefined || job.spec?.suspend === true ? undefined : Math.max(0, start + seconds * 1000 - now);
}

function planPods(job: V1Job, pods: readonly V1Pod[], active: readonly V1Pod[], succeeded: number, { completedIndexes, failedIndexes }: Indexes, now: number, deadline: number | undefined): Pick<JobPlan, 'create' | 'delete' | 'after'> {
  const { parallelism = 1, completions } = job.spec ?? {};
  const ending = job.spec?.podReplacementPolicy === 'Failed' ? pods.filter((pod) => pod.metadata?.deletionTimestamp !== undefined && !isFinished(pod)).length : 0;
  const wanted = completions === undefined ? (succeeded > 0 ? Math.min(active.length, parallelism) : parallelism) : Math.min(parallelism, completions - succeeded - failedIndexes.size);
  const superfluous = active.filter((pod) => isIndexed(job) && (indexOf(pod) === undefined || failedIndexes.has(indexOf(pod) ?? -1)));
  if (active.length > wanted || superfluous.length > 0) {
    const ready = active.toSorted((a, b) => Number(a.status?.phase === 'Running') - Number(b.status?.phase === 'Running'));
    return { create: [], delete: [...new Set([...superfluous, ...ready.slice(0, Math.max(0, active.length - wanted))])] };
  }
  const missing = wanted - active.length - ending;
  if (missing <= 0) return { create: [], delete: [] };
  const perIndex = job.spec?.backoffLimitPerIndex !== undefined;
  const wait = perIndex ? 0 : backOff(job, pods, now);
  if (wait > 0) return { create: [], delete: [], after: Math.min(wait, deadline ?? wait) };
  if (!isIndexed(job)) return { create: Array.from({ length: missing }, () => undefined), delete: [] };
  const taken = new Set(pods.filter((pod) => isActive(pod) || (ending > 0 && !isFinished(pod))).map(indexOf));
  const free = Array.from({ length: completions ?? 0 }, (_, index) => index).filter((index) => !taken.has(index) && !completedIndexes.has(index) && !failedIndexes.has(index));
  if (!perIndex) return { create: free.slice(0, missing), delete: [] };
  const waits = new Map(free.map((index) => [index, backOff(job, pods.filter((pod) => indexOf(pod) === index), now)]));
  const soonest = Math.min(deadline ?? Infinity, ...[...waits.values()].filter((wait) => wait > 0));
  const create = free.filter((index) => waits.get(index) === 0).slice(0, missing);
  return { create, delete: [], ...(create.length < missing && soonest !== Infinity && { after: soonest }) };
}

/** Milliseconds until a failed one of these pods may be replaced: longer with each failure since the last success. With a limit per index, each index waits for its own. */
function backOff(job: V1Job, pods: readonly V1Pod[], now: number): number {
  const lastSuccess = Math.max(0, ...pods.filter(({ status }) => status?.phase === 'Succeeded').map((pod) => endOf(pod) ?? 0));
  const ends = pods.filter((pod) => hasFailed(job, pod)).flatMap((pod) => endOf(pod) ?? []).filter((end) => end > lastSuccess);
  if (ends.length === 0) return 0;
  return Math.max(0, Math.max(...ends) + Math.min(longestBackOff, firstBackOff * 2 ** (ends.length - 1)) - now);
}

/** Failures of the index so far, for the annotation of its next pod. */
export function indexFailures(pods: readonly V1Pod[], index: number): number {
  return Math.max(0, ...pods.filter((pod) => indexOf(pod) === index && pod.status?.phase === 'Failed').map((pod) => Number(pod.metadata?.annotations?.[indexFailuresAnnotation] ?? 0) + 1));
}

/** Interim conditions say what is decided; the final one comes when every pod is gone. */
export function verdictConditions(known: readonly V1JobCondition[] | undefined, { type, reason, message }: Verdict, isOver: boolean, time: string): V1JobCondition[] {
  const conditions = [...(known ?? [])];
  for (const name of [type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet', ...(isOver ? [type] : [])]) {
    if (!conditions.some((condition) => condition.type === name && condition.status === 'True')) conditions.push({ type: name, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message });
  }
  return conditions;
}

