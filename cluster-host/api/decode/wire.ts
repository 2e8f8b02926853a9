/** Objects exactly as Go writes them: null where a list, map, time or pointer is not set and is not left out. */
import type { Field, Type } from '../catalogue/schema.ts';
import { isBlank, isObject, setKey, type JsonObject } from '../values.ts';

/** A copy of a decoded value with its nulls. Objects in memory do without: `undefined` is what their types promise. */
export function wireForm(value: unknown, type: Type): unknown {
  if (Array.isArray(value)) return type.kind === 'list' ? value.map((item) => wireForm(item, type.item)) : value;
  if (!isObject(value)) return value;
  if (type.kind === 'map') return mapped(value, () => type.value);
  if (type.kind !== 'struct') return value;
  const result = mapped(value, (name) => type.fields.get(name)?.type);
  for (const field of type.fields.values()) {
    const content = result[field.name];
    const isUnset = content === undefined || ((field.type.kind === 'list' || field.type.kind === 'map') && isBlank(content));
    if (isUnset && isNullWhenUnset(field)) result[field.name] = null;
  }
  return result;
}

function mapped(object: JsonObject, typeOf: (name: string) => Type | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(object)) {
    const type = typeOf(name);
    if (item !== undefined) setKey(result, name, type === undefined ? item : wireForm(item, type));
  }
  return result;
}

function isNullWhenUnset({ name, type, pointer, omitEmpty }: Field): boolean {
  if (!omitEmpty) return true;
  // Go never leaves out a struct, and a time is one; this one field says otherwise.
  return !pointer && name !== 'creationTimestamp' && type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microTime');
}
