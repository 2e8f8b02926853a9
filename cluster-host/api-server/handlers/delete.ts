/** DELETE of one object. */
import type { V1DeleteOptions } from '../../api/generated/types.ts';
import { deleted } from '../../api/status.ts';
import { badRequest, type ApiFailure } from '../failure.ts';
import { bodyLimit, contentTypeOf, parseBody } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';
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
  const { value } = parseBody(await context.request.body(bodyLimit), contentTypeOf(context.request));
  if (value === undefined || value === null) return deleteOptionsOf(context.request.query, undefined);
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest('the object provided is unrecognized (must be of type DeleteOptions)');
  const { kind = 'DeleteOptions' } = value as { kind?: unknown };
  if (kind !== 'DeleteOptions') throw badRequest(`decoded object cannot be converted to DeleteOptions`);
  return deleteOptionsOf(context.request.query, checkedOptions(value));
}

/** The members that count, of the right types. */
function checkedOptions(value: object): V1DeleteOptions {
  const options = value as V1DeleteOptions;
  const wrong = (field: string, type: string): ApiFailure => badRequest(`json: cannot unmarshal ${JSON.stringify(options[field as keyof V1DeleteOptions])} into Go struct field DeleteOptions.${field} of type ${type}`);
  if (options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds !== null && !Number.isSafeInteger(options.gracePeriodSeconds)) throw wrong('gracePeriodSeconds', 'int64');
  if (options.propagationPolicy !== undefined && options.propagationPolicy !== null && typeof options.propagationPolicy !== 'string') throw wrong('propagationPolicy', 'v1.DeletionPropagation');
  if (options.orphanDependents !== undefined && options.orphanDependents !== null && typeof options.orphanDependents !== 'boolean') throw wrong('orphanDependents', 'bool');
  if (options.preconditions !== undefined && options.preconditions !== null && typeof options.preconditions !== 'object') throw wrong('preconditions', 'v1.Preconditions');
  if (options.dryRun !== undefined && options.dryRun !== null && !(Array.isArray(options.dryRun) && options.dryRun.every((item) => typeof item === 'string'))) throw wrong('dryRun', '[]string');
  return Object.fromEntries(Object.entries(options).filter(([, member]) => member !== null)) as V1DeleteOptions;
}
