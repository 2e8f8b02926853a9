/** PATCH bodies: what a patch makes of an object. */
import type { KubeObject } from '../../api/object.ts';
import { badRequest, unsupportedMediaType } from '../failure.ts';
import { bodyLimit, contentTypeOf, parseJson } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';

/** The patched form of a copy of the object; throws `ApiFailure` where the patch does not fit. */
export type Patcher = (object: KubeObject) => unknown;

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];

export async function patcherOf(context: RequestContext, model: string): Promise<Patcher> {
  void model;
  const type = contentTypeOf(context.request);
  const body = await context.request.body(bodyLimit);
  const value = body.type === 'value' ? body.value : parseJson(Buffer.from(body.bytes).toString());
  if (!patchTypes.includes(type)) throw unsupportedMediaType(patchTypes);
  if (typeof value !== 'object' || value === null) throw badRequest('bad patch');
  return (object) => mergePatch(object, value);
}

function mergePatch(target: any, patch: any): any {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
