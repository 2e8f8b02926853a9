/** Sets of fields that were written under another schema: a definition may make a list or a map atomic that was owned in parts. */
import type { Type } from '../catalogue/schema.ts';
import { isEmpty, type FieldSet } from './field-set.ts';
import { childType } from './steps.ts';

/** By schema: the sets that were looked at, with what became of them. Sets and schemas outlive many writes. */
const known = new WeakMap<Type, WeakMap<FieldSet, FieldSet>>();

/** The set with what the schema owns as a whole in place of its parts; the same set where that changes nothing. */
export function wholes(set: FieldSet, type: Type): FieldSet {
  let seen = known.get(type);
  if (seen === undefined) known.set(type, (seen = new WeakMap<FieldSet, FieldSet>()));
  let result = seen.get(set);
  if (result === undefined) seen.set(set, (result = collapsed(set, type)));
  return result;
}

function collapsed(set: FieldSet, type: Type | undefined): FieldSet {
  const children = new Map<string, FieldSet>();
  const members = new Set(set.members);
  let changed = false;
  for (const [step, child] of set.children) {
    const at = childType(type, step);
    const kept = isWhole(at) ? undefined : collapsed(child, at);
    if (kept === undefined) members.add(step);
    else children.set(step, kept);
    changed ||= kept !== child;
  }
  return changed && !isEmpty(set) ? { members, children } : set;
}

function isWhole(type: Type | undefined): boolean {
  if (type?.kind === 'list') return type.merge === 'atomic';
  return (type?.kind === 'map' || type?.kind === 'struct') && type.atomic;
}
