/** Pods: graceful deletion and the subresources that change one thing of a pod. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Registries } from '../registry/registries.ts';
import { objectPart } from './object-part.ts';
import { binding } from './pod-binding.ts';
import { eviction } from './pod-eviction.ts';
import type { ResourceStrategy } from './strategy.ts';

export function podStrategy(registries: () => Registries, now: () => number): ResourceStrategy {
  return {
    returnsDeleted: true,
    gracePeriod: graceOf,
    subresources: {
      binding: { create: binding(now) },
      eviction: { create: eviction(registries, now) },
      ephemeralcontainers: objectPart('ephemeralcontainers', takeEphemeralContainers),
      resize: objectPart('resize', takeResources),
    },
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

/** In-place resize: resources and resize policies of containers that are there (KEP-1287). */
function takeResources(current: V1Pod, sent: V1Pod): void {
  for (const list of ['containers', 'initContainers'] as const) {
    for (const container of current.spec?.[list] ?? []) {
      const wanted = sent.spec?.[list]?.find(({ name }) => name === container.name);
      if (wanted?.resources !== undefined) container.resources = wanted.resources;
      if (wanted?.resizePolicy !== undefined) container.resizePolicy = wanted.resizePolicy;
    }
  }
}
