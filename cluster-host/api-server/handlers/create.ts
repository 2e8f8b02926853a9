/** POST of a new object. */
import { badRequest } from '../failure.ts';
import { checkPlace, decodeObject } from './decode-object.ts';
import { writeContextOf, type Handler } from './handler.ts';
import { writeOptionsOf } from './options.ts';

export const create: Handler = async (context, target) => {
  const options = writeOptionsOf(context.request.query, 'CreateOptions');
  const object = await decodeObject(context, target.definition, options.fieldValidation);
  checkPlace(object, target);
  if ((object.metadata?.resourceVersion ?? '') !== '') throw badRequest('resourceVersion should not be set on objects to be created');
  const version = await target.registry.create(target.namespace, object, writeContextOf(context, options.dryRun));
  return { type: 'object', status: 201, object: version };
};
