/**
 * Pods that want to be near others, or far from them (kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity).
 *
 * "Near" is a topology: nodes with the same value of a label.
 */
import { matchesLabels } from '../../api/selectors/label-selector.ts';
import type { NodeInfo } from '../node-info.ts';
import { refuse, refuseForGood, type ClusterView, type Plugin, type PluginOpinion, type Refusal } from '../plugin.ts';
import { hasAffinity, type AffinityTerm, type PodInfo } from '../pod-info.ts';

/** Counts by topology key and value. */
type TopologyCounts = Map<string, number>;

export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  weight: 2,
  helpedBy: ['nodeAdded', 'nodeChanged', 'podAdded', 'podChanged', 'podRemoved'],
  look(pod, cluster) {
    const matches = (term: AffinityTerm, other: PodInfo): boolean => selects(term, other, cluster);
    const concerned = hasAffinity(pod);
    const forbidden: TopologyCounts = new Map();
    const near: TopologyCounts = new Map();
    const far: TopologyCounts = new Map();
    const liking: TopologyCounts = new Map();
    for (const node of cluster.nodes.values()) {
      for (const other of (concerned ? node.pods : node.affinePods).values()) {
        for (const term of other.requiredAntiAffinity) if (matches(term, pod)) count(forbidden, term, node, 1);
        for (const term of pod.requiredAntiAffinity) if (matches(term, other)) count(far, term, node, 1);
        // All terms of an affinity must hold for one and the same pod.
        if (pod.requiredAffinity.length > 0 && pod.requiredAffinity.every((term) => matches(term, other))) for (const term of pod.requiredAffinity) count(near, term, node, 1);
        for (const { term, weight } of pod.preferredAffinity) if (matches(term, other)) count(liking, term, node, weight);
        for (const { term, weight } of pod.preferredAntiAffinity) if (matches(term, other)) count(liking, term, node, -weight);
        for (const { term, weight } of other.preferredAffinity) if (matches(term, pod)) count(liking, term, node, weight);
        for (const { term, weight } of other.preferredAntiAffinity) if (matches(term, pod)) count(liking, term, node, -weight);
        for (const term of other.requiredAffinity) if (matches(term, pod)) count(liking, term, node, 1);
      }
    }
    return opinion(pod, { forbidden, near, far, liking }, (term) => matches(term, pod));
  },
};

function opinion(pod: PodInfo, counts: Record<'forbidden' | 'near' | 'far' | 'liking', TopologyCounts>, matchesItself: (term: AffinityTerm) => boolean): PluginOpinion | undefined {
  const { forbidden, near, far, liking } = counts;
  const filtering = forbidden.size > 0 || pod.requiredAffinity.length > 0 || pod.requiredAntiAffinity.length > 0;
  if (!filtering && liking.size === 0) return undefined;
  const filter = (node: NodeInfo): Refusal | undefined => {
    const present = pod.requiredAffinity.every((term) => node.labels[term.topologyKey] !== undefined);
    const together = pod.requiredAffinity.every((term) => (near.get(place(term, node)) ?? 0) > 0);
    // The first pod of a group that wants to be with its own kind may go anywhere.
    const first = near.size === 0 && pod.requiredAffinity.every(matchesItself);
    if (!present || !(together || first)) return refuseForGood("node(s) didn't match pod affinity rules");
    if (pod.requiredAntiAffinity.some((term) => (far.get(place(term, node)) ?? 0) > 0)) return refuse("node(s) didn't match pod anti-affinity rules");
    if (Object.entries(node.labels).some(([key, value]) => (forbidden.get(`${key}=${value}`) ?? 0) > 0)) return refuse("node(s) didn't satisfy existing pods anti-affinity rules");
    return undefined;
  };
  return {
    ...(filtering ? { filter } : {}),
    ...(liking.size === 0
      ? {}
      : { score: (node: NodeInfo) => Object.entries(node.labels).reduce((sum, [key, value]) => sum + (liking.get(`${key}=${value}`) ?? 0), 0), normalize: betweenExtremes }),
  };
}

function place({ topologyKey }: AffinityTerm, { labels }: NodeInfo): string {
  return `${topologyKey}=${labels[topologyKey] ?? ''}`;
}

function count(counts: TopologyCounts, term: AffinityTerm, node: NodeInfo, weight: number): void {
  if (node.labels[term.topologyKey] === undefined) return;
  const key = place(term, node);
  counts.set(key, (counts.get(key) ?? 0) + weight);
}

function selects(term: AffinityTerm, other: PodInfo, cluster: ClusterView): boolean {
  const inNamespace = term.namespaces.has(other.namespace) || (term.namespaceSelector !== undefined && matchesLabels(term.namespaceSelector, cluster.namespace(other.namespace)?.metadata?.labels));
  return inNamespace && matchesLabels(term.selector, other.labels);
}

function betweenExtremes(scores: readonly number[]): readonly number[] {
  const least = Math.min(...scores);
  const most = Math.max(...scores);
  return scores.map((score) => (most === least ? 0 : Math.trunc((100 * (score - least)) / (most - least))));
}
