/** Operators of CEL, and what every value can be asked for (langdef.md, "List of Standard Definitions"). */
import { comparing, concatenating, exactly, fixed, joining, unknownRange, type CostModel } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { maxInt, maxUint, minInt } from '../literals.ts';
import { CelError, CelList, CelUint, type CelDuration, type CelMap, type CelTimestamp, compareValues, describeTypes, equalValues, sizeOfValue, typeOfValue, TypeValue } from '../values.ts';
import { addDuration, durationOf, timestampOf } from './time.ts';

const logical = (): unknown => {
  throw new CelError('no such overload');
};

export function intOf(value: bigint): bigint {
  if (value < minInt || value > maxInt) throw new CelError('integer overflow');
  return value;
}

export function uintOf(value: bigint): CelUint {
  if (value < 0n || value > maxUint) throw new CelError('unsigned integer overflow');
  return new CelUint(value);
}

function nonZero(value: bigint, what: 'division' | 'modulus'): bigint {
  if (value === 0n) throw new CelError(`${what} by zero`);
  return value;
}

/** Values of Kubernetes' own types are compared at one go. */
const equality: CostModel = {
  actual: (args, result) => (typeOfValue(args[0]).name.includes('.') ? 1 : comparing.actual(args, result)),
  estimate: (operands) => (operands.every(({ type }) => type.name.includes('.')) ? { cost: exactly(1) } : comparing.estimate(operands)),
};

/** A list is searched through. */
const searching: CostModel = {
  actual: ([, list]) => sizeOfValue(list),
  estimate: ([, list]) => ({ cost: list?.size ?? unknownRange }),
};

type Ordering = (difference: number) => boolean;
const orderings: readonly (readonly [string, Ordering])[] = [
  ['_<_', (difference) => difference < 0],
  ['_<=_', (difference) => difference <= 0],
  ['_>_', (difference) => difference > 0],
  ['_>=_', (difference) => difference >= 0],
];
const comparable = ['bool, bool', 'int, int', 'int, double', 'int, uint', 'uint, uint', 'uint, double', 'uint, int', 'double, double', 'double, int', 'double, uint', 'string, string', 'bytes, bytes', 'timestamp, timestamp', 'duration, duration'];

const order: readonly FunctionRow[] = orderings.flatMap(([name, holds]) =>
  comparable.map((types): FunctionRow => [`${name}(${types}): bool`, (a, b) => holds(compareValues(a, b) ?? Number.NaN), /string|bytes/.test(types) ? comparing : fixed(1)]),
);

const arithmetic: readonly FunctionRow[] = [
  ['_+_(bytes, bytes): bytes', (a: Uint8Array, b: Uint8Array) => Uint8Array.of(...a, ...b), joining],
  ['_+_(double, double): double', (a: number, b: number) => a + b],
  ['_+_(duration, duration): duration', (a: CelDuration, b: CelDuration) => durationOf(a.nanoseconds + b.nanoseconds)],
  ['_+_(duration, timestamp): timestamp', (a: CelDuration, b: CelTimestamp) => addDuration(b, a)],
  ['_+_(timestamp, duration): timestamp', addDuration],
  ['_+_(int, int): int', (a: bigint, b: bigint) => intOf(a + b)],
  ['_+_(list<A>, list<A>): list<A>', joinLists, concatenating],
  ['_+_(string, string): string', (a: string, b: string) => a + b, joining],
  ['_+_(uint, uint): uint', (a: CelUint, b: CelUint) => uintOf(a.value + b.value)],
  ['_/_(double, double): double', (a: number, b: number) => a / b],
  ['_/_(int, int): int', (a: bigint, b: bigint) => intOf(a / nonZero(b, 'division'))],
  ['_/_(uint, uint): uint', (a: CelUint, b: CelUint) => uintOf(a.value / nonZero(b.value, 'division'))],
  ['_%_(int, int): int', (a: bigint, b: bigint) => intOf(a % nonZero(b, 'modulus'))],
  ['_%_(uint, uint): uint', (a: CelUint, b: CelUint) => uintOf(a.value % nonZero(b.value, 'modulus'))],
  ['_*_(double, double): double', (a: number, b: number) => a * b],
  ['_*_(int, int): int', (a: bigint, b: bigint) => intOf(a * b)],
  ['_*_(uint, uint): uint', (a: CelUint, b: CelUint) => uintOf(a.value * b.value)],
  ['-_(double): double', (a: number) => -a],
  ['-_(int): int', (a: bigint) => intOf(-a)],
  ['_-_(double, double): double', (a: number, b: number) => a - b],
  ['_-_(duration, duration): duration', (a: CelDuration, b: CelDuration) => durationOf(a.nanoseconds - b.nanoseconds)],
  ['_-_(int, int): int', (a: bigint, b: bigint) => intOf(a - b)],
  ['_-_(timestamp, duration): timestamp', (a: CelTimestamp, b: CelDuration) => timestampOf(a.nanoseconds - b.nanoseconds)],
  ['_-_(timestamp, timestamp): duration', (a: CelTimestamp, b: CelTimestamp) => durationOf(a.nanoseconds - b.nanoseconds)],
  ['_-_(uint, uint): uint', (a: CelUint, b: CelUint) => uintOf(a.value - b.value)],
];

