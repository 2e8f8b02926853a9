/** The part of an object that a field manager stated, after `metadata.managedFields`. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { emptySet, union, type FieldSet } from '../../cluster-host/api/apply/field-set.ts';
import { fromFieldsV1 } from '../../cluster-host/api/apply/fields-v1.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';

/** The fields that a manager applied (not those it updated). */
export function ownedBy(manager: string, object: KubeObject | undefined): FieldSet {
  const entries = (object?.metadata?.managedFields ?? []).filter((entry) => entry.manager === manager && entry.operation === 'Apply' && (entry.subresource ?? '') === '');
  return entries.map(({ fieldsV1 }) => fromFieldsV1(fieldsV1) ?? emptySet).reduce(union, emptySet);
}

/** Whether an apply of this manager changed nothing that it states, whatever others wrote meanwhile. */
export function sameFor(manager: string, before: KubeObject, after: KubeObject): boolean {
  const stated = union(ownedBy(manager, before), ownedBy(manager, after));
  return isDeepStrictEqual(pick(before, stated), pick(after, stated));
}

/** Only what a set of fields names; undefined where it is not there. List items keep their order and their keys. */
export function pick(value: unknown, set: FieldSet): unknown {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => pickItem(item, index, set));
  if (typeof value !== 'object' || value === null) return value;
  const picked: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const below = set.children.get(`f:${name}`);
    if (below !== undefined) picked.push([name, pick(field, below)]);
    else if (set.members.has(`f:${name}`)) picked.push([name, field]);
  }
  return Object.fromEntries(picked);
}

function pickItem(item: unknown, index: number, set: FieldSet): readonly unknown[] {
  const isIt = (step: string): boolean => stepMatches(step, item, index);
  const inside = [...set.children].find(([step]) => isIt(step));
  if (inside !== undefined) return [{ ...keysOf(inside[0]), ...(pick(item, inside[1]) as object) }];
  return [...set.members].some(isIt) ? [item] : [];
}

function stepMatches(step: string, item: unknown, index: number): boolean {
  if (step.startsWith('i:')) return step === `i:${index}`;
  if (step.startsWith('v:')) return isDeepStrictEqual(JSON.parse(step.slice(2)), item);
  if (!step.startsWith('k:') || typeof item !== 'object' || item === null) return false;
  return Object.entries(keysOf(step)).every(([name, value]) => isDeepStrictEqual((item as Record<string, unknown>)[name], value));
}

function keysOf(step: string): Readonly<Record<string, unknown>> {
  return step.startsWith('k:') ? (JSON.parse(step.slice(2)) as Record<string, unknown>) : {};
}
