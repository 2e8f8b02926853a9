/** Optional values, and maps that loops make (cel-go's optional types and two-variable comprehensions). */
import { fixed, type CostModel } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { CelDuration, CelError, CelList, CelMap, CelOptional, CelTimestamp, CelUint } from '../values.ts';

function isZero(value: unknown): boolean {
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDuration || value instanceof CelTimestamp) return value.nanoseconds === 0n;
  if (value instanceof CelList) return value.items.length === 0;
  if (value instanceof CelMap) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return value === null || value === false || value === 0 || value === 0n || value === '';
}

function present({ value }: CelOptional): unknown {
  if (value === undefined) throw new CelError('optional.none() dereference');
  return value;
}

function inPlace(): unknown {
  throw new CelError('no such overload');
}

/** What is estimated for it is not counted in the end. */
const choosing: CostModel = { ...fixed(1), actual: () => 0 };

export const optionals: readonly FunctionRow[] = [
  ['optional.of(A): optional<A>', (value: unknown) => new CelOptional(value)],
  ['optional.ofNonZeroValue(A): optional<A>', (value: unknown) => new CelOptional(isZero(value) ? undefined : value)],
  ['optional.none(): optional<A>', () => new CelOptional()],
  ['optional.unwrap(list<optional<A>>): list<A>', ({ items }: CelList) => unwrap(items)],
  ['list<optional<A>>.unwrapOpt(): list<A>', ({ items }: CelList) => unwrap(items)],
  ['optional<A>.value(): A', present],
  ['optional<A>.hasValue(): bool', ({ value }: CelOptional) => value !== undefined],
  ['optional<A>.or(optional<A>): optional<A>', (first: CelOptional, second: CelOptional) => (first.value === undefined ? second : first), choosing],
  ['optional<A>.orValue(A): A', ({ value }: CelOptional, otherwise: unknown) => value ?? otherwise, choosing],
  ['list<A>.first(): optional<A>', ({ items }: CelList) => new CelOptional(items[0])],
  ['list<A>.last(): optional<A>', ({ items }: CelList) => new CelOptional(items.at(-1))],
  ['_[?_](list<A>, int): optional<A>', inPlace],
  ['_[?_](optional<list<A>>, int): optional<A>', inPlace],
  ['_[?_](map<A, B>, A): optional<B>', inPlace],
  ['_[?_](optional<map<A, B>>, A): optional<B>', inPlace],
  ['cel.@mapInsert(map<A, B>, A, B): map<A, B>', inPlace],
  ['cel.@mapInsert(map<A, B>, map<A, B>): map<A, B>', inPlace],
];

function unwrap(items: readonly unknown[]): CelList {
  return new CelList(items.flatMap((item) => (item instanceof CelOptional && item.value !== undefined ? [item.value] : [])));
}
