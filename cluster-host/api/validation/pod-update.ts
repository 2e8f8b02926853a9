/** What may change in a pod once it is there (https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement). */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1Container, V1NodeAffinity, V1NodeSelectorTerm, V1Pod, V1PodSchedulingGate, V1PodSpec } from '../generated/types.ts';
import { rangeMessage } from '../names.ts';
import { validateImageSpaces } from './containers.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { validateAddedTolerations } from './taints.ts';

const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

const maxInt32 = 2 ** 31 - 1;
const noPod: V1PodSpec = { containers: [] };

export function* validatePodSpecUpdate({ spec = noPod }: V1Pod, { spec: old = noPod }: V1Pod): Errors {
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list] ?? [];
    if (containers.length !== (old[list] ?? []).length) {
      yield forbidden(`spec.${list}`, 'pod updates may not add or remove containers');
      return;
    }
    yield* validateImages(containers, `spec.${list}`);
  }
  const deadlineErrors = [...validateDeadline(spec.activeDeadlineSeconds, old.activeDeadlineSeconds, 'spec.activeDeadlineSeconds')];
  yield* deadlineErrors;
  if (deadlineErrors.length > 0 && spec.activeDeadlineSeconds !== undefined) return;
  yield* validateAddedTolerations(spec.tolerations ?? [], old.tolerations ?? [], 'spec.tolerations');
  yield* validateRemovedGates(spec.schedulingGates ?? [], old.schedulingGates ?? [], 'spec.schedulingGates');
  if (!equal(spec, old)) yield* validateRest(spec, old);
}

function* validateImages(containers: readonly V1Container[], field: string): Errors {
  for (const [index, { image = '' }] of containers.entries()) {
    const at = `${field}[${index}].image`;
    if (image === '') yield required(at);
    yield* validateImageSpaces(image, at);
  }
}

/** A deadline may be set, or be made shorter. */
function* validateDeadline(deadline: number | undefined, old: number | undefined, field: string): Errors {
  if (deadline === undefined) {
    if (old !== undefined) yield invalid(field, null, 'must not update from a positive integer to nil value');
  } else if (deadline < 0 || deadline > maxInt32) {
    yield invalid(field, deadline, rangeMessage(0, maxInt32));
  } else if (old !== undefined && old < deadline) {
    yield invalid(field, deadline, 'must be less than or equal to previous value');
  }
}

function* validateRemovedGates(gates: readonly V1PodSchedulingGate[], old: readonly V1PodSchedulingGate[], field: string): Errors {
  for (const [index, { name }] of gates.entries()) {
    if (old.some((gate) => gate.name === name)) continue;
    yield forbidden(`${field}[${index}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`);
  }
}

/** What was allowed to change is put back; then nothing may differ. */
function* validateRest(spec: V1PodSpec, old: V1PodSpec): Errors {
  const gated = (old.schedulingGates ?? []).length > 0;
  const restored: V1PodSpec = {
    ...spec,
    containers: withImagesOf(spec.containers, old.containers),
    initContainers: withImagesOf(spec.initContainers ?? [], old.initContainers ?? []),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
  };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    restored.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
  }
  if (gated) {
    yield* validateGatedPod(spec, old);
    restored.nodeSelector = old.nodeSelector;
    restored.affinity = withNodeAffinity(spec, old.affinity?.nodeAffinity);
  }
  if (!equal(restored, old)) yield forbidden('spec', `pod updates may not change fields other than ${updatable}`);
}

function withImagesOf(containers: readonly V1Container[], old: readonly V1Container[]): V1Container[] {
  return containers.map((container, index) => ({ ...container, image: old[index]?.image }));
}

function withNodeAffinity({ affinity }: V1PodSpec, nodeAffinity: V1NodeAffinity | undefined): V1PodSpec['affinity'] {
  const merged = { ...affinity, nodeAffinity };
  return Object.values(merged).every((value) => value === undefined) ? undefined : merged;
}

/** A pod that waits at a gate may still be told to be choosier about nodes. */
function* validateGatedPod(spec: V1PodSpec, old: V1PodSpec): Errors {
  const selector = spec.nodeSelector ?? {};
  if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => selector[key] !== value)) {
    yield invalid('spec.nodeSelector', selector, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)');
  }
  const path = 'requiredDuringSchedulingIgnoredDuringExecution';
  const field = `spec.affinity.nodeAffinity.${path}.nodeSelectorTerms`;
  const terms = spec.affinity?.nodeAffinity?.[path]?.nodeSelectorTerms ?? [];
  const oldTerms = old.affinity?.nodeAffinity?.[path]?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  if (oldTerms.length !== terms.length) {
    yield invalid(field, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed');
    return;
  }
  for (const [index, term] of terms.entries()) {
    if (!onlyAdds(term, oldTerms[index] ?? {})) yield invalid(`${field}[${index}]`, term, 'only additions are allowed (no mutations or deletions)');
  }
}

function onlyAdds(term: V1NodeSelectorTerm, old: V1NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  // A term without requirements matches nothing: with some it would match more.
  if (lists.every((list) => (old[list] ?? []).length === 0)) return lists.every((list) => (term[list] ?? []).length === 0);
  return lists.every((list) => {
    const before = old[list] ?? [];
    return equal((term[list] ?? []).slice(0, before.length), before);
  });
}
