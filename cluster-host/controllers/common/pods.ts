/** Facts about pods that controllers ask for. */
import type { V1Pod } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';

/** Neither finished nor on its way out. */
export function isActive(pod: V1Pod): boolean {
  return !isFinished(pod) && pod.metadata?.deletionTimestamp === undefined;
}

export function isFinished(pod: V1Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isReady(pod: V1Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

/** When the pod became ready, in milliseconds since the epoch. */
export function readySince(pod: V1Pod): number | undefined {
  const condition = readyCondition(pod);
  return condition?.status === 'True' ? millisecondsOf(condition.lastTransitionTime) : undefined;
}

function readyCondition(pod: V1Pod) {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready');
}

/** Milliseconds until the pod counts as available: 0 when it does, undefined while it is not ready. */
export function untilAvailable(pod: V1Pod, minReadySeconds: number, now: number): number | undefined {
  if (!isReady(pod)) return undefined;
  const since = readySince(pod);
  if (minReadySeconds === 0) return 0;
  return since === undefined ? undefined : Math.max(0, since + minReadySeconds * 1000 - now);
}

export function isAvailable(pod: V1Pod, minReadySeconds: number, now: number): boolean {
  return untilAvailable(pod, minReadySeconds, now) === 0;
}

/** When the next of these pods becomes available, in milliseconds from now; undefined when none is on the way. */
export function nextAvailability(pods: readonly V1Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.flatMap((pod) => untilAvailable(pod, minReadySeconds, now) ?? []).filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
