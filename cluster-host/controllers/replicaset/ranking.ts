/** Which pods go first when there are too many (kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset). */
import type { V1Pod } from '../../api/generated/types.ts';
import { isActive, isReady, readySince } from '../common/pods.ts';
import { millisecondsOf } from '../../api/time.ts';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

/** All in the order in which they should go. `related`: the pods of every controller with the same owner; where more of them share a node, pods go first. */
export function rankForDeletion(pods: readonly V1Pod[], related: readonly V1Pod[], now: number): readonly V1Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) if (isActive(pod)) onNode.set(pod.spec?.nodeName ?? '', (onNode.get(pod.spec?.nodeName ?? '') ?? 0) + 1);
  const ranks = pods.map((pod) => ({ pod, rank: rankOf(pod, onNode.get(pod.spec?.nodeName ?? '') ?? 0, now) }));
  return ranks.toSorted((a, b) => compare(a.rank, b.rank)).map(({ pod }) => pod);
}

/** Compared from the first to the last: the lower goes first. */
function rankOf(pod: V1Pod, neighbours: number, now: number): readonly (number | string)[] {
  return [
    (pod.spec?.nodeName ?? '') === '' ? 0 : 1,
    ['Pending', 'Unknown', 'Running'].indexOf(pod.status?.phase ?? 'Pending'),
    isReady(pod) ? 1 : 0,
    Number(pod.metadata?.annotations?.[deletionCost] ?? 0) || 0,
    -neighbours,
    ageRank(readySince(pod), now),
    -restarts(pod),
    ageRank(millisecondsOf(pod.metadata?.creationTimestamp), now),
    pod.metadata?.uid ?? '',
  ];
}

/** Ages count on a logarithmic scale, so that pods of about the same age go in random order. */
function ageRank(since: number | undefined, now: number): number {
  return since === undefined || since >= now ? -1 : Math.floor(Math.log2((now - since) * 1_000_000));
}

function restarts(pod: V1Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
