/** In what two values of a type differ, field by field. What is equal costs no more than looking at it. */
import type { ListType, MapType, StructType, Type } from '../catalogue/schema.ts';
import { isUnset, nullWhenUnset } from '../decode/wire.ts';
import { equal, getKey, isBlank, isObject, type JsonObject } from '../values.ts';
import { emptySet, isEmpty, type FieldSet } from './field-set.ts';
import { fieldType, freeObject, isFree, itemsBySteps, partsOf } from './steps.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What a missing field means: nothing, or in decoded objects what Go writes there, which may be null. */
export type Missing = 'nothing' | 'unset';

export function compare(before: unknown, after: unknown, type: Type, missing: Missing = 'nothing'): Comparison {
  return new CompareWalk(missing).compare(before, after, type)?.parts ?? equality;
}

type Kind = keyof Comparison;

interface Difference {
  /** What became of the value itself: an item that was there twice may be removed and added at once. */
  readonly whole: readonly Kind[];
  readonly parts?: Comparison;
}

const only: Readonly<Record<Kind, Difference>> = { added: { whole: ['added'] }, modified: { whole: ['modified'] }, removed: { whole: ['removed'] } };

const equality: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

class CompareWalk {
  private readonly missing: Missing;

  constructor(missing: Missing) {
    this.missing = missing;
  }

  compare(before: unknown, after: unknown, type: Type): Difference | undefined {
    if (before === after) return undefined;
    const parts = partsOf(type, before, after);
    const both = before !== undefined && after !== undefined;
    if (parts === undefined) {
      if (!both) return before === undefined ? only.added : only.removed;
      if (equal(before, after)) return undefined;
      // Only values without a schema change their form: then parts come or go besides.
      return isFree(type) ? withParts(only.modified, this.fields(before, after, freeObject)) : only.modified;
    }
    // What is empty is told from null, but has no parts to tell apart.
    const blank = isBlank(before) && isBlank(after);
    if (blank && both) return equal(before, after) ? undefined : only.modified;
    const found = blank ? undefined : parts.kind === 'list' ? this.items(asList(before), asList(after), parts) : this.fields(before, after, parts);
    if (!both) return withParts(before === undefined ? only.added : only.removed, found);
    return found === undefined ? undefined : { whole: [], parts: found };
  }

  private fields(before: unknown, after: unknown, type: MapType | StructType): Comparison | undefined {
    const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    const unset = this.missing === 'unset' && type.kind === 'struct' ? nullWhenUnset(type) : undefined;
    const level = new Level();
    const visit = (name: string): void => {
      const nullType = unset?.get(name);
      const found = this.compare(isObject(before) ? valueOf(left, name, nullType) : undefined, isObject(after) ? valueOf(right, name, nullType) : undefined, fieldType(type, name));
      if (found !== undefined) level.add(`f:${name}`, found);
    };
    for (const name of Object.keys(left)) visit(name);
    for (const name of Object.keys(right)) if (!Object.hasOwn(left, name)) visit(name);
    for (const name of unset?.keys() ?? []) if (!Object.hasOwn(left, name) && !Object.hasOwn(right, name)) visit(name);
    return level.build();
  }

  private items(before: readonly unknown[], after: readonly unknown[], type: ListType): Comparison | undefined {
    if (equal(before, after)) return undefined;
    const left = itemsBySteps(type, before);
    const right = itemsBySteps(type, after);
    const level = new Level();
    for (const step of new Set([...left.keys(), ...right.keys()])) {
      const found = this.item(left.get(step) ?? [], right.get(step) ?? [], type);
      if (found !== undefined) level.add(step, found);
    }
    return level.build();
  }

  /** Items of one identity; more than one of them can only change as a whole. */
  private item(lefts: readonly unknown[], rights: readonly unknown[], type: ListType): Difference | undefined {
    if (lefts.length <= 1 && rights.length <= 1) return this.compare(lefts[0], rights[0], type.item);
    if (lefts.length >= 2 && rights.length >= 2) return equal(lefts, rights) ? undefined : only.modified;
    const single = lefts.length >= 2 ? rights[0] : lefts[0];
    const found = single === undefined ? undefined : lefts.length >= 2 ? this.compare(undefined, single, type.item) : this.compare(single, undefined, type.item);
    return withParts({ whole: [...(found?.whole ?? []), lefts.length >= 2 ? 'removed' : 'added'] }, found?.parts);
  }
}

function withParts({ whole }: Difference, parts: Comparison | undefined): Difference {
  return parts === undefined ? { whole } : { whole, parts };
}

/** `nullType` is given where Go writes null for a field that is not set. */
function valueOf(object: JsonObject, name: string, nullType: Type | undefined): unknown {
  const value = getKey(object, name);
  return nullType !== undefined && isUnset(value, nullType) ? null : value;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const kinds = ['added', 'modified', 'removed'] as const;

/** The differences of the parts of one value, gathered. Most levels have none, and few have several kinds. */
class Level {
  private readonly sets: Partial<Record<Kind, { readonly members: Set<string>; readonly children: Map<string, FieldSet> }>> = {};

  add(step: string, { whole, parts }: Difference): void {
    for (const kind of whole) this.of(kind).members.add(step);
    if (parts === undefined) return;
    for (const kind of kinds) if (!isEmpty(parts[kind])) this.of(kind).children.set(step, parts[kind]);
  }

  build(): Comparison | undefined {
    const { added, modified, removed } = this.sets;
    if (added === undefined && modified === undefined && removed === undefined) return undefined;
    return { added: added ?? emptySet, modified: modified ?? emptySet, removed: removed ?? emptySet };
  }

  private of(kind: Kind): { readonly members: Set<string>; readonly children: Map<string, FieldSet> } {
    return (this.sets[kind] ??= { members: new Set(), children: new Map() });
  }
}
