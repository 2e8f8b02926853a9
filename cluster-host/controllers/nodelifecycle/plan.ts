/** What a node's conditions and taints should be, given when it was last heard of. Pure. */
import type { V1Node, V1NodeCondition, V1Pod, V1PodCondition, V1Taint } from '../../api/generated/types.ts';
import { notReadyTaint, sameTaint, unreachableTaint } from '../common/node-taints.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';

/** Kubernetes' defaults (`--node-monitor-grace-period`, `--node-startup-grace-period`), in milliseconds. */
export const gracePeriod = 50_000;
export const startupGracePeriod = 60_000;

const observed = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Milliseconds until the node counts as lost: 0 when it does. `heardAt`: when this process last saw a sign of life. */
export function untilLost(node: V1Node, heardAt: number, now: number): number {
  const started = (node.status?.conditions ?? []).some(({ type }) => type === 'Ready');
  const from = started ? heardAt : (millisecondsOf(node.metadata?.creationTimestamp) ?? heardAt);
  return Math.max(0, from + (started ? gracePeriod : startupGracePeriod) - now);
}

/** The conditions of a node that says nothing any more; undefined when they are so already. */
export function lostConditions(node: V1Node, now: number): V1NodeCondition[] | undefined {
  const conditions = [...(node.status?.conditions ?? [])];
  let changed = false;
  for (const type of observed) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const known = conditions[at];
    if (known?.status === 'Unknown') continue;
    changed = true;
    if (known === undefined) {
      const created = node.metadata?.creationTimestamp;
      conditions.push({ type, status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.', lastHeartbeatTime: created, lastTransitionTime: timestamp(now) });
    } else {
      conditions[at] = { ...known, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: timestamp(now) };
    }
  }
  return changed ? conditions : undefined;
}

/** Conditions that keep pods away, by the status that does. */
const scheduling: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReadyTaint, Unknown: unreachableTaint },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
};

const managed = new Set([...Object.values(scheduling).flatMap((byStatus) => Object.values(byStatus)), 'node.kubernetes.io/unschedulable']);

/** The taints that the node should have; undefined when it has them. Those of others stay. */
export function wantedTaints(node: V1Node, now: number): V1Taint[] | undefined {
  const wanted: V1Taint[] = [];
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = scheduling[type]?.[status];
    if (key === undefined) continue;
    wanted.push({ key, effect: 'NoSchedule' });
    if (type === 'Ready') wanted.push({ key, effect: 'NoExecute' });
  }
  if (node.spec?.unschedulable === true) wanted.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  const current = node.spec?.taints ?? [];
  const kept = current.filter((taint) => !isManaged(taint) || wanted.some((one) => sameTaint(one, taint)));
  const fresh = wanted.filter((taint) => !current.some((one) => sameTaint(one, taint)));
  if (fresh.length === 0 && kept.length === current.length) return undefined;
  return [...kept, ...fresh.map((taint) => ({ ...taint, timeAdded: timestamp(now) }))];
}

function isManaged({ key, effect }: V1Taint): boolean {
  return managed.has(key) && (effect === 'NoSchedule' || (effect === 'NoExecute' && (key === notReadyTaint || key === unreachableTaint)));
}

/** The pod's Ready condition on a node that is not; undefined when nothing is to be done. */
export function notReadyCondition(pod: V1Pod, now: number): V1PodCondition | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? { ...ready, status: 'False', lastTransitionTime: timestamp(now) } : undefined;
}
