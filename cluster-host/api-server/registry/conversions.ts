/** Kinds that are served in a group or version other than the one they are stored in: two faces of one object. A row a face. */
import { coreEvent, fromCoreEvent, toCoreEvent } from '../../api/kinds/event.ts';
import { autoscaler, toV1, toV2 } from '../../api/kinds/horizontal-pod-autoscaler.ts';
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';

export interface Conversion {
  readonly stored: Pick<KindDefinition, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>;
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
  /** Where somebody outside converts: all objects at once, into an apiVersion. Rejects with `ApiFailure`. What `fromStored` and `toStored` are given then has that version already. */
  readonly convertOutside?: (objects: readonly KubeObject[], apiVersion: string) => Promise<readonly KubeObject[]>;
}

/** By `group/version/plural` of the face that is not stored. */
export const conversions: Readonly<Record<string, Conversion>> = {
  'autoscaling/v1/horizontalpodautoscalers': {
    stored: autoscaler,
    toStored: (object) => toV2(object as Parameters<typeof toV2>[0]),
    fromStored: (object) => toV1(object as Parameters<typeof toV1>[0]),
  },
  'events.k8s.io/v1/events': {
    stored: coreEvent,
    toStored: (object) => toCoreEvent(object as Parameters<typeof toCoreEvent>[0]),
    fromStored: (object) => fromCoreEvent(object as Parameters<typeof fromCoreEvent>[0]),
  },
};
