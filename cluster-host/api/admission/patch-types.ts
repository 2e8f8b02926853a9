/** Types of the objects that mutating expressions make: `Object.spec{…}`, `JSONPatch{…}` (https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/). */
import { dynType, stringType, structType, type CelType } from '../cel/types.ts';

/** Any field will do: which there are is known when the patch is applied. */
class AnyFields extends Map<string, CelType> {
  override get(): CelType {
    return dynType;
  }
}

const anyFields = new AnyFields();

export const patchObjectType = structType('Object', anyFields);
export const jsonPatchType = structType('JSONPatch', new Map([['op', stringType], ['path', stringType], ['from', stringType], ['value', dynType]]));

/** Struct types by name: `Object` and every path below it. */
export class PatchTypes extends Map<string, CelType> {
  override get(name: string): CelType | undefined {
    if (name === jsonPatchType.name) return jsonPatchType;
    if (name === 'Object') return patchObjectType;
    return name.startsWith('Object.') ? structType(name, anyFields) : undefined;
  }
}
