/** How many pods of a disruption budget may go (kubernetes.io/docs/tasks/run-application/configure-pdb): pure. */
import type { V1PodDisruptionBudget, V1PodDisruptionBudgetStatus, V1Pod } from '../../api/generated/types.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';
import { isFinished, isReady } from '../common/pods.ts';

/** An eviction that was granted and not carried out counts so long, in milliseconds. */
const grantedFor = 120_000;

/** `expected`: how many pods there should be, as their controllers' scales say. */
export function planBudget(budget: V1PodDisruptionBudget, pods: readonly V1Pod[], expected: number, now: number): V1PodDisruptionBudgetStatus {
  const alive = pods.filter((pod) => !isFinished(pod));
  const disruptedPods = Object.fromEntries(
    Object.entries(budget.status?.disruptedPods ?? {}).filter(([name, time]) => {
      const pod = alive.find(({ metadata }) => metadata?.name === name);
      return pod !== undefined && pod.metadata?.deletionTimestamp === undefined && now - (millisecondsOf(time) ?? 0) < grantedFor;
    }),
  );
  const healthy = alive.filter((pod) => pod.metadata?.deletionTimestamp === undefined && disruptedPods[pod.metadata?.name ?? ''] === undefined && isReady(pod)).length;
  const { maxUnavailable, minAvailable } = budget.spec ?? {};
  const desired = maxUnavailable === undefined ? share(minAvailable ?? 0, expected) : Math.max(0, expected - share(maxUnavailable, expected));
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
  const known = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const status = allowed > 0 ? 'True' : 'False';
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timestamp(now);
  return {
    observedGeneration: budget.metadata?.generation,
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: [{ type: 'DisruptionAllowed', status, reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: '', observedGeneration: budget.metadata?.generation, lastTransitionTime }],
  };
}

/** Percentages are rounded up. */
function share(value: unknown, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(String(value), 10) * total) / 100);
}
