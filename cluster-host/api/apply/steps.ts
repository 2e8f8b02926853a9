/** How the steps of a field set lead through a schema. */
import type { ListType, MapType, StructType, Type } from '../catalogue/schema.ts';
import { zeroValue } from '../decode/typed.ts';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { canonicalJson, getKey, isObject, type JsonObject } from '../values.ts';

const leaf: Type = { kind: 'scalar', scalar: 'any', goType: 'interface {}' };
/** Objects without a schema are owned field by field, their lists as a whole. */
export const freeObject: MapType = {
  kind: 'map',
  goType: 'map[string]interface {}',
  atomic: false,
  value: { kind: 'scalar', scalar: 'object', goType: 'map[string]interface {}' },
};

/**
 * The type by whose parts a value is owned: a list of identified items, or an object with its fields. Undefined where the
 * value is owned as a whole: scalars, and whatever is atomic.
 */
export function partsOf(type: Type, ...values: readonly unknown[]): ListType | MapType | StructType | undefined {
  if (type.kind === 'list') return type.merge === 'atomic' ? undefined : type;
  if (type.kind === 'map' || type.kind === 'struct') return type.atomic ? undefined : type;
  const isObjects = isFree(type) && values.some(isObject) && values.every((value) => value === undefined || value === null || isObject(value));
  return isObjects ? freeObject : undefined;
}

/** Whether values of the type may be of any form. */
export function isFree(type: Type): boolean {
  return type.kind === 'scalar' && type.scalar === 'object';
}

/** The type of a field of an object; a leaf where the schema does not know it. */
export function fieldType(type: Type, name: string): Type {
  if (type.kind === 'map') return type.value;
  return (type.kind === 'struct' ? type.fields.get(name)?.type : undefined) ?? leaf;
}

/** The type that a step leads to. */
export function childType(type: Type | undefined, step: string): Type | undefined {
  if (type === undefined) return undefined;
  if (step.startsWith('f:')) return fieldType(type, step.slice(2));
  return type.kind === 'list' ? type.item : undefined;
}

/** The step that identifies an item of a set or map list. */
export function itemStep(type: ListType, item: unknown): Result<string> {
  if (type.merge === 'set') {
    if (isObject(item)) return failed("associative list without keys has an element that's a map type");
    if (Array.isArray(item)) return failed('not supported: associative list with lists as elements');
    if (item === null) return failed("associative list without keys has an element that's an explicit null");
    return ok(`v:${canonicalJson(item)}`);
  }
  if (item === null) return failed('associative list with keys may not have a null element');
  if (!isObject(item)) return failed('associative list with keys may not have non-map elements');
  const keys: JsonObject = {};
  for (const key of type.keys) {
    const own = getKey(item, key);
    const value = own === undefined ? keyDefault(type, key) : own;
    if (value !== undefined) keys[key] = value;
  }
  if (Object.keys(keys).length === 0) {
    const names = type.keys.map((key) => JSON.stringify(key)).join(' ');
    return failed(`associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`);
  }
  return ok(`k:${canonicalJson(keys)}`);
}

/** The value of a key that an item leaves out: its default, or empty where the field is always written. */
function keyDefault(type: ListType, key: string): unknown {
  const field = type.item.kind === 'struct' ? type.item.fields.get(key) : undefined;
  if (field === undefined || field.default !== undefined) return field?.default;
  return field.omitEmpty || field.pointer ? undefined : zeroValue(field.type);
}

/** The items of a list by their steps, in order; items that have no step are left out, doubled ones come more than once. */
export function listSteps(type: ListType, items: readonly unknown[]): readonly (readonly [string, unknown])[] {
  return items.flatMap((item) => {
    const step = itemStep(type, item);
    return step.ok ? [[step.value, item] as const] : [];
  });
}

/** The items of a list by their steps: more than one where an item is there twice. */
export function itemsBySteps(type: ListType, list: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const [step, item] of listSteps(type, list)) {
    const known = items.get(step);
    if (known === undefined) items.set(step, [item]);
    else known.push(item);
  }
  return items;
}
