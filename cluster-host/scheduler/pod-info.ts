/** A pod with everything that plugins ask of it, worked out once. */
import type { V1NodeSelectorTerm, V1Pod, V1PodAffinityTerm } from '../api/generated/types.ts';
import { keyOf } from '../api/object.ts';
import { hostPortsOf, type HostPort } from '../api/scheduling/host-ports.ts';
import { validSelectorOf, type Selector } from '../api/selectors/label-selector.ts';
import { podRequests, type Amounts } from './resources.ts';

/** A pod affinity term, ready to be matched. */
export interface AffinityTerm {
  readonly selector: Selector;
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by their labels, besides those named. */
  readonly namespaceSelector: Selector | undefined;
  readonly topologyKey: string;
}

export interface WeightedTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

export interface PodInfo {
  readonly pod: V1Pod;
  readonly key: string;
  readonly uid: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly requests: Amounts;
  /** With assumed amounts where nothing is asked for. */
  readonly scored: Amounts;
  readonly hostPorts: readonly HostPort[];
  readonly requiredNodes: readonly V1NodeSelectorTerm[] | undefined;
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedTerm[];
  readonly preferredAntiAffinity: readonly WeightedTerm[];
}

const known = new WeakMap<V1Pod, PodInfo>();

export function podInfoOf(pod: V1Pod): PodInfo {
  let info = known.get(pod);
  if (info === undefined) known.set(pod, (info = read(pod)));
  return info;
}

function read(pod: V1Pod): PodInfo {
  const { affinity, priority = 0 } = pod.spec ?? {};
  const term = (term: V1PodAffinityTerm): AffinityTerm => termOf(pod, term);
  const weighted = (terms: readonly { weight: number; podAffinityTerm: V1PodAffinityTerm }[] = []): WeightedTerm[] => terms.map(({ weight, podAffinityTerm }) => ({ weight, term: term(podAffinityTerm) }));
  return {
    pod,
    key: keyOf(pod),
    uid: pod.metadata?.uid ?? '',
    namespace: pod.metadata?.namespace ?? '',
    labels: pod.metadata?.labels ?? {},
    priority,
    requests: podRequests(pod),
    scored: podRequests(pod, true),
    hostPorts: hostPortsOf(pod),
    requiredNodes: affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
    requiredAffinity: (affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(term),
    requiredAntiAffinity: (affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(term),
    preferredAffinity: weighted(affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

/** Whether the pod has a say in where other pods should be. */
export function hasAffinity(pod: PodInfo): boolean {
  return [pod.requiredAffinity, pod.requiredAntiAffinity, pod.preferredAffinity, pod.preferredAntiAffinity].some((terms) => terms.length > 0);
}

/** `matchLabelKeys` were merged into the selector by the API server. */
function termOf(pod: V1Pod, { labelSelector, namespaces, namespaceSelector, topologyKey }: V1PodAffinityTerm): AffinityTerm {
  const own = (namespaces ?? []).length === 0 && namespaceSelector === undefined ? [pod.metadata?.namespace ?? ''] : (namespaces ?? []);
  return {
    selector: validSelectorOf(labelSelector),
    namespaces: new Set(own),
    namespaceSelector: namespaceSelector === undefined ? undefined : validSelectorOf(namespaceSelector),
    topologyKey,
  };
}
