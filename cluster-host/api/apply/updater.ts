/** The rules of ownership: what a change by one manager means for all others. */
import type { Type } from '../catalogue/schema.ts';
import { compare, type Comparison, type Missing } from './compare.ts';
import { difference, emptySet, fieldSteps, intersection, isEmpty, setOf, union, withNamedFields, type FieldFilter, type FieldSet } from './field-set.ts';
import { identityOf, withManager, type Manager, type Managers } from './managers.ts';
import { merge } from './merge.ts';
import { fieldsOf, remove } from './typed-walks.ts';
import { wholes } from './wholes.ts';

/** An object in one version, with its schema. */
export interface Typed {
  readonly value: unknown;
  readonly type: Type;
}

export interface OwnershipContext {
  readonly type: Type;
  readonly apiVersion: string;
  /** What a request of this kind can set at all, and so own. */
  readonly settable: FieldFilter;
  readonly versions: Versions;
}

/** The versions in which managers may have written an object. */
export interface Versions {
  /** Undefined where the version is no longer served: what was written in it has no owner any more. */
  typeOf(apiVersion: string): Type | undefined;
  /** The object, which names its own version, in another one that is served, as it goes over the wire. */
  convert(value: unknown, apiVersion: string): unknown;
}

/** Fields that identify an object or that the server alone sets: owned by nobody. */
const unowned = setOf([
  ...['apiVersion', 'kind', 'metadata'].map(fieldSteps),
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((name) => fieldSteps(`metadata.${name}`)),
]);

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

/** What a manager called `changer` holds stays untouched. */
function settle(before: unknown, after: unknown, managers: Managers, changer: string, context: OwnershipContext, missing: Missing): Settlement {
  const comparison = filtered(compare(before, after, context.type, missing), context.settable);
  const seenAt = new Map<string, Comparison | undefined>([[context.apiVersion, comparison]]);
  const remaining = new Map<string, Manager>();
  const conflicts: Conflict[] = [];
  for (const [identity, manager] of managers) {
    if (identity === changer) {
      remaining.set(identity, manager);
      continue;
    }
    const { apiVersion } = manager;
    if (!seenAt.has(apiVersion)) seenAt.set(apiVersion, compareAt(before, after, apiVersion, context));
    const seen = seenAt.get(apiVersion);
    if (seen === undefined) continue;
    const taken = union(intersection(manager.fields, seen.modified), intersection(manager.fields, seen.added));
    if (!isEmpty(taken)) conflicts.push({ manager, fields: taken });
    const fields = difference(difference(manager.fields, taken), seen.removed);
    if (!isEmpty(fields)) remaining.set(identity, fields === manager.fields ? manager : { ...manager, fields });
  }
  return { managers: remaining, comparison, conflicts };
}

function filtered({ added, modified, removed }: Comparison, settable: FieldFilter): Comparison {
  return { added: settable(added), modified: settable(modified), removed: settable(removed) };
}

function compareAt(before: unknown, after: unknown, apiVersion: string, { versions, settable }: OwnershipContext): Comparison | undefined {
  const type = versions.typeOf(apiVersion);
  return type === undefined ? undefined : filtered(compare(versions.convert(before, apiVersion), versions.convert(after, apiVersion), type), settable);
}

/** Managers as the schemas of today see them: who owned parts of what is owned as a whole now owns the whole. */
function reconciled(managers: Managers, context: OwnershipContext): Managers {
  const result = new Map<string, Manager>();
  for (const [identity, manager] of managers) {
    const type = typeAt(manager.apiVersion, context);
    if (type === undefined) continue;
    const fields = wholes(manager.fields, type);
    result.set(identity, fields === manager.fields ? manager : { ...manager, fields });
  }
  return result;
}

function typeAt(apiVersion: string, { apiVersion: own, type, versions }: OwnershipContext): Type | undefined {
  return apiVersion === own ? type : versions.typeOf(apiVersion);
}

/** Managers after somebody changed an object by any request but apply; both states as they are in memory. */
export function settleUpdate(before: unknown, after: unknown, managers: Managers, updater: Omit<Manager, 'fields' | 'time'>, time: string, context: OwnershipContext): Managers {
  const { managers: remaining, comparison } = settle(before, after, reconciled(managers, context), '', context, 'unset');
  const changed = difference(union(comparison.modified, comparison.added), unowned);
  if (isEmpty(changed)) return remaining;
  const previous = remaining.get(identityOf(updater))?.fields ?? emptySet;
  return withManager(remaining, { ...updater, fields: union(changed, previous), time });
}

export type Applied = { readonly value: unknown; readonly managers: Managers } | { readonly conflicts: readonly Conflict[] };

/** The object and its managers after a configuration was applied, or the conflicts that stand against it; values as they go over the wire. */
export function settleApply(live: unknown, config: unknown, before: Managers, applier: Omit<Manager, 'fields' | 'time'>, force: boolean, context: OwnershipContext): Applied {
  const identity = identityOf(applier);
  const managers = reconciled(before, context);
  const last = managers.get(identity);
  const fields = context.settable(fieldsOf(config, context.type));
  const claimed = new Map(managers).set(identity, { ...applier, fields, ...(last?.time === undefined ? {} : { time: last.time }) });
  const value = prune(merge(live, config, context.type), claimed, last, context);
  const settled = settle(live, value, claimed, identity, context, 'nothing');
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
  return last.apiVersion === context.apiVersion ? result : context.versions.convert(result, context.apiVersion);
}

/** Puts back what others (and the applier still) own. */
function addBackOwned(merged: Typed, pruned: unknown, managers: Managers, version: string, context: OwnershipContext): unknown {
  const owned = new Map<string, FieldSet>([[version, emptySet]]);
  for (const { apiVersion, fields } of managers.values()) owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, fields));
  let result: Typed = { ...merged, value: pruned };
  // What the version at hand owns comes first: other versions may need it to be converted at all.
  for (const [apiVersion, fields] of owned) {
    const type = typeAt(apiVersion, context);
    if (type === undefined) continue;
    const whole = apiVersion === version ? merged.value : context.versions.convert(merged.value, apiVersion);
    const part = apiVersion === version ? result.value : context.versions.convert(result.value, apiVersion);
    const named = (set: FieldSet) => withNamedFields(set, type);
    const dropped = difference(named(fieldsOf(whole, type)), union(named(fieldsOf(part, type)), named(fields)));
    const kept = remove(whole, dropped, type);
    result = { ...merged, value: apiVersion === version ? kept : context.versions.convert(kept, version) };
  }
  return result.value;
}

function atVersion(value: unknown, apiVersion: string, context: OwnershipContext): Typed | undefined {
  const type = typeAt(apiVersion, context);
  if (type === undefined) return undefined;
  return { type, value: apiVersion === context.apiVersion ? value : context.versions.convert(value, apiVersion) };
}
