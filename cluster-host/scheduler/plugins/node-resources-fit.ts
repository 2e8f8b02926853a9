/** Whether what the pod asks for is left on the node; among nodes that fit, the least allocated is best. */
import type { NodeInfo } from '../node-info.ts';
import { refuse, refuseForGood, type Plugin, type Refusal } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  helpedBy: ['nodeAdded', 'nodeChanged', 'podRemoved', 'podChanged'],
  look: (pod) => ({ filter: (node) => fit(pod, node), score: (node) => leastAllocated(pod, node) }),
};

function fit(pod: PodInfo, node: NodeInfo): Refusal | undefined {
  const reasons: string[] = [];
  let unresolvable = false;
  if (node.pods.size + 1 > (node.allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  for (const [name, amount] of pod.requests) {
    const allocatable = node.allocatable.get(name) ?? 0;
    if (amount === 0 || amount <= allocatable - (node.requested.get(name) ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    // Not even an empty node of this size would do.
    unresolvable ||= amount > allocatable;
  }
  if (reasons.length === 0) return undefined;
  return unresolvable ? refuseForGood(...reasons) : refuse(...reasons);
}

/** The mean of what would be left of CPU and memory, in per cent. */
function leastAllocated(pod: PodInfo, node: NodeInfo): number {
  let total = 0;
  let counted = 0;
  for (const name of ['cpu', 'memory']) {
    const allocatable = node.allocatable.get(name) ?? 0;
    if (allocatable === 0) continue;
    const requested = (node.scored.get(name) ?? 0) + (pod.scored.get(name) ?? 0);
    total += requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * 100) / allocatable);
    counted += 1;
  }
  return counted === 0 ? 0 : Math.trunc(total / counted);
}
