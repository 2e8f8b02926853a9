/** Pods spread evenly over zones, nodes or any other topology (kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints). */
import type { V1TopologySpreadConstraint } from '../../api/generated/types.ts';
import { matchesLabels, validSelectorOf, type Selector } from '../../api/selectors/label-selector.ts';
import type { NodeInfo } from '../node-info.ts';
import { matchesNode } from '../../api/scheduling/node-selector.ts';
import { refuse, refuseForGood, type ClusterView, type Plugin, type Refusal } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';
import { isTolerated } from '../../api/scheduling/tolerations.ts';

interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Pods of the constraint by value of the topology key; every eligible value is there. */
  readonly counts: ReadonlyMap<string, number>;
  readonly least: number;
  readonly countsItself: boolean;
}

/** How pods of one service or controller are spread that say nothing of it themselves: Kubernetes' built-in defaults. */
const defaults: readonly V1TopologySpreadConstraint[] = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  weight: 2,
  helpedBy: ['nodeAdded', 'nodeChanged', 'podAdded', 'podChanged', 'podRemoved'],
  look(pod, cluster) {
    const all = pod.pod.spec?.topologySpreadConstraints ?? [];
    const constraints = (when: string): Constraint[] => {
      const wanted = all.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
      const keys = wanted.map(({ topologyKey }) => topologyKey);
      return wanted.map((constraint) => read(constraint, keys, withMatchLabelKeys(validSelectorOf(constraint.labelSelector), constraint.matchLabelKeys ?? [], pod), pod, cluster));
    };
    const siblings = all.length === 0 ? cluster.siblings(pod) : undefined;
    const hard = constraints('DoNotSchedule');
    const soft = siblings === undefined ? constraints('ScheduleAnyway') : defaults.map((constraint) => read(constraint, [constraint.topologyKey], siblings, pod, cluster));
    if (hard.length + soft.length === 0) return undefined;
    return {
      ...(hard.length === 0 ? {} : { filter: (node: NodeInfo) => filter(hard, node) }),
      ...(soft.length === 0
        ? {}
        : {
            score: (node: NodeInfo) => Math.round(soft.reduce((sum, constraint) => sum + scoreOf(constraint, node), 0)),
            normalize,
          }),
    };
  },
};

/** `keys`: labels that a node must have to count. */
function read(constraint: V1TopologySpreadConstraint, keys: readonly string[], selector: Selector, pod: PodInfo, cluster: ClusterView): Constraint {
  const key = constraint.topologyKey;
  const counts = new Map<string, number>();
  for (const node of cluster.nodes.values()) {
    if (!keys.every((one) => node.labels[one] !== undefined) || !isEligible(constraint, pod, node)) continue;
    const value = node.labels[key] ?? '';
    let count = counts.get(value) ?? 0;
    for (const other of node.pods.values()) {
      if (other.namespace === pod.namespace && other.pod.metadata?.deletionTimestamp === undefined && matchesLabels(selector, other.labels)) count += 1;
    }
    counts.set(value, count);
  }
  const minDomains = constraint.minDomains ?? 1;
  const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
  return { key, maxSkew: constraint.maxSkew, minDomains, selector, counts, least, countsItself: matchesLabels(selector, pod.labels) };
}

function withMatchLabelKeys(selector: Selector, keys: readonly string[], pod: PodInfo): Selector {
  const extra = keys.flatMap((key) => {
    const value = pod.labels[key];
    return value === undefined ? [] : [{ key, operator: 'in' as const, values: [value] }];
  });
  return extra.length === 0 ? selector : { ...selector, requirements: [...selector.requirements, ...extra] };
}

function isEligible({ nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: V1TopologySpreadConstraint, pod: PodInfo, { node, labels }: NodeInfo): boolean {
  if (nodeAffinityPolicy === 'Honor') {
    if (pod.requiredNodes !== undefined && !matchesNode(pod.requiredNodes, node)) return false;
    if (!Object.entries(pod.pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  }
  return nodeTaintsPolicy !== 'Honor' || (node.spec?.taints ?? []).every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(pod.pod.spec?.tolerations, taint));
}

function filter(constraints: readonly Constraint[], node: NodeInfo): Refusal | undefined {
  for (const { key, maxSkew, counts, least, countsItself } of constraints) {
    const value = node.labels[key];
    if (value === undefined) return refuseForGood("node(s) didn't match pod topology spread constraints (missing required label)");
    const skew = (counts.get(value) ?? 0) + (countsItself ? 1 : 0) - least;
    if (skew > maxSkew) return refuse("node(s) didn't match pod topology spread constraints");
  }
  return undefined;
}

/** How crowded the node's topology is; fewer topologies weigh less. */
function scoreOf({ key, maxSkew, counts }: Constraint, node: NodeInfo): number {
  const value = node.labels[key];
  return value === undefined ? 0 : (counts.get(value) ?? 0) * Math.log(counts.size + 2) + (maxSkew - 1);
}

/** The less crowded, the better. */
function normalize(scores: readonly number[]): readonly number[] {
  const least = Math.min(...scores);
  const most = Math.max(...scores);
  return scores.map((score) => (most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most)));
}
