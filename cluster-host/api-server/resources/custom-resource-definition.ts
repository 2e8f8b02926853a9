/** CustomResourceDefinitions: they wait for their objects to be deleted before they go, and do not convert by webhook. */
import { cleanupFinalizer, hasCondition, terminatingStatus } from '../../api/custom/conditions.ts';
import type { V1CustomResourceDefinition } from '../../api/generated/types.ts';
import { forbidden } from '../../api/field-errors.ts';
import { invalid } from '../failure.ts';
import { metadataOf, timestamp } from '../registry/metadata.ts';
import type { ResourceStrategy } from './strategy.ts';

export function customResourceDefinitionStrategy(now: () => number): ResourceStrategy {
  return {
    beforeCreate: async (object) => refuseWebhooks(object as V1CustomResourceDefinition),
    beforeUpdate: async (object) => refuseWebhooks(object as V1CustomResourceDefinition),
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

/** With one version there is nothing to convert, whatever the strategy. */
function refuseWebhooks({ spec, metadata }: V1CustomResourceDefinition): undefined {
  if (spec.conversion?.strategy !== 'Webhook' || spec.versions.length < 2) return;
  const problem = forbidden('spec.conversion.strategy', 'conversion between several versions by webhook is not supported, only "None"');
  throw invalid({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' }, metadata?.name ?? '', [problem]);
}
