/** Lists and sets: Kubernetes' list functions, cel-go's lists extension (version 3) and its sets. */
import { add, exactly, multiply, scanning, unknownRange, type CostModel } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { CelDuration, CelError, CelList, CelUint, compareValues, equalValues, sizeOfValue } from '../values.ts';
import { intOf, uintOf } from './operators.ts';

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const maxRange = 1_000_000n;

function isSorted({ items }: CelList): boolean {
  return items.every((item, index) => index === 0 || (compareValues(items[index - 1], item) ?? 0) <= 0);
}

const zeros: Readonly<Record<string, unknown>> = { int: 0n, uint: new CelUint(0n), double: 0, duration: new CelDuration(0n) };

function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'bigint' && typeof b === 'bigint') return intOf(a + b);
  if (a instanceof CelUint && b instanceof CelUint) return uintOf(a.value + b.value);
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(a.nanoseconds + b.nanoseconds);
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  throw new CelError('no such overload: sum(list)');
}

function extreme(name: 'min' | 'max', direction: 1 | -1): (list: CelList) => unknown {
  return ({ items }) => {
    if (items.length === 0) throw new CelError(`${name} called on empty list`);
    return items.reduce((best, item) => ((compareValues(item, best) ?? 0) * direction > 0 ? item : best));
  };
}

const find = ({ items }: CelList, item: unknown): bigint => BigInt(items.findIndex((one) => equalValues(one, item)));
const findLast = ({ items }: CelList, item: unknown): bigint => BigInt(items.findLastIndex((one) => equalValues(one, item)));

function slice({ items }: CelList, start: bigint, end: bigint): CelList {
  if (start < 0n || end < 0n) throw new CelError(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end) throw new CelError(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (BigInt(items.length) < end) throw new CelError(`cannot slice(${start}, ${end}), list is length ${items.length}`);
  return new CelList(items.slice(Number(start), Number(end)));
}

function flatten({ items }: CelList, depth = 1n): CelList {
  if (depth < 0n) throw new CelError('level must be non-negative');
  return new CelList(items.flatMap((item) => (item instanceof CelList && depth > 0n ? flatten(item, depth - 1n).items : [item])));
}

function sort({ items }: CelList): CelList {
  return sortByKeys(new CelList(items), new CelList(items));
}

function sortByKeys({ items }: CelList, { items: keys }: CelList): CelList {
  if (items.length !== keys.length) throw new CelError(`@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${items.length} and ${keys.length} elements respectively`);
  const pairs = items.map((item, index) => ({ item, key: keys[index] }));
  return new CelList(pairs.toSorted((a, b) => compareValues(a.key, b.key) ?? 0).map(({ item }) => item));
}

function range(size: bigint): CelList {
  if (size < 0n) throw new CelError(`lists.range: size must be non-negative, got ${size}`);
  if (size > maxRange) throw new CelError(`lists.range: size ${size} exceeds maximum allowed (${maxRange})`);
  return new CelList(Array.from({ length: Number(size) }, (_none, index) => BigInt(index)));
}

function distinct({ items }: CelList): CelList {
  const kept: unknown[] = [];
  for (const item of items) if (!kept.some((one) => equalValues(one, item))) kept.push(item);
  return new CelList(kept);
}

const containsAll = ({ items }: CelList, part: CelList): boolean => part.items.every((one) => items.some((item) => equalValues(item, one)));

/** Every item of one list is held against every item of the other. */
function crossing(factor: number): CostModel {
  return {
    actual: ([a, b]) => sizeOfValue(a) * sizeOfValue(b) * factor + 1,
    estimate: ([a, b]) => ({ cost: add(multiply(multiply(a?.size ?? unknownRange, b?.size ?? unknownRange), exactly(factor)), exactly(1)), size: exactly(1) }),
  };
}

const each = (template: (type: string) => FunctionRow, types: readonly string[] = comparable): readonly FunctionRow[] => types.map(template);

export const lists: readonly FunctionRow[] = [
  ...each((type) => [`list<${type}>.isSorted(): bool`, isSorted, scanning]),
  ...each((type) => [`list<${type}>.sum(): ${type}`, ({ items }: CelList) => items.reduce(plus, zeros[type]), scanning], ['int', 'uint', 'double', 'duration']),
  ...each((type) => [`list<${type}>.max(): ${type}`, extreme('max', 1), scanning]),
  ...each((type) => [`list<${type}>.min(): ${type}`, extreme('min', -1), scanning]),
  ['list<A>.indexOf(A): int', find, scanning],
  ['list<A>.lastIndexOf(A): int', findLast, scanning],
  ['list<A>.slice(int, int): list<A>', slice],
  ['list<list<A>>.flatten(): list<A>', flatten],
  ['list<dyn>.flatten(int): list<dyn>', flatten],
  ...each((type) => [`list<${type}>.sort(): list<${type}>`, sort]),
  ...each((type) => [`list<A>.@sortByAssociatedKeys(list<${type}>): list<A>`, sortByKeys]),
  ['lists.range(int): list<int>', range],
  ['list<A>.reverse(): list<A>', ({ items }: CelList) => new CelList(items.toReversed())],
  ['list<A>.distinct(): list<A>', distinct],
  ['sets.contains(list<A>, list<A>): bool', containsAll, crossing(1)],
  ['sets.equivalent(list<A>, list<A>): bool', (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a), crossing(2)],
  ['sets.intersects(list<A>, list<A>): bool', ({ items }: CelList, b: CelList) => items.some((item) => b.items.some((one) => equalValues(one, item))), crossing(1)],
];
