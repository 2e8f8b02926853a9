/** Where the items of a merged list stand: those that the patch names in its order, the others as they stood before. */
import { equal, getKey, isObject, type JsonObject } from '../values.ts';
import { problems, shown } from './problem.ts';

/** The merge key of items that are objects, which may be none; undefined where items are texts or numbers. */
export type ItemKey = string | undefined;

/** What identifies an item: its merge key, or itself. */
function identity(item: unknown, key: ItemKey): unknown {
  return key !== undefined && isObject(item) ? getKey(item, key) : item;
}

function indexIn(list: readonly unknown[], item: unknown, key: ItemKey): number {
  const wanted = identity(item, key);
  return list.findIndex((one) => equal(identity(one, key), wanted));
}

/** The items that a list names, and the others. */
export function partition(items: readonly unknown[], named: readonly unknown[], key: ItemKey): readonly [patched: readonly unknown[], serverOnly: readonly unknown[]] {
  if (key === undefined && [...items, ...named].some(isObject)) throw problems.other('hash of unhashable type: map[string]interface {}');
  if (key !== undefined && items.length > 0) {
    for (const item of items) checkKey(item, key);
    const stranger = named.findIndex((item) => !isObject(item));
    if (stranger !== -1) throw problems.other(`value for key ${stranger} is not a map`);
  }
  const isNamed = (item: unknown) => indexIn(named, item, key) !== -1;
  return [items.filter(isNamed), items.filter((item) => !isNamed(item))];
}

function checkKey(item: unknown, key: string): void {
  if (getKey(asObject(item), key) === undefined) throw problems.mergeKey(item, key);
}

function asObject(item: unknown): JsonObject {
  if (!isObject(item)) throw problems.type('map', item);
  return item;
}

/**
 * Items of the patch in the order that it asks for; an item that only the server has goes before an item of the patch where
 * it stood before it on the server.
 */
export function mergeInOrder(patched: readonly unknown[], serverOnly: readonly unknown[], order: readonly unknown[], server: readonly unknown[], key: ItemKey): unknown[] {
  if (key !== undefined) for (const item of [...patched, ...order, ...serverOnly, ...server]) checkKey(item, key);
  const right = sortedBy(patched, order, key);
  const left = sortedBy(serverOnly, server, key);
  const result: unknown[] = [];
  while (left.length > 0 && right.length > 0) {
    const [l, r] = [indexIn(server, left[0], key), indexIn(server, right[0], key)];
    result.push(l >= 0 && r >= 0 && l < r ? left.shift() : right.shift());
  }
  return [...result, ...left, ...right];
}

/** Items in an order; one that it does not know goes before all that stand there. */
function sortedBy(items: readonly unknown[], order: readonly unknown[], key: ItemKey): unknown[] {
  const result: { readonly item: unknown; readonly at: number }[] = [];
  for (const item of items) {
    const at = indexIn(order, item, key);
    let place = result.length;
    for (let before = result[place - 1]; before !== undefined && (at < 0 || before.at < 0 || at < before.at); before = result[place - 1]) place--;
    result.splice(place, 0, { item, at });
  }
  return result.map(({ item }) => item);
}

/** Throws where the items that a patch sets do not stand in the order that it asks for; items that it deletes do not count. */
export function checkOrder(items: readonly unknown[], order: readonly unknown[], key: ItemKey): void {
  if (items.length === 0 || order.length === 0) return;
  const kept = key === undefined ? items : items.map(asObject).filter((item) => getKey(item, '$patch') !== 'delete');
  let next = 0;
  for (const one of order) {
    while (isDirective(kept[next])) next++;
    if (next >= kept.length) return;
    if (key !== undefined) for (const side of [kept[next], one]) checkKey(side, key);
    if (equal(identity(kept[next], key), identity(one, key))) next++;
  }
  if (next < kept.length) throw problems.other(`The order in patch list:\n${shown(items)}\n doesn't match $setElementOrder list:\n${shown(order)}\n`);
}

function isDirective(item: unknown): boolean {
  return isObject(item) && Object.hasOwn(item, '$patch');
}
