/** The rules of ownership: what a change by one manager means for all others. Values here are objects as they go over the wire. */
import type { Type } from '../catalogue/schema.ts';
import { difference, emptySet, intersection, isEmpty, setOf, union, without, withNamedFields, type FieldSet } from './field-set.ts';
import { identityOf, withManager, type Manager, type Managers } from './managers.ts';
import { merge } from './merge.ts';
import { compare, fieldsOf, remove, type Comparison } from './typed-walks.ts';

/** An object in one version, with its schema. */
export interface Typed {
  readonly value: unknown;
  readonly type: Type;
}

export interface OwnershipContext {
  readonly type: Type;
  readonly apiVersion: string;
  /** Fields that requests of this kind cannot set, so that they never own them: the status for requests about the object itself. */
  readonly ignored: FieldSet;
  /** The object in another version in which a manager wrote it; undefined where that version is no longer served. */
  convert(value: unknown, apiVersion: string): Typed | undefined;
}

/** Fields that identify an object or that the server alone sets: owned by nobody. */
const unowned = setOf(
  [['apiVersion'], ['kind'], ['metadata'], ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((name) => ['metadata', name])].map((path) =>
    path.map((name) => `f:${name}`),
  ),
);

export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** What others keep after a change; where it is not forced, what they hold against it. */
interface Settlement {
  readonly managers: Managers;
  readonly comparison: Comparison;
  readonly conflicts: readonly Conflict[];
}

function settle(before: unknown, after: unknown, managers: Managers, changer: string, context: OwnershipContext): Settlement {
  const comparison = filtered(compare(before, after, context.type), context.ignored);
  let remaining = managers;
  const conflicts: Conflict[] = [];
  for (const [identity, manager] of managers) {
    if (identity === changer) continue;
    const seen = manager.apiVersion === context.apiVersion ? comparison : compareAt(before, after, manager.apiVersion, context);
    if (seen === undefined) {
      remaining = withManager(remaining, { ...manager, fields: emptySet });
      continue;
    }
    const taken = intersection(manager.fields, union(seen.modified, seen.added));
    if (!isEmpty(taken)) conflicts.push({ manager, fields: taken });
    remaining = withManager(remaining, { ...manager, fields: difference(difference(manager.fields, taken), seen.removed) });
  }
  return { managers: remaining, comparison, conflicts };
}

function filtered({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  return { added: without(added, ignored), modified: without(modified, ignored), removed: without(removed, ignored) };
}

function compareAt(before: unknown, after: unknown, apiVersion: string, context: OwnershipContext): Comparison | undefined {
  const left = context.convert(before, apiVersion);
  const right = context.convert(after, apiVersion);
  return left === undefined || right === undefined ? undefined : compare(left.value, right.value, right.type);
}

/** Managers after somebody changed an object by any request but apply. */
export function settleUpdate(before: unknown, after: unknown, managers: Managers, updater: Omit<Manager, 'fields' | 'time'>, time: string, context: OwnershipContext): Managers {
  const { managers: remaining, comparison } = settle(before, after, managers, '', context);
  const changed = difference(without(union(comparison.modified, comparison.added), context.ignored), unowned);
  if (isEmpty(changed)) return remaining;
  const previous = remaining.get(identityOf(updater))?.fields ?? emptySet;
  return withManager(remaining, { ...updater, fields: union(changed, previous), time });
}

export type Applied = { readonly value: unknown; readonly managers: Managers } | { readonly conflicts: readonly Conflict[] };

/** The object and its managers after a configuration was applied, or the conflicts that stand against it. */
export function settleApply(live: unknown, config: unknown, managers: Managers, applier: Omit<Manager, 'fields' | 'time'>, force: boolean, context: OwnershipContext): Applied {
  const identity = identityOf(applier);
  const last = managers.get(identity);
  const fields = without(fieldsOf(config, context.type), context.ignored);
  const claimed = new Map(managers).set(identity, { ...applier, fields, ...(last?.time === undefined ? {} : { time: last.time }) });
  const value = prune(merge(live, config, context.type), claimed, last, context);
  const settled = settle(live, value, claimed, identity, context);
  if (!force && settled.conflicts.length > 0) return { conflicts: settled.conflicts };
  const own = settled.managers.get(identity);
  return { value, managers: own === undefined ? settled.managers : withManager(settled.managers, { ...own, fields: difference(own.fields, unowned) }) };
}

/** Takes out the fields that an applier gave up and nobody else owns. */
function prune(merged: unknown, managers: Managers, last: Manager | undefined, context: OwnershipContext): unknown {
  if (last === undefined || isEmpty(last.fields)) return merged;
  const at = atVersion(merged, last.apiVersion, context);
  if (at === undefined) return merged;
  const lastFields = withNamedFields(last.fields, at.type);
  const pruned = addBackOwned(at, remove(at.value, lastFields, at.type), managers, last.apiVersion, context);
  const kept = withNamedFields(fieldsOf(pruned, at.type), at.type);
  const all = withNamedFields(fieldsOf(at.value, at.type), at.type);
  const result = remove(at.value, intersection(difference(all, kept), lastFields), at.type);
  return last.apiVersion === context.apiVersion ? result : (context.convert(result, context.apiVersion)?.value ?? merged);
}

/** Puts back what others (and the applier still) own. */
function addBackOwned(merged: Typed, pruned: unknown, managers: Managers, version: string, context: OwnershipContext): unknown {
  let result = pruned;
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of managers.values()) owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, fields));
  for (const [apiVersion, fields] of owned) {
    const whole = apiVersion === version ? merged : context.convert(merged.value, apiVersion);
    const part = apiVersion === version ? { value: result, type: merged.type } : context.convert(result, apiVersion);
    if (whole === undefined || part === undefined) continue;
    const named = (set: FieldSet) => withNamedFields(set, whole.type);
    const dropped = difference(named(fieldsOf(whole.value, whole.type)), union(named(fieldsOf(part.value, whole.type)), named(fields)));
    const kept = remove(whole.value, dropped, whole.type);
    result = apiVersion === version ? kept : (context.convert(kept, version)?.value ?? result);
  }
  return result;
}

function atVersion(value: unknown, apiVersion: string, context: OwnershipContext): Typed | undefined {
  return apiVersion === context.apiVersion ? { value, type: context.type } : context.convert(value, apiVersion);
}
