/** What a job reads out of its pods. Pure. */
import type { V1Job, V1Pod } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
export const indexFailuresAnnotation = 'batch.kubernetes.io/job-index-failure-count';

export function isIndexed(job: V1Job): boolean {
  return job.spec?.completionMode === 'Indexed';
}

export function indexOf(pod: V1Pod): number | undefined {
  const text = pod.metadata?.annotations?.[indexAnnotation];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** A pod that is going counts as failed at once, unless only failed pods are to be replaced. */
export function hasFailed(job: V1Job, pod: V1Pod): boolean {
  const { phase } = pod.status ?? {};
  if (phase === 'Failed') return true;
  return job.spec?.podReplacementPolicy !== 'Failed' && pod.metadata?.deletionTimestamp !== undefined && phase !== 'Succeeded';
}

export function isTracked(pod: V1Pod): boolean {
  return pod.metadata?.finalizers?.includes(trackingFinalizer) === true;
}

/** When the pod's last container ended, or the pod was told to. */
export function endOf(pod: V1Pod): number | undefined {
  const ends = (pod.status?.containerStatuses ?? []).flatMap(({ state }) => millisecondsOf(state?.terminated?.finishedAt) ?? []);
  return ends.length > 0 ? Math.max(...ends) : millisecondsOf(pod.metadata?.deletionTimestamp);
}

export interface PolicyVerdict {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  readonly message: string;
}

/** What the job's pod failure policy says of a failed pod (kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy); undefined where no rule matches. */
export function policyVerdict(job: V1Job, pod: V1Pod): PolicyVerdict | undefined {
  const where = `pod ${pod.metadata?.namespace}/${pod.metadata?.name}`;
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const action = rule.action as PolicyVerdict['action'];
    const end = `matching ${action} rule at index ${index}`;
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    const { onExitCodes, onPodConditions } = rule;
    const exited = statuses.find(({ name, state }) => {
      const code = state?.terminated?.exitCode ?? 0;
      if (onExitCodes === undefined || code === 0 || (onExitCodes.containerName ?? name) !== name) return false;
      return onExitCodes.values.includes(code) === (onExitCodes.operator === 'In');
    });
    if (exited !== undefined) return { action, message: `Container ${exited.name} for ${where} failed with exit code ${exited.state?.terminated?.exitCode} ${end}` };
    const condition = pod.status?.conditions?.find(({ type, status }) => onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status));
    if (condition !== undefined) return { action, message: `Pod ${pod.metadata?.namespace}/${pod.metadata?.name} has condition ${condition.type} ${end}` };
  }
  return undefined;
}
