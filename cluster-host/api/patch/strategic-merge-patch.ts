/**
 * Strategic merge patch: a merge patch that knows which lists merge by which key
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/), with its directives:
 * `$patch` (replace, delete), `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`.
 */
import type { Type } from '../catalogue/schema.ts';
import { goType } from '../go-values.ts';
import { copy, getKey, isObject, setKey, type JsonObject } from '../values.ts';
import { checkOrder, mergeInOrder, partition } from './element-order.ts';
import { itemForm, mergeList } from './merge-lists.ts';
import { withoutNulls } from './merge-patch.ts';
import { mergeRule, type MergeRule } from './merge-rules.ts';
import { problems } from './problem.ts';

const directive = '$patch';
const retainKeys = '$retainKeys';
const deleteFromList = '$deleteFromPrimitiveList';
const setElementOrder = '$setElementOrder';

/** Applies a patch to a copy of the document, which is as it goes over the wire. Throws a PatchProblem where the patch makes no sense. */
export function applyStrategicMergePatch(document: JsonObject, patch: JsonObject, type: Type): JsonObject {
  return mergeObject(copy(document), copy(patch), type);
}

function mergeObject(target: JsonObject, patch: JsonObject, type: Type | undefined): JsonObject {
  if (Object.hasOwn(patch, directive)) return replaced(patch);
  retain(target, patch);
  orderElements(target, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    const deletes = key.startsWith(deleteFromList);
    const name = deletes ? argument(key, deleteFromList) : key;
    if (value === null) delete target[name];
    else if (!Object.hasOwn(target, name) || goType(target[name], 'integers') !== goType(value, 'integers')) {
      if (!deletes) setOrDelete(target, name, withoutNulls(value));
    } else mergeField(target, name, value, type, deletes);
  }
  return target;
}

/** `$patch: replace` makes the patch the value, `$patch: delete` empties it. */
function replaced(patch: JsonObject): JsonObject {
  const { [directive]: how, ...rest } = patch;
  if (how === 'replace') return rest;
  if (how === 'delete') return {};
  throw problems.patchType(how, patch);
}

/** `$retainKeys` lists the fields that may stay: for unions, where a new member must drive out the old one. */
function retain(target: JsonObject, patch: JsonObject): void {
  const keys = getKey(patch, retainKeys);
  if (keys === undefined) return;
  delete patch[retainKeys];
  if (!Array.isArray(keys)) throw problems.format('retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith(deleteFromList) || key.startsWith(setElementOrder);
    if (value !== null && !isDirective && !keys.includes(key)) throw problems.format('retainKeys');
  }
  for (const key of Object.keys(target)) if (!keys.includes(key)) delete target[key];
}

/** What a directive is about; the empty name stands for itself. */
function argument(key: string, prefix: string): string {
  if (key.charAt(prefix.length) !== '/') throw problems.format(prefix === deleteFromList ? 'primitive list' : 'setElementOrder list');
  return key.slice(prefix.length + 1) || key;
}

/** Merges two values of one form. */
function mergeField(target: JsonObject, name: string, value: unknown, type: Type | undefined, deletes: boolean): void {
  const current = target[name];
  if (Array.isArray(current) && Array.isArray(value)) {
    const rule = mergeRule(type, name, 'list');
    setKey(target, name, deletes || rule.strategy === 'merge' ? mergedList(current, value, rule, deletes) : value);
  } else if (isObject(current) && isObject(value)) {
    const rule = mergeRule(type, name, 'object');
    setKey(target, name, rule.strategy === 'replace' ? value : mergeObject(current, value, rule.type));
  } else setKey(target, name, value);
}

function mergedList(current: readonly unknown[], patch: readonly unknown[], rule: MergeRule, deletes = false): readonly unknown[] {
  return mergeList(current, patch, rule, (target, item) => mergeObject(target, item, rule.type), deletes);
}

/** Puts in what a patch adds where nothing of its form was. */
function setOrDelete(target: JsonObject, name: string, value: unknown): void {
  const added = withoutDirectives(value);
  if (added === undefined) delete target[name];
  else setKey(target, name, added);
}

/** Objects with a `$patch` have nothing to replace or delete here and go. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const kept = withoutDirectives(item);
    if (kept !== undefined) setKey(result, key, kept);
  }
  return result;
}

/** `$setElementOrder/x` lists the items of `x` in the order that they shall have; items that it does not name stay among them. */
function orderElements(target: JsonObject, patch: JsonObject, type: Type | undefined): void {
  for (const key of Object.keys(patch).filter((one) => one.startsWith(setElementOrder))) {
    const order = asList(patch[key]);
    delete patch[key];
    const name = argument(key, setElementOrder);
    const current = Object.hasOwn(target, name) ? asList(target[name]) : undefined;
    const items = Object.hasOwn(patch, name) ? asList(patch[name]) : undefined;
    const rule = mergeRule(type, name, 'list');
    const itemKey = rule.key === '' ? undefined : rule.key;
    checkOrder(items ?? [], order, itemKey);
    if (current === undefined && items === undefined) continue;
    const [patched, serverOnly] = partition(unordered(current, items, rule), order, itemKey);
    const form = itemForm(current ?? [], items ?? []);
    setKey(target, name, mergeInOrder(patched, serverOnly, order, current ?? [], form === 'object' ? rule.key : undefined));
    delete patch[name];
  }
}

/** The list with what the patch changes of it. */
function unordered(current: readonly unknown[] | undefined, items: readonly unknown[] | undefined, rule: MergeRule): readonly unknown[] {
  if (items === undefined) return current ?? [];
  if (current === undefined) return withoutDirectives(items) as readonly unknown[];
  return rule.strategy === 'merge' ? mergedList(current, items, rule) : items;
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw problems.type('list', value);
  return value;
}
