/** Namespaces: finalized by the namespace controller before they go (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/). */
import type { KubeObject } from '../../api/object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { decodeObject } from '../handlers/decode-object.ts';
import { metadataOf } from '../registry/metadata.ts';
import type { ResourceStrategy } from './strategy.ts';

export const namespaceStrategy: ResourceStrategy = {
  isHeld: (object) => (object['spec']?.finalizers ?? []).length > 0,
  markDeleted(object) {
    object['status'] = { ...object['status'], phase: 'Terminating' };
  },
  subresources: {
    finalize: {
      async update({ context, registry, name }) {
        const { dryRun } = writeOptionsOf(context.request.query, 'UpdateOptions');
        const sent = await decodeObject(context, registry.definition, 'Ignore');
        const next = (current: KubeObject): KubeObject => {
          const { resourceVersion } = metadataOf(sent);
          const finalizers = sent['spec']?.finalizers;
          return { ...current, metadata: { ...current.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) }, spec: { ...current['spec'], finalizers } };
        };
        const { version } = await registry.update('', name, { subresource: 'finalize', next }, writeContextOf(context, dryRun));
        return { type: 'object', status: 200, object: version };
      },
    },
  },
};
