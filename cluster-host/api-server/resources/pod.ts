/** Pods: graceful deletion and the subresources that change one thing of a pod. */
import type { FieldError } from '../../api/field-error.ts';
import { raiseGeneration } from '../../api/kinds/define-kind.ts';
import type { V1Container, V1Pod } from '../../api/generated/types.ts';
import { validatePod } from '../../api/kinds/pod.ts';
import type { KubeObject } from '../../api/object.ts';
import { validateEphemeralContainersUpdate, validatePodResize } from '../../api/validation/pod-subresources.ts';
import type { Registries } from '../registry/registries.ts';
import { objectPart } from './object-part.ts';
import { binding } from './pod-binding.ts';
import { eviction } from './pod-eviction.ts';
import type { ResourceStrategy, SubresourceUpdate } from './strategy.ts';

export function podStrategy(registries: () => Registries, now: () => number): ResourceStrategy {
  return {
    returnsDeleted: true,
    gracePeriod: graceOf,
    subresourceUpdates: { ephemeralcontainers: specUpdate(validateEphemeralContainersUpdate), resize: specUpdate(validatePodResize) },
    subresources: {
      binding: { create: binding(now) },
      eviction: { create: eviction(registries, now) },
      ephemeralcontainers: objectPart('ephemeralcontainers', takeEphemeralContainers),
      resize: objectPart('resize', takeResources),
    },
  };
}

function specUpdate(validate: (pod: V1Pod, old: V1Pod) => readonly FieldError[]): SubresourceUpdate {
  return {
    prepareForUpdate: (pod, old) => raiseGeneration(pod, old, ['spec']),
    validateUpdate: (pod, old) => [...validatePod(pod), ...validate(pod, old)],
  };
}

/** A pod that no kubelet runs (any more) has nothing to end gracefully. */
function graceOf(object: KubeObject, asked: number | undefined): number {
  const { spec, status }: V1Pod = object;
  if ((spec?.nodeName ?? '') === '' || status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0;
  const seconds = asked ?? spec?.terminationGracePeriodSeconds ?? 30;
  return seconds < 0 ? 1 : seconds;
}

function takeEphemeralContainers(current: V1Pod, sent: V1Pod): void {
  if (current.spec === undefined) return;
  if (sent.spec?.ephemeralContainers === undefined) delete current.spec.ephemeralContainers;
  else current.spec.ephemeralContainers = sent.spec.ephemeralContainers;
}

/**
 * In-place resize: resources and resize policies of containers that are there (KEP-1287), and of the pod as a whole.
 * Containers that are not the same, or in another order, are taken as sent for validation to refuse.
 */
function takeResources({ spec }: V1Pod, { spec: sent }: V1Pod): void {
  if (spec === undefined || sent === undefined) return;
  if (sent.resources === undefined) delete spec.resources;
  else spec.resources = sent.resources;
  spec.containers = resized(spec.containers, sent.containers);
  if (spec.initContainers !== undefined || sent.initContainers !== undefined) spec.initContainers = resized(spec.initContainers ?? [], sent.initContainers ?? []);
}

function resized(current: readonly V1Container[], sent: readonly V1Container[]): V1Container[] {
  const same = sent.length === current.length && sent.every(({ name }, index) => name === current[index]?.name);
  if (!same) return [...sent];
  return current.map(({ resources: _resources, resizePolicy: _policy, ...container }, index) => {
    const { resources, resizePolicy } = sent[index] ?? {};
    return { ...container, ...(resources === undefined ? {} : { resources }), ...(resizePolicy === undefined ? {} : { resizePolicy }) };
  });
}
