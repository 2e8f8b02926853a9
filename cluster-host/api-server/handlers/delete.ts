/** DELETE of one object. */
import type { V1DeleteOptions } from '../../api/generated/types.ts';
import { deleted } from '../../api/status.ts';
import { isObject } from '../../api/values.ts';
import { readDocument } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';
import { decodeDocument } from './decode-object.ts';
import { writeContextOf, type Handler } from './handler.ts';
import { deleteOptionsOf } from './options.ts';

export const remove: Handler = async (context, { registry, definition, namespace, name }) => {
  const options = await readDeleteOptions(context);
  const result = await registry.delete(namespace, name, options, writeContextOf(context, (options.dryRun ?? []).length > 0));
  if (!result.deleted) return { type: 'object', status: options.orphanDependents === false ? 202 : 200, object: result.version };
  const { uid = '' } = result.version.object.metadata ?? {};
  return { type: 'object', status: 200, object: registry.strategy.returnsDeleted === true ? result.version : deleted(definition, name, uid) };
};

export async function readDeleteOptions(context: RequestContext): Promise<V1DeleteOptions> {
  const document = await readDocument(context.request, 'DeleteOptions');
  if (document?.value === undefined || document.value === null) return deleteOptionsOf(context.request.query, undefined);
  // Every group-version has a DeleteOptions, and all are one.
  const value = isObject(document.value) ? { ...document.value, apiVersion: 'v1' } : document.value;
  const options = decodeDocument(context, { ...document, value }, { group: '', version: 'v1', kind: 'DeleteOptions', model: 'V1DeleteOptions' }, 'Ignore');
  return deleteOptionsOf(context.request.query, options);
}
