/**
 * Objects exactly as Go writes them: null where a list, map or time is not set and is not left out.
 *
 * Objects in memory do without nulls: `undefined`, or an empty list, is what their types promise.
 */
import type { Field, ScalarName, StructType, Type } from '../catalogue/schema.ts';
import { isBlank, isObject, setKey, type JsonObject } from '../values.ts';

/** A decoded value with its nulls. What needs none is shared, not copied: nothing of it may be changed. */
export function wireForm(value: unknown, type: Type): unknown {
  if (typeof value !== 'object' || value === null || !mayHoldNull(type)) return value;
  if (type.kind === 'list') return Array.isArray(value) ? listOnWire(value, type.item) : value;
  if (!isObject(value)) return value;
  if (type.kind === 'map') return mapOnWire(value, type.value);
  return type.kind === 'struct' ? structOnWire(value, type) : value;
}

function listOnWire(list: readonly unknown[], type: Type): readonly unknown[] {
  const result = list.map((item) => wireForm(item, type));
  return result.every((item, index) => item === list[index]) ? list : result;
}

function mapOnWire(map: JsonObject, type: Type): JsonObject {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(map)) setKey(result, name, wireForm(item, type));
  return Object.entries(result).every(([name, item]) => item === map[name]) ? map : result;
}

function structOnWire(object: JsonObject, type: StructType): JsonObject {
  let result = object;
  for (const field of fieldsWithNull(type)) {
    const content = object[field.name];
    const onWire = isUnset(content, field.type) && isNullWhenUnset(field) ? null : wireForm(content, field.type);
    if (onWire === content) continue;
    if (result === object) result = { ...object };
    result[field.name] = onWire;
  }
  return result;
}

/** Whether Go writes null for a field that is null when it is not set: one of a list or map also where that is empty. */
export function isUnset(content: unknown, type: Type): boolean {
  return content === undefined || ((type.kind === 'list' || type.kind === 'map') && isBlank(content));
}

const times: ReadonlySet<ScalarName> = new Set(['time', 'microTime']);
const nullable: ReadonlySet<ScalarName> = new Set([...times, 'any', 'object', 'bytes']);

function isNullWhenUnset({ name, type, pointer, omitEmpty }: Field): boolean {
  if (!omitEmpty) return pointer || type.kind === 'list' || type.kind === 'map' || (type.kind === 'scalar' && nullable.has(type.scalar));
  // Go never leaves out a struct, and a time is one; this one field says otherwise (`omitzero`, 1.34).
  return !pointer && name !== 'creationTimestamp' && type.kind === 'scalar' && times.has(type.scalar);
}

const nullFields = new WeakMap<StructType, ReadonlyMap<string, Type>>();

/** The fields of a struct that are null on the wire where they are not set, with their types. */
export function nullWhenUnset(type: StructType): ReadonlyMap<string, Type> {
  let fields = nullFields.get(type);
  if (fields === undefined) {
    fields = new Map([...type.fields.values()].filter(isNullWhenUnset).map((field) => [field.name, field.type]));
    nullFields.set(type, fields);
  }
  return fields;
}

const fieldsWithNulls = new WeakMap<StructType, readonly Field[]>();

/** The fields that may be or hold a null: most types have none, and objects of those need no look. */
function fieldsWithNull(type: StructType): readonly Field[] {
  let fields = fieldsWithNulls.get(type);
  if (fields === undefined) {
    fields = [...type.fields.values()].filter((field) => isNullWhenUnset(field) || mayHoldNull(field.type));
    fieldsWithNulls.set(type, fields);
  }
  return fields;
}

const nullHolders = new WeakMap<Type, boolean>();

function mayHoldNull(type: Type): boolean {
  let holds = nullHolders.get(type);
  if (holds === undefined) {
    holds = reachesNull(type, new Set());
    nullHolders.set(type, holds);
  }
  return holds;
}

/** `seen`: types that refer to themselves. */
function reachesNull(type: Type, seen: Set<Type>): boolean {
  if (type.kind === 'scalar' || seen.has(type)) return false;
  seen.add(type);
  if (type.kind === 'list') return reachesNull(type.item, seen);
  if (type.kind === 'map') return reachesNull(type.value, seen);
  return [...type.fields.values()].some((field) => isNullWhenUnset(field) || reachesNull(field.type, seen));
}
