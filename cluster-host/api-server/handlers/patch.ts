/** PATCH of an object or of its status. */
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { apply, checkPatchOptions, isApply } from './apply.ts';
import { checkPlace } from './decode-object.ts';
import { writeContextOf, type Handler } from './handler.ts';
import { writeOptionsOf } from './options.ts';
import { patcherOf } from './patcher.ts';

export const patch: Handler = async (context, target, services) => {
  if (isApply(context.request)) return apply(context, target, services);
  checkPatchOptions(context);
  const { registry, definition, namespace, name, subresource } = target;
  const options = writeOptionsOf(context.request.query, 'PatchOptions');
  const patcher = await patcherOf(context, definition, options.fieldValidation);
  const next = (current: KubeObject): KubeObject => {
    const { kind: _kind, apiVersion: _apiVersion, ...patched } = patcher(current);
    const object: KubeObject = { kind: definition.kind, apiVersion: apiVersionOf(definition), ...patched };
    definition.setDefaults(object);
    checkPlace(object, target);
    return object;
  };
  const { version, created } = await registry.update(namespace, name, { subresource, next }, writeContextOf(context, options.dryRun));
  return { type: 'object', status: created ? 201 : 200, object: version };
};
