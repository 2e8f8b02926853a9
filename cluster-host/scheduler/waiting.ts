/** Which pods wait for this scheduler. */
import type { V1Pod } from '../api/generated/types.ts';

export const schedulerName = 'default-scheduler';

export function isFinished({ status }: V1Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function isWaiting(pod: V1Pod): boolean {
  const { nodeName = '', schedulerName: wanted = schedulerName, schedulingGates = [] } = pod.spec ?? {};
  return nodeName === '' && wanted === schedulerName && schedulingGates.length === 0 && pod.metadata?.deletionTimestamp === undefined && !isFinished(pod);
}
