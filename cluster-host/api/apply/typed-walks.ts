/** Walks over values along a schema: what a value owns, what two values differ in, and a value without some of its fields. */
import type { ListType, Type } from '../catalogue/schema.ts';
import { equal, getKey, isObject, setKey, type JsonObject } from '../values.ts';
import { below, FieldSetBuilder, isEmpty, type FieldSet } from './field-set.ts';
import { fieldType, listSteps, shapeOf } from './steps.ts';

/** Every field that a value sets. */
export function fieldsOf(value: unknown, type: Type): FieldSet {
  const builder = new FieldSetBuilder();
  collect(value, type, [], builder);
  return builder.build();
}

function collect(value: unknown, type: Type, path: readonly string[], builder: FieldSetBuilder): void {
  const shape = shapeOf(type, value);
  if (shape.kind === 'leaf') builder.add(path);
  else if (shape.kind === 'list') {
    if (Array.isArray(value)) collectItems(value, shape.type, path, builder);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const at = [...path, `f:${name}`];
      collect(item, fieldType(shape.type, name), at, builder);
      const isBlank = item === null || (isObject(item) && Object.keys(item).length === 0);
      if (isBlank || shape.type.kind === 'map') builder.add(at);
    }
  }
}

function collectItems(list: readonly unknown[], type: ListType, path: readonly string[], builder: FieldSetBuilder): void {
  const items = listSteps(type, list);
  const counts = new Map<string, number>();
  for (const [step] of items) counts.set(step, (counts.get(step) ?? 0) + 1);
  for (const [step, item] of items) {
    // Of items that are there twice only the items themselves can be owned.
    if (counts.get(step) === 1) collect(item, type.item, [...path, step], builder);
    builder.add([...path, step]);
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** In what two values of a type differ. */
export function compare(before: unknown, after: unknown, type: Type): Comparison {
  const walk = new CompareWalk();
  walk.compare(before, after, type, []);
  return { added: walk.added.build(), modified: walk.modified.build(), removed: walk.removed.build() };
}

class CompareWalk {
  readonly added = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();

  compare(before: unknown, after: unknown, type: Type, path: readonly string[]): void {
    const shape = shapeOf(type, before, after);
    if (shape.kind === 'leaf' || (isBlank(before) && isBlank(after))) return this.leaf(before, after, path);
    if (shape.kind === 'list') this.items(asList(before), asList(after), shape.type, path);
    else this.fields(before, after, shape.type, path);
    if (before === undefined) this.added.add(path);
    else if (after === undefined) this.removed.add(path);
  }

  private leaf(before: unknown, after: unknown, path: readonly string[]): void {
    if (before === undefined) this.added.add(path);
    else if (after === undefined) this.removed.add(path);
    else if (!equal(before, after)) this.modified.add(path);
  }

  private fields(before: unknown, after: unknown, type: Type, path: readonly string[]): void {
    const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      this.compare(getKey(left, name), getKey(right, name), fieldType(type, name), [...path, `f:${name}`]);
    }
  }

  private items(before: readonly unknown[], after: readonly unknown[], type: ListType, path: readonly string[]): void {
    const left = Map.groupBy(listSteps(type, before), ([step]) => step);
    const right = Map.groupBy(listSteps(type, after), ([step]) => step);
    for (const step of new Set([...left.keys(), ...right.keys()])) {
      const lefts = (left.get(step) ?? []).map(([, item]) => item);
      const rights = (right.get(step) ?? []).map(([, item]) => item);
      const at = [...path, step];
      if (lefts.length <= 1 && rights.length <= 1) this.compare(lefts[0], rights[0], type.item, at);
      else if (lefts.length >= 2 && rights.length >= 2) {
        if (!equal(lefts, rights)) this.modified.add(at);
      } else if (lefts.length >= 2) {
        if (rights.length > 0) this.compare(undefined, rights[0], type.item, at);
        this.removed.add(at);
      } else {
        if (lefts.length > 0) this.compare(lefts[0], undefined, type.item, at);
        this.added.add(at);
      }
    }
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value has nothing inside that could be owned apart. */
export function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
}

/** A value without the fields of a set; undefined where nothing is left of it. */
export function remove(value: unknown, set: FieldSet, type: Type): unknown {
  const shape = shapeOf(type, value);
  if (shape.kind === 'object' && isObject(value)) return removeFields(value, set, shape.type);
  if (shape.kind === 'list' && Array.isArray(value)) return removeItems(value, set, shape.type);
  return value;
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
