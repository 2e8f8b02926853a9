/** Where the items of a merged list stand: those that the patch names in its order, the others as they stood before. */
import { equal, getKey, isObject } from '../values.ts';

/** What identifies an item: its merge key, or itself where there is none. */
function identity(item: unknown, key: string): unknown {
  return key !== '' && isObject(item) ? getKey(item, key) : item;
}

function indexIn(list: readonly unknown[], item: unknown, key: string): number {
  const wanted = identity(item, key);
  return list.findIndex((one) => equal(identity(one, key), wanted));
}

/**
 * Sorts `merged`: items of `patch` in the patch's order; an item that only the server has goes before an item of the patch
 * where it stood before it on the server.
 */
export function mergeInOrder(merged: readonly unknown[], patch: readonly unknown[], server: readonly unknown[], key: string): unknown[] {
  const sorted = (items: readonly unknown[], order: readonly unknown[]) => items.toSorted((a, b) => indexIn(order, a, key) - indexIn(order, b, key));
  const patched = sorted(merged.filter((item) => indexIn(patch, item, key) !== -1), patch);
  const serverOnly = sorted(merged.filter((item) => indexIn(patch, item, key) === -1), server);
  const result: unknown[] = [];
  while (serverOnly.length > 0 && patched.length > 0) {
    const left = indexIn(server, serverOnly[0], key);
    const right = indexIn(server, patched[0], key);
    result.push(left >= 0 && right >= 0 && left < right ? serverOnly.shift() : patched.shift());
  }
  return [...result, ...serverOnly, ...patched];
}

/** Whether the items that a patch sets stand in the order that it asks for; items with a `$patch` do not count. */
export function byOrder(items: readonly unknown[], order: readonly unknown[], key: string): boolean {
  if (items.length === 0 || order.length === 0) return true;
  const positions = items.filter((item) => !(isObject(item) && Object.hasOwn(item, '$patch'))).map((item) => indexIn(order, item, key));
  return positions.every((position, index) => position !== -1 && (index === 0 || position > (positions[index - 1] ?? -1)));
}
