/** Which nodes a pod wants or needs, and beside which pods. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type {
  V1Affinity,
  V1LabelSelector,
  V1NodeAffinity,
  V1NodeSelector,
  V1NodeSelectorTerm,
  V1PodAffinity,
  V1PodAffinityTerm,
} from '../generated/types.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, qualifiedName } from './errors.ts';
import type { NodeSelectorRequirement } from './label-selector.ts';
import { validateLabelSelector, validateNodeRequirement } from './label-selector.ts';

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution';

export function* validateAffinity(affinity: V1Affinity | undefined, field: string): Errors {
  if (affinity?.nodeAffinity) yield* validateNodeAffinity(affinity.nodeAffinity, `${field}.nodeAffinity`);
  if (affinity?.podAffinity) yield* validatePodAffinity(affinity.podAffinity, `${field}.podAffinity`);
  if (affinity?.podAntiAffinity) yield* validatePodAffinity(affinity.podAntiAffinity, `${field}.podAntiAffinity`);
}

function* validateNodeAffinity(affinity: V1NodeAffinity, field: string): Errors {
  const needed = affinity[requiredTerms];
  if (needed) yield* validateNodeSelector(needed, `${field}.${requiredTerms}`);
  for (const [index, { weight, preference }] of (affinity[preferredTerms] ?? []).entries()) {
    const at = `${field}.${preferredTerms}[${index}]`;
    yield* validateWeight(weight, at);
    yield* validateNodeTerm(preference ?? {}, `${at}.preference`, true);
  }
}

function* validateWeight(weight: number | undefined, field: string): Errors {
  if (!weight || weight < 0 || weight > 100) yield invalid(`${field}.weight`, weight ?? 0, 'must be in the range 1-100');
}

export function* validateNodeSelector(selector: V1NodeSelector, field: string): Errors {
  const terms = selector.nodeSelectorTerms ?? [];
  const at = `${field}.nodeSelectorTerms`;
  if (terms.length === 0) yield required(at, 'must have at least one node selector term');
  for (const [index, term] of terms.entries()) yield* validateNodeTerm(term, `${at}[${index}]`, false);
}

function* validateNodeTerm(term: V1NodeSelectorTerm, field: string, anyValue: boolean): Errors {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries()) {
    yield* validateNodeRequirement(requirement, `${field}.matchExpressions[${index}]`, anyValue);
  }
  for (const [index, requirement] of (term.matchFields ?? []).entries()) yield* validateNodeField(requirement, `${field}.matchFields[${index}]`);
}

function* validateNodeField({ key, operator, values = [] }: NodeSelectorRequirement, field: string): Errors {
  if (operator !== 'In' && operator !== 'NotIn') yield invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
  else if (values.length !== 1) yield required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  if (key !== 'metadata.name') {
    yield invalid(`${field}.key`, key ?? '', 'not a valid field selector key');
    return;
  }
  for (const [index, value] of values.entries()) yield* invalidFor(`${field}.values[${index}]`, value, nameIsDnsSubdomain(value, false));
}

function* validatePodAffinity(affinity: V1PodAffinity, field: string): Errors {
  for (const [index, term] of (affinity[requiredTerms] ?? []).entries()) yield* validatePodTerm(term, `${field}.${requiredTerms}[${index}]`);
  for (const [index, { weight, podAffinityTerm }] of (affinity[preferredTerms] ?? []).entries()) {
    const at = `${field}.${preferredTerms}[${index}]`;
    yield* validateWeight(weight, at);
    yield* validatePodTerm(podAffinityTerm ?? { topologyKey: '' }, `${at}.podAffinityTerm`);
  }
}

function* validatePodTerm(term: V1PodAffinityTerm, field: string): Errors {
  yield* validateLabelSelector(term.labelSelector, `${field}.labelSelector`);
  yield* validateLabelSelector(term.namespaceSelector, `${field}.namespaceSelector`);
  for (const name of term.namespaces ?? []) yield* invalidFor(`${field}.namespace`, name, nameIsDnsLabel(name, false));
  yield* validateLabelKeys(term, field);
  if (!term.topologyKey) yield required(`${field}.topologyKey`, 'can not be empty');
  yield* qualifiedName(`${field}.topologyKey`, term.topologyKey ?? '');
}

function* validateLabelKeys({ matchLabelKeys = [], mismatchLabelKeys = [], labelSelector }: V1PodAffinityTerm, field: string): Errors {
  yield* labelKeys(matchLabelKeys, labelSelector, `${field}.matchLabelKeys`);
  yield* labelKeys(mismatchLabelKeys, labelSelector, `${field}.mismatchLabelKeys`);
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index !== -1 && seen.has(key)) yield invalid(`${field}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector');
    seen.add(key);
  }
  for (const [index, key] of matchLabelKeys.entries()) {
    if (mismatchLabelKeys.includes(key)) yield invalid(`${field}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys');
  }
}

function* labelKeys(keys: readonly string[], selector: V1LabelSelector | undefined, field: string): Errors {
  if (keys.length === 0) return;
  if (selector === undefined) yield forbidden(field, 'must not be specified when labelSelector is not set');
  else for (const [index, key] of keys.entries()) yield* qualifiedName(`${field}[${index}]`, key);
}
