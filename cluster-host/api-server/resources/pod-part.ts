/** Subresources whose body is the whole pod, of which one part counts: `ephemeralcontainers`, `resize`. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { checkPlace, decodeObject } from '../handlers/decode-object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { patcherOf } from '../handlers/patcher.ts';
import { metadataOf } from '../registry/metadata.ts';
import type { Answer } from '../request.ts';
import type { SubresourceHandlers, SubresourceRequest } from './strategy.ts';

/** `take` moves the part out of the pod that was sent into a copy of the live one. */
export function podPart(subresource: string, take: (current: V1Pod, sent: V1Pod) => void): SubresourceHandlers {
  const write = async ({ context, registry, namespace, name }: SubresourceRequest, dryRun: boolean, sentOf: (current: KubeObject) => KubeObject): Promise<Answer> => {
    const next = (current: KubeObject): KubeObject => {
      const sent = sentOf(current);
      checkPlace(sent, { registry, definition: registry.definition, namespace, name, subresource });
      take(current, sent);
      const { resourceVersion = '', uid } = metadataOf(sent);
      current.metadata = { ...current.metadata, ...(uid === undefined ? {} : { uid }), resourceVersion };
      registry.definition.setDefaults(current);
      return current;
    };
    const { version } = await registry.update(namespace, name, { subresource, next }, writeContextOf(context, dryRun));
    return { type: 'object', status: 200, object: version };
  };
  return {
    get: async ({ registry, namespace, name }) => ({ type: 'object', status: 200, object: await registry.get(namespace, name) }),
    async update(request) {
      const options = writeOptionsOf(request.context.request.query, 'UpdateOptions');
      const sent = await decodeObject(request.context, request.registry.definition, options.fieldValidation);
      return write(request, options.dryRun, () => sent);
    },
    async patch(request) {
      const options = writeOptionsOf(request.context.request.query, 'PatchOptions');
      const patch = await patcherOf(request.context, request.registry.definition, options.fieldValidation);
      return write(request, options.dryRun, patch);
    },
  };
}