/** Sets take what is new; in maps an item replaces that with its key. */
function joinLists(a: CelList, b: CelList): CelList {
  const { association } = a;
  if (association === undefined) return new CelList([...a.items, ...b.items]);
  const items = [...a.items];
  const places = new Map(items.map((item, index) => [association.keyOf(item), index]));
  for (const item of b.items) {
    const key = association.keyOf(item);
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, items.length);
      items.push(item);
    } else if (association.type === 'map') items[place] = item;
  }
  return new CelList(items, association);
}

export function listItem(list: CelList, index: unknown): unknown {
  const at = typeof index === 'bigint' ? index : index instanceof CelUint ? index.value : typeof index === 'number' && Number.isInteger(index) ? BigInt(index) : undefined;
  if (at === undefined) throw new CelError(`unsupported index type '${describeTypes([index])}' in list`);
  const item = at < 0n || at >= BigInt(list.items.length) ? undefined : list.items[Number(at)];
  if (item === undefined) throw new CelError(`index out of bounds: ${at}`);
  return item;
}

export function mapValue(map: CelMap, key: unknown): unknown {
  const value = map.get(key);
  if (value === undefined) throw new CelError(`no such key: ${key instanceof CelUint ? key.value : String(key)}`);
  return value;
}

export const operators: readonly FunctionRow[] = [
  ['_?_:_(bool, A, A): A', logical],
  ['_&&_(bool, bool): bool', logical],
  ['_||_(bool, bool): bool', logical],
  ['!_(bool): bool', (value: boolean) => !value],
  ['@not_strictly_false(bool): bool', logical],
  ['_==_(A, A): bool', equalValues, equality],
  ['_!=_(A, A): bool', (a, b) => !equalValues(a, b), comparing],
  ...arithmetic,
  ...order,
  ['_[_](list<A>, int): A', listItem],
  ['_[_](map<A, B>, A): B', mapValue],
  ['_[_](optional<list<A>>, int): optional<A>', logical],
  ['_[_](optional<map<A, B>>, A): optional<B>', logical],
  ['@in(A, list<A>): bool', (item: unknown, list: CelList) => list.items.some((one) => equalValues(one, item)), searching],
  ['@in(A, map<A, B>): bool', (key: unknown, map: CelMap) => map.get(key) !== undefined],
  ['size(bytes): int', size],
  ['bytes.size(): int', size],
  ['size(list<A>): int', size],
  ['list<A>.size(): int', size],
  ['size(map<A, B>): int', size],
  ['map<A, B>.size(): int', size],
  ['size(string): int', size],
  ['string.size(): int', size],
  ['type(A): type<A>', (value: unknown) => new TypeValue(typeOfValue(value))],
];

function size(value: unknown): bigint {
  return BigInt(sizeOfValue(value));
}
