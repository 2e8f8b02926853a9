/** CustomResourceDefinitions: they wait for their objects to be deleted before they go. */
import { cleanupFinalizer, hasCondition, terminatingStatus } from '../../api/custom/conditions.ts';
import type { V1CustomResourceDefinition } from '../../api/generated/types.ts';
import { metadataOf, timestamp } from '../registry/metadata.ts';
import type { ResourceStrategy } from './strategy.ts';

export function customResourceDefinitionStrategy(now: () => number): ResourceStrategy {
  return {
    // Held from the beginning: the finalizer comes with the deletion.
    isHeld(object) {
      const { deletionTimestamp, finalizers = [] } = metadataOf(object);
      return deletionTimestamp === undefined || finalizers.includes(cleanupFinalizer);
    },
    markDeleted(object) {
      const definition = object as V1CustomResourceDefinition;
      if (hasCondition(definition, 'Terminating')) return;
      const metadata = metadataOf(object);
      metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), cleanupFinalizer])];
      object['status'] = terminatingStatus(definition, 'pending', timestamp(now()));
    },
  };
}
