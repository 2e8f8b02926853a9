/** Subresources whose body is the whole object, of which one part counts: a pod's `resize`, a certificate signing request's `approval`. */
import type { KubeObject } from '../../api/object.ts';
import { applierOf, checkPatchOptions, isApply } from '../handlers/apply.ts';
import { checkPlace, decodeObject } from '../handlers/decode-object.ts';
import { writeContextOf } from '../handlers/handler.ts';
import { writeOptionsOf } from '../handlers/options.ts';
import { patcherOf } from '../handlers/patcher.ts';
import { metadataOf } from '../registry/metadata.ts';
import type { Answer } from '../request.ts';
import type { SubresourceHandlers, SubresourceRequest } from './strategy.ts';

/** `take` moves the part out of the object that was sent into a copy of the live one. */
export function objectPart<T extends KubeObject>(subresource: string, take: (current: T, sent: T) => void): SubresourceHandlers {
  const write = async ({ context, registry, namespace, name }: SubresourceRequest, dryRun: boolean, sentOf: (current: KubeObject) => KubeObject, isTracked = false): Promise<Answer> => {
    const next = (current: KubeObject): KubeObject => {
      const sent = sentOf(current);
      checkPlace(sent, { registry, definition: registry.definition, namespace, name, subresource });
      take(current as T, sent as T);
      const { resourceVersion = '', uid, managedFields } = metadataOf(sent);
      current.metadata = { ...current.metadata, ...(uid === undefined ? {} : { uid }), resourceVersion, ...(isTracked && { managedFields }) };
      registry.definition.setDefaults(current);
      return current;
    };
    const { version } = await registry.update(namespace, name, { subresource, next, ...(isTracked && { tracked: true }) }, writeContextOf(context, dryRun));
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
      const { context, registry } = request;
      if (isApply(context.request)) return write(request, options.dryRun, await applierOf(context, registry.managementOf(subresource), options), true);
      checkPatchOptions(context);
      const patch = await patcherOf(context, registry.definition, options.fieldValidation);
      return write(request, options.dryRun, patch);
    },
  };
}
