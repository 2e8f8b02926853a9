/**
 * Strategic merge patch: a merge patch that knows which lists merge by which key
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/), with its directives:
 * `$patch` (replace, delete), `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`.
 */
import type { Type } from '../catalogue/schema.ts';
import { copy, equal, getKey, isObject, setKey, type JsonObject } from '../values.ts';
import { byOrder, mergeInOrder } from './element-order.ts';
import { withoutNulls } from './merge-patch.ts';
import { PatchProblem } from './problem.ts';

const directive = '$patch';
const retainKeys = '$retainKeys';
const deleteFromList = '$deleteFromPrimitiveList';
const setElementOrder = '$setElementOrder';

/** Applies a patch to a copy of the document. Throws a PatchProblem where the patch makes no sense. */
export function applyStrategicMergePatch(document: JsonObject, patch: JsonObject, type: Type): JsonObject {
  return mergeObject(copy(document), copy(patch), type);
}

function mergeObject(target: JsonObject, patch: JsonObject, type: Type | undefined): JsonObject {
  if (Object.hasOwn(patch, directive)) return replaced(patch);
  retain(target, patch);
  orderElements(target, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deleteFromList)) deleteItems(target, argument(key, deleteFromList), value);
    else mergeField(target, key, value, type);
  }
  return target;
}

/** `$patch: replace` makes the patch the value, `$patch: delete` empties it. */
function replaced({ [directive]: how, ...rest }: JsonObject): JsonObject {
  if (how === 'replace') return rest;
  if (how === 'delete') return {};
  throw new PatchProblem('badRequest', `unknown patch type: ${String(how)} in map: ${JSON.stringify(rest)}`);
}

/** `$retainKeys` lists the fields that may stay: for unions, where a new member must drive out the old one. */
function retain(target: JsonObject, patch: JsonObject): void {
  const keys = getKey(patch, retainKeys);
  if (keys === undefined) return;
  delete patch[retainKeys];
  if (!Array.isArray(keys)) throw new PatchProblem('badRequest', 'invalid patch format of retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith(deleteFromList) || key.startsWith(setElementOrder);
    if (value !== null && !isDirective && !keys.includes(key)) throw new PatchProblem('badRequest', 'invalid patch format of retainKeys');
  }
  for (const key of Object.keys(target)) if (!keys.includes(key)) delete target[key];
}

function argument(key: string, prefix: string): string {
  const name = key.slice(prefix.length + 1);
  if (key.charAt(prefix.length) === '/') return name;
  throw new PatchProblem('badRequest', `invalid patch format of ${prefix === deleteFromList ? 'primitive list' : 'setElementOrder list'}`);
}

function deleteItems(target: JsonObject, key: string, items: unknown): void {
  const list = getKey(target, key);
  if (items === null) delete target[key];
  else if (Array.isArray(list) && Array.isArray(items)) setKey(target, key, list.filter((item) => !items.some((one) => equal(one, item))));
}

interface FieldMerge {
  readonly type: Type | undefined;
  /** `merge`, `replace` or empty. */
  readonly strategy: string;
  readonly key: string;
}

/** How a field merges; the items of a list or the value of a map carry the schema on. */
function fieldMerge(type: Type | undefined, name: string): FieldMerge {
  if (type?.kind === 'map') return { type: type.value, strategy: '', key: '' };
  const field = type?.kind === 'struct' ? type.fields.get(name) : undefined;
  const strategy = field?.patchStrategies.find((one) => one !== 'retainKeys') ?? '';
  return { type: field?.type.kind === 'list' ? field.type.item : field?.type, strategy, key: field?.patchMergeKey ?? '' };
}

function mergeField(target: JsonObject, key: string, value: unknown, type: Type | undefined): void {
  if (value === null) {
    delete target[key];
    return;
  }
  const current = getKey(target, key);
  const field = fieldMerge(type, key);
  if (isObject(current) && isObject(value)) setKey(target, key, field.strategy === 'replace' ? value : mergeObject(current, value, field.type));
  else if (Array.isArray(current) && Array.isArray(value)) setKey(target, key, field.strategy === 'merge' ? mergeList(current, value, field) : value);
  else setOrDelete(target, key, value);
}

