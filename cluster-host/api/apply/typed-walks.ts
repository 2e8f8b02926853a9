/** Walks over values along a schema: what a value owns, what two values differ in, and a value without some of its fields. */
import type { ListType, MapType, StructType, Type } from '../catalogue/schema.ts';
import { equal, getKey, isBlank, isObject, setKey, type JsonObject } from '../values.ts';
import { below, FieldSetBuilder, isEmpty, type FieldSet } from './field-set.ts';
import { fieldType, listSteps, partsOf } from './steps.ts';

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
      // A list that is empty has no items to own, and is not owned itself.
      if (type.kind === 'map' || (!Array.isArray(item) && isBlank(item))) this.fields.add(this.path);
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

function itemsBySteps(type: ListType, list: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const [step, item] of listSteps(type, list)) {
    const known = items.get(step);
    if (known === undefined) items.set(step, [item]);
    else known.push(item);
  }
  return items;
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** In what two values of a type differ. */
export function compare(before: unknown, after: unknown, type: Type): Comparison {
  const walk = new CompareWalk();
  walk.compare(before, after, type);
  return { added: walk.added.build(), modified: walk.modified.build(), removed: walk.removed.build() };
}

class CompareWalk {
  readonly added = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();
  /** Steps to the values at hand. */
  private readonly path: string[] = [];

  compare(before: unknown, after: unknown, type: Type): void {
    const parts = partsOf(type, before, after);
    if (parts !== undefined && !(isBlank(before) && isBlank(after))) {
      if (parts.kind === 'list') this.items(asList(before), asList(after), parts);
      else this.fields(before, after, parts);
    } else if (before !== undefined && after !== undefined && !equal(before, after)) this.modified.add(this.path);
    if (before === undefined) this.added.add(this.path);
    else if (after === undefined) this.removed.add(this.path);
  }

  private fields(before: unknown, after: unknown, type: MapType | StructType): void {
    const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      this.path.push(`f:${name}`);
      this.compare(getKey(left, name), getKey(right, name), fieldType(type, name));
      this.path.pop();
    }
  }

  private items(before: readonly unknown[], after: readonly unknown[], type: ListType): void {
    const left = itemsBySteps(type, before);
    const right = itemsBySteps(type, after);
    for (const step of new Set([...left.keys(), ...right.keys()])) {
      this.path.push(step);
      this.item(left.get(step) ?? [], right.get(step) ?? [], type);
      this.path.pop();
    }
  }

  /** Items of one identity; more than one of them can only change as a whole. */
  private item(lefts: readonly unknown[], rights: readonly unknown[], type: ListType): void {
    if (lefts.length <= 1 && rights.length <= 1) this.compare(lefts[0], rights[0], type.item);
    else if (lefts.length >= 2 && rights.length >= 2) {
      if (!equal(lefts, rights)) this.modified.add(this.path);
    } else if (lefts.length >= 2) {
      if (rights.length > 0) this.compare(undefined, rights[0], type.item);
      this.removed.add(this.path);
    } else {
      if (lefts.length > 0) this.compare(lefts[0], undefined, type.item);
      this.added.add(this.path);
    }
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
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
