/** Lists of a strategic merge patch that merge item by item. */
import { equal, getKey, isObject, type JsonObject } from '../values.ts';
import { mergeInOrder, partition } from './element-order.ts';
import type { MergeRule } from './merge-rules.ts';
import { problems, shown } from './problem.ts';
import { goType } from '../go-values.ts';

const directive = '$patch';

/** Merges an item of the patch into the one that it names. */
export type MergeItem = (target: JsonObject, patch: JsonObject) => JsonObject;

/** `deletes`: the patch lists the texts or numbers that go. */
export function mergeList(current: readonly unknown[], patch: readonly unknown[], rule: MergeRule, mergeItem: MergeItem, deletes = false): readonly unknown[] {
  if (current.length === 0 && patch.length === 0) return current;
  if (itemForm(current, patch) !== 'object') {
    if (deletes) return current.filter((item) => !patch.some((one) => equal(one, item)));
    const [patched, serverOnly] = partition(withoutDoubled([...current, ...patch]), patch, undefined);
    return mergeInOrder(patched, serverOnly, patch, current, undefined);
  }
  if (rule.key === '') throw problems.other(`cannot merge lists without merge key for ${rule.type?.kind === 'struct' ? 'struct' : (rule.type?.kind ?? 'interface')}`);
  const { original, items } = applyDirectives(current as readonly JsonObject[], patch as readonly JsonObject[], rule.key);
  const merged = [...original];
  for (const item of items) {
    const value = requiredKey(item, rule.key);
    const at = merged.findIndex((one) => equal(one[rule.key], value));
    const existing = merged[at];
    if (existing === undefined) merged.push(item);
    else merged[at] = mergeItem(existing, item);
  }
  const [patched, serverOnly] = partition(merged, items, rule.key);
  return mergeInOrder(patched, serverOnly, items, original, rule.key);
}

/** Items that carry a `$patch` delete or replace what was there. */
function applyDirectives(current: readonly JsonObject[], patch: readonly JsonObject[], key: string): { readonly original: readonly JsonObject[]; readonly items: readonly JsonObject[] } {
  const items = patch.filter((item) => !Object.hasOwn(item, directive));
  let original = current;
  let replaces = false;
  for (const item of patch) {
    if (!Object.hasOwn(item, directive)) continue;
    const how = item[directive];
    if (how === 'replace') replaces = true;
    else if (how === 'delete') {
      const value = requiredKey(item, key);
      original = original.filter((one) => !equal(one[key], value));
    } else if (how === 'merge') throw problems.other('merging lists cannot yet be specified in the patch');
    else throw problems.patchType(how, item);
  }
  return replaces ? { original: items, items: [] } : { original, items };
}

function requiredKey(item: JsonObject, key: string): unknown {
  const value = getKey(item, key);
  if (value === undefined) throw problems.mergeKey(item, key);
  return value;
}

/** Of what form the items are. Only lists of one form merge. */
export function itemForm(...lists: readonly (readonly unknown[])[]): 'object' | 'plain' {
  const items = lists.flat();
  const [first] = items;
  if (items.length === 0) throw problems.other('no elements in any of the given slices');
  if (Array.isArray(first)) throw problems.listOfLists();
  const form = goType(first, 'integers');
  if (items.some((item) => goType(item, 'integers') !== form)) throw problems.other(`list element types are not identical: ${shown(lists)}`);
  return isObject(first) ? 'object' : 'plain';
}

function withoutDoubled(items: readonly unknown[]): unknown[] {
  return items.filter((item, index) => items.findIndex((one) => equal(one, item)) === index);
}