/** Puts in what a patch adds where nothing of its form was. */
function setOrDelete(target: JsonObject, key: string, value: unknown): void {
  const added = withoutDirectives(withoutNulls(value));
  if (added === undefined) delete target[key];
  else setKey(target, key, added);
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

function mergeList(current: readonly unknown[], patch: readonly unknown[], field: FieldMerge): unknown[] {
  if (current.length === 0 && patch.length === 0) return [];
  if (!areObjects(current, patch)) {
    const merged = [...current, ...patch].filter((item, index, all) => all.findIndex((one) => equal(one, item)) === index);
    return mergeInOrder(merged, patch, current, '');
  }
  if (field.key === '') throw new PatchProblem('badRequest', 'cannot merge lists without merge key');
  const { original, items } = applyListDirectives(current as JsonObject[], patch as JsonObject[], field.key);
  const merged = [...original];
  for (const item of items) {
    const value = requiredKey(item, field.key);
    const at = merged.findIndex((one) => equal(one[field.key], value));
    const existing = merged[at];
    if (existing === undefined) merged.push(item);
    else merged[at] = mergeObject(existing, item, field.type);
  }
  return mergeInOrder(merged, items, original, field.key);
}

/** Takes out the items that carry a `$patch`: they delete or replace what was there. */
function applyListDirectives(current: readonly JsonObject[], patch: readonly JsonObject[], key: string): { original: JsonObject[]; items: JsonObject[] } {
  const items = patch.filter((item) => !Object.hasOwn(item, directive));
  let original = [...current];
  let replace = false;
  for (const item of patch) {
    if (!Object.hasOwn(item, directive)) continue;
    const how = item[directive];
    if (how === 'replace') replace = true;
    else if (how === 'delete') {
      const value = requiredKey(item, key);
      original = original.filter((one) => !equal(one[key], value));
    } else if (how === 'merge') throw new PatchProblem('badRequest', 'merging lists cannot yet be specified in the patch');
    else throw new PatchProblem('badRequest', `unknown patch type: ${String(how)} in map: ${JSON.stringify(item)}`);
  }
  return replace ? { original: items, items: [] } : { original, items };
}

function requiredKey(item: JsonObject, key: string): unknown {
  const value = getKey(item, key);
  if (value === undefined) throw new PatchProblem('badRequest', `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  return value;
}

/** Whether the items are objects; mixed lists cannot be merged. */
function areObjects(...lists: readonly (readonly unknown[])[]): boolean {
  const items = lists.flat();
  const objects = items.filter(isObject);
  if (items.some(Array.isArray)) throw new PatchProblem('unprocessable', 'lists of lists are not supported');
  if (objects.length > 0 && objects.length < items.length) throw new PatchProblem('badRequest', 'list element types are not identical');
  return objects.length > 0;
}

/** `$setElementOrder/x` lists the items of `x` in the order that they shall have; items that it does not name stay among them. */
function orderElements(target: JsonObject, patch: JsonObject, type: Type | undefined): void {
  for (const key of Object.keys(patch).filter((one) => one.startsWith(setElementOrder))) {
    const order = patch[key];
    delete patch[key];
    const name = argument(key, setElementOrder);
    const current = getKey(target, name) ?? undefined;
    const items = getKey(patch, name) ?? undefined;
    const lists = [order, current ?? [], items ?? []];
    if (!lists.every(Array.isArray)) throw new PatchProblem('badRequest', 'invalid patch format of setElementOrder list');
    const [orderList = [], currentList = [], itemList = []] = lists;
    const field = fieldMerge(type, name);
    if (!byOrder(itemList, orderList, field.key)) {
      throw new PatchProblem('badRequest', `The order in patch list:\n${JSON.stringify(itemList)}\n doesn't match ${setElementOrder} list:\n${JSON.stringify(orderList)}\n`);
    }
    if (current === undefined && items === undefined) continue;
    const merged = current === undefined ? (withoutDirectives(itemList) as unknown[]) : items === undefined ? currentList : orderedMerge(currentList, itemList, field);
    setKey(target, name, mergeInOrder(merged, orderList, currentList, field.key));
    delete patch[name];
  }
}

function orderedMerge(current: readonly unknown[], items: readonly unknown[], field: FieldMerge): readonly unknown[] {
  return field.strategy === 'merge' ? mergeList(current, items, field) : items;
}
