/** Objects exactly as Go writes them: null where a list, map, time or pointer is not set and is not left out. */
import type { Field, StructType, Type } from '../catalogue/schema.ts';
import { isBlank, isObject, setKey, type JsonObject } from '../values.ts';

/** A copy of a decoded value with its nulls. Objects in memory do without: `undefined` is what their types promise. */
export function wireForm(value: unknown, type: Type): unknown {
  if (Array.isArray(value)) return type.kind === 'list' ? value.map((item) => wireForm(item, type.item)) : value;
  if (!isObject(value)) return value;
  if (type.kind === 'map') return mapped(value, () => type.value);
  if (type.kind !== 'struct') return value;
  const result = mapped(value, (name) => type.fields.get(name)?.type);
  for (const [name, kind] of nullWhenUnset(type)) if (isUnset(result[name], kind)) result[name] = null;
  return result;
}

/** Whether Go writes null for a value of a field that is null when it is not set: of lists and maps also where they are empty. */
export function isUnset(value: unknown, kind: Type['kind']): boolean {
  return value === undefined || ((kind === 'list' || kind === 'map') && isBlank(value));
}

function mapped(object: JsonObject, typeOf: (name: string) => Type | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(object)) {
    const type = typeOf(name);
    if (item !== undefined) setKey(result, name, type === undefined ? item : wireForm(item, type));
  }
  return result;
}

const nullFields = new WeakMap<StructType, ReadonlyMap<string, Type['kind']>>();

/** The fields of a struct that are written as null where they are not set, with the kinds of their types. */
export function nullWhenUnset(type: StructType): ReadonlyMap<string, Type['kind']> {
  let names = nullFields.get(type);
  if (names === undefined) {
    names = new Map([...type.fields.values()].filter(isNullWhenUnset).map((field) => [field.name, field.type.kind]));
    nullFields.set(type, names);
  }
  return names;
}

function isNullWhenUnset({ name, type, pointer, omitEmpty }: Field): boolean {
  if (!omitEmpty) return true;
  // Go never leaves out a struct, and a time is one; this one field says otherwise.
  return !pointer && name !== 'creationTimestamp' && type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microTime');
}
