/** Warnings about where pods, volumes and runtimes are to be: labels of nodes that have other names today, selectors that match nothing. */
import type { V1Affinity, V1LabelSelector, V1NodeSelectorTerm, V1PodAffinityTerm, V1PodSpec } from '../generated/types.ts';
import type { Warnings } from './pod-warnings.ts';

const deprecatedNodeLabels: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
]);

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const matchesNothing = 'a null labelSelector results in matching no pod';

export function* nodeLabelWarnings(key: string, field: string): Warnings {
  const message = deprecatedNodeLabels.get(key);
  if (message !== undefined) yield `${field}: ${message}`;
}

function* namedLabelWarnings(key: string, field: string): Warnings {
  const message = deprecatedNodeLabels.get(key);
  if (message !== undefined) yield `${field}: ${key} is ${message}`;
}

export function* nodeTermWarnings({ matchExpressions = [] }: V1NodeSelectorTerm, field: string): Warnings {
  for (const [index, { key }] of matchExpressions.entries()) yield* namedLabelWarnings(key, `${field}.matchExpressions[${index}].key`);
}

export function* topologyWarnings(selector: V1LabelSelector, field: string): Warnings {
  yield* nodeTermWarnings(selector, field);
  for (const key of Object.keys(selector.matchLabels ?? {})) yield* nodeLabelWarnings(key, `${field}.matchLabels.${key}`);
}

/** About the nodes that a pod asks for. */
export function* nodeWarnings({ nodeSelector, affinity, topologySpreadConstraints = [] }: V1PodSpec, field: string): Warnings {
  for (const key of Object.keys(nodeSelector ?? {})) yield* nodeLabelWarnings(key, `${field}.nodeSelector[${key}]`);
  const nodes = affinity?.nodeAffinity;
  const at = `${field}.affinity.nodeAffinity`;
  for (const [index, term] of (nodes?.[required]?.nodeSelectorTerms ?? []).entries()) yield* nodeTermWarnings(term, `${at}.${required}.nodeSelectorTerms[${index}]`);
  for (const [index, { preference }] of (nodes?.[preferred] ?? []).entries()) yield* nodeTermWarnings(preference ?? {}, `${at}.${preferred}[${index}].preference`);
  for (const [index, { topologyKey, labelSelector }] of topologySpreadConstraints.entries()) {
    yield* namedLabelWarnings(topologyKey, `${field}.topologySpreadConstraints[${index}].topologyKey`);
    if (!labelSelector) yield `${field}.topologySpreadConstraints[${index}].labelSelector: ${matchesNothing}`;
  }
}

/** About the pods that a pod wants near, or far. */
export function* podAffinityWarnings(affinity: V1Affinity | undefined, field: string): Warnings {
  for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
    const at = `${field}.${name}`;
    for (const [index, term] of (affinity?.[name]?.[required] ?? []).entries()) yield* podTermWarnings(term, `${at}.${required}[${index}]`);
    for (const [index, { podAffinityTerm }] of (affinity?.[name]?.[preferred] ?? []).entries()) yield* podTermWarnings(podAffinityTerm, `${at}.${preferred}[${index}].podAffinityTerm`);
  }
}

function* podTermWarnings(term: V1PodAffinityTerm | undefined, field: string): Warnings {
  if (!term?.labelSelector) yield `${field}.labelSelector: ${matchesNothing}`;
}
