/** Lists and sets: Kubernetes' list functions, cel-go's lists extension (version 3) and its sets. */
import { add, costs, exactly, multiply, scale, scanning, traversal, unknownRange, unlimited, type CostModel, type Operand, type Range } from '../cost.ts';
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

/** A new list is made: its base, and so much for each of `size`. */
const making = (size: Range, factor: number): { cost: Range } => ({ cost: add(scale(size, factor), exactly(costs.list + 1)) });
const madeOf = (size: number, factor: number): number => Math.floor(size * factor) + costs.list + 1;

/** As long as what comes of it. */
function copying(sizeOf: (operands: readonly Operand[]) => Range): CostModel {
  return {
    actual: (_args, result) => madeOf(sizeOfValue(result), 1),
    estimate(operands) {
      const size = sizeOf(operands);
      return { ...making(size, 1), size };
    },
  };
}

const literal = (operand: Operand | undefined, otherwise: number): number => (typeof operand?.literal === 'bigint' ? Math.max(Number(operand.literal), 0) : otherwise);
const listSize = ([list]: readonly Operand[]): Range => list?.size ?? unknownRange;
const slicing = copying(([list, start, end]) => exactly(literal(end, list?.size.max ?? unlimited) - literal(start, 0)));
const ranging = copying(([size]) => exactly(literal(size, unlimited)));
const reversing = copying(listSize);

const flattening: CostModel = {
  actual: ([list, depth = 1n]) => madeOf(sizeOfValue(list), Number(depth)),
  estimate: ([list, depth]) => ({ ...making(list?.size ?? unknownRange, depth === undefined ? 1 : literal(depth, unlimited)), size: list?.size ?? unknownRange }),
};

/** Every item is held against every other; `index` is the operand whose items are. */
function sorting(index = 0): CostModel {
  const factorOf = (isText: boolean): number => 2 + (isText ? traversal : 0);
  return {
    actual(args) {
      const list = args[index] as CelList;
      const [first] = list.items;
      return madeOf(list.items.length ** 2, factorOf(typeof first === 'string' || first instanceof Uint8Array));
    },
    estimate(operands) {
      const { size = unknownRange, item } = operands[index] ?? {};
      const squared = multiply(size, size);
      return { ...making(squared, factorOf(item?.type.kind === 'string' || item?.type.kind === 'bytes')), size: squared };
    },
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
  ['list<A>.slice(int, int): list<A>', slice, slicing],
  ['list<list<A>>.flatten(): list<A>', flatten, flattening],
  ['list<dyn>.flatten(int): list<dyn>', flatten, flattening],
  ...each((type) => [`list<${type}>.sort(): list<${type}>`, sort, sorting()]),
  ...each((type) => [`list<A>.@sortByAssociatedKeys(list<${type}>): list<A>`, sortByKeys, sorting(1)]),
  ['lists.range(int): list<int>', range, ranging],
  ['list<A>.reverse(): list<A>', ({ items }: CelList) => new CelList(items.toReversed()), reversing],
  ['list<A>.distinct(): list<A>', distinct, sorting()],
  ['sets.contains(list<A>, list<A>): bool', containsAll, crossing(1)],
  ['sets.equivalent(list<A>, list<A>): bool', (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a), crossing(2)],
  ['sets.intersects(list<A>, list<A>): bool', ({ items }: CelList, b: CelList) => items.some((item) => b.items.some((one) => equalValues(one, item))), crossing(1)],
];
