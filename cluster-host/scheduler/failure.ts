/** Why a pod found no node, and how Kubernetes says so. Pure. */
import type { Refusal } from './plugin.ts';

export interface Failure {
  /** How many nodes there are. */
  readonly nodes: number;
  /** What refused the pod as a whole. */
  readonly pod?: Refusal;
  /** Why each node will not do. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Names of the plugins that refused. */
  readonly plugins: ReadonlySet<string>;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
export function failureText(failure: Failure): string {
  if (failure.nodes === 0) return 'no nodes available to schedule pods';
  const head = `0/${failure.nodes} nodes are available:`;
  if (failure.pod !== undefined) return `${head} ${failure.pod.reasons.join(', ')}.`;
  const reasons = [...failure.refusals.values()].flatMap((refusal) => refusal.reasons);
  return `${head} ${countedReasons(reasons)}.`;
}

export function countedReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).toSorted().join(', ');
}
