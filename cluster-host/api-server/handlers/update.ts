/** PUT of an object or of its status. */
import { checkPlace, decodeObject } from './decode-object.ts';
import type { KubeObject } from '../../api/object.ts';
import { mayCreate, writeContextOf, type Handler } from './handler.ts';
import { writeOptionsOf } from './options.ts';
import { copy } from '../../api/values.ts';

export const update: Handler = async (context, target, services) => {
  const { registry, definition, namespace, name, subresource } = target;
  const options = writeOptionsOf(context.request.query, 'UpdateOptions');
  const object = await decodeObject(context, definition, options.fieldValidation);
  checkPlace(object, target);
  const create = async (): Promise<KubeObject> => {
    await mayCreate(context, services);
    return copy(object);
  };
  const plan = { subresource, next: () => copy(object), ...(registry.strategy.createOnUpdate === true && subresource === '' && { create }) };
  const { version, created } = await registry.update(namespace, name, plan, writeContextOf(context, options.dryRun));
  return { type: 'object', status: created ? 201 : 200, object: version };
};
