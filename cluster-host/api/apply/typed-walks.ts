/** Walks over values along a schema: what a value owns, and a value without some of its fields. */
import type { ListType, MapType, StructType, Type } from '../catalogue/schema.ts';
import { isBlank, isObject, setKey, type JsonObject } from '../values.ts';
import { below, FieldSetBuilder, isEmpty, type FieldSet } from './field-set.ts';
import { fieldType, itemsBySteps, listSteps, partsOf } from './steps.ts';

/** Every field that a value sets. */
export function fieldsOf(value: unknown, type: Type): FieldSet {
  const walk = new FieldsWalk();
  walk.collect(value, type);
  return walk.fields.build();
}

class FieldsWalk {
  readonly fields = new FieldSetBuilder();
  /** Steps to the value at hand. */
  private readonly path: string[] = [];

  collect(value: unknown, type: Type): void {
    const parts = partsOf(type, value);
    if (parts === undefined) this.fields.add(this.path);
    else if (parts.kind === 'list') {
      if (Array.isArray(value)) this.collectItems(value, parts);
    } else if (isObject(value)) this.collectFields(value, parts);
  }

  private collectFields(object: JsonObject, type: MapType | StructType): void {
    for (const [name, item] of Object.entries(object)) {
      this.path.push(`f:${name}`);
      this.collect(item, fieldType(type, name));
      // A field that the schema names is owned through its parts, unless it has none; an empty list is not owned at all.
      const isNamed = type.kind === 'struct' && type.fields.has(name);
      if (!isNamed || (!Array.isArray(item) && isBlank(item))) this.fields.add(this.path);
      this.path.pop();
    }
  }

  private collectItems(list: readonly unknown[], type: ListType): void {
    for (const [step, items] of itemsBySteps(type, list)) {
      this.path.push(step);
      // Of items that are there twice only the items themselves can be owned.
      if (items.length === 1) this.collect(items[0], type.item);
      this.fields.add(this.path);
      this.path.pop();
    }
  }
}

/** A value without the fields of a set; undefined where nothing is left of it. */
export function remove(value: unknown, set: FieldSet, type: Type): unknown {
  const parts = partsOf(type, value);
  if (parts?.kind === 'list') return Array.isArray(value) ? removeItems(value, set, parts) : value;
  return parts !== undefined && isObject(value) ? removeFields(value, set, parts) : value;
}

function removeFields(object: JsonObject, set: FieldSet, type: Type): unknown {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(object)) {
    const step = `f:${name}`;
    if (set.members.has(step)) continue;
    const deeper = below(set, step);
    const kept = isEmpty(deeper) ? item : remove(item, deeper, fieldType(type, name));
    setKey(result, name, kept === undefined ? null : kept);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function removeItems(list: readonly unknown[], set: FieldSet, type: ListType): unknown {
  const result: unknown[] = [];
  for (const [step, item] of listSteps(type, list)) {
    if (set.members.has(step)) continue;
    const deeper = below(set, step);
    result.push(isEmpty(deeper) ? item : (remove(item, deeper, type.item) ?? null));
  }
  return result.length === 0 ? undefined : result;
}
