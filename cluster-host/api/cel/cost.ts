/**
 * What evaluating costs, in the units of Kubernetes' limits (https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints).
 * The same model tells what a call did cost, and before that how much it may cost at most.
 */
import { bytesType, itemOf, stringType, type CelType } from './types.ts';
import { CelList, CelMap, codePoints, sizeOfValue } from './values.ts';

/** Sizes and costs as far as they are known; nothing is more than `unlimited`. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const unlimited = 2 ** 64;
export const unknownRange: Range = { min: 0, max: unlimited };

export const exactly = (value: number): Range => ({ min: value, max: value });
const capped = (value: number): number => Math.min(value, unlimited);

export function add(...ranges: readonly Range[]): Range {
  return { min: capped(ranges.reduce((sum, { min }) => sum + min, 0)), max: capped(ranges.reduce((sum, { max }) => sum + max, 0)) };
}

export function multiply(a: Range, b: Range): Range {
  return { min: capped(a.min * b.min), max: capped(a.max * b.max) };
}

export function scale(range: Range, factor: number): Range {
  return { min: scaled(range.min, factor), max: scaled(range.max, factor) };
}

export function union(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** Rounded up; what floating point adds by chance is not counted. */
export function scaled(value: number, factor: number): number {
  return capped(Math.ceil(value * factor));
}

export const costs = { access: 1, list: 10, map: 30, struct: 40 };
/** Reading a text once, for each character. */
export const traversal = 0.1;
/** A regular expression's states, for each character of it. */
export const pattern = 0.25;

/** An operand of a call, while costs are estimated. */
export interface Operand {
  readonly type: CelType;
  readonly size: Range;
  /** An item of the list that it is. */
  readonly item: Operand | undefined;
  /** Its value, where it is a literal. */
  readonly literal?: unknown;
}

export interface Estimate {
  readonly cost: Range;
  /** Of the result. */
  readonly size?: Range;
}

/** Operands include the target, first. */
export interface CostModel {
  actual(args: readonly unknown[], result: unknown): number;
  estimate(operands: readonly Operand[]): Estimate;
}

const sizeAt = (operands: readonly Operand[], index: number): Range => operands[index]?.size ?? unknownRange;

export function fixed(cost: number): CostModel {
  return { actual: () => cost, estimate: () => ({ cost: exactly(cost) }) };
}

/** Reads one operand; `resize` tells how large the result gets. */
export function traversing(index: number, factor: number = traversal, resize?: (size: Range) => Range): CostModel {
  return {
    actual: (args) => scaled(sizeOfValue(args[index]), factor),
    estimate(operands) {
      const size = sizeAt(operands, index);
      return { cost: scale(size, factor), ...(resize && { size: resize(size) }) };
    },
  };
}

/** As far as the shorter of two operands goes. */
export const comparing: CostModel = {
  actual: ([a, b]) => scaled(Math.min(sizeOfValue(a), sizeOfValue(b)), traversal),
  estimate(operands) {
    const max = Math.min(sizeAt(operands, 0).max, sizeAt(operands, 1).max);
    return { cost: scale({ min: max > 0 ? 1 : 0, max }, traversal) };
  },
};

/** Both operands are copied. */
export const joining: CostModel = {
  actual: ([a, b]) => scaled(sizeOfValue(a) + sizeOfValue(b), traversal),
  estimate(operands) {
    const size = add(sizeAt(operands, 0), sizeAt(operands, 1));
    return { cost: scale(size, traversal), size };
  },
};

export const concatenating: CostModel = {
  actual: () => 1,
  estimate: (operands) => ({ cost: exactly(1), size: add(sizeAt(operands, 0), sizeAt(operands, 1)) }),
};

/** A text read against a pattern. */
export function matching(sized = false): CostModel {
  return {
    actual: ([text, expression]) => scaled(1 + sizeOfValue(text), traversal) * scaled(sizeOfValue(expression), pattern),
    estimate(operands) {
      const size = sizeAt(operands, 0);
      const cost = multiply(scale(add(size, exactly(1)), traversal), scale(sizeAt(operands, 1), pattern));
      return { cost, ...(sized && { size: { min: 0, max: size.max } }) };
    },
  };
}

export const containing: CostModel = {
  actual: ([text, part]) => scaled(sizeOfValue(text), traversal) * scaled(sizeOfValue(part), traversal),
  estimate: (operands) => ({ cost: multiply(scale(sizeAt(operands, 0), traversal), scale(sizeAt(operands, 1), traversal)) }),
};

/** Every item of a list is looked at; texts are read. */
export const scanning: CostModel = {
  actual: ([list]) => scanned(list),
  estimate([list]) {
    if (list === undefined) return { cost: unknownRange };
    const item = list.item;
    if (item === undefined) return { cost: scale(list.size, traversal) };
    const isText = item.type.kind === stringType.kind || item.type.kind === bytesType.kind;
    return { cost: multiply(list.size, isText ? add(exactly(1), scale(item.size, traversal)) : exactly(1)) };
  },
};

function scanned(value: unknown): number {
  if (typeof value === 'string') return Math.floor(codePoints(value) * traversal);
  if (value instanceof Uint8Array) return Math.floor(value.length * traversal);
  if (value instanceof CelList) return value.items.reduce<number>((sum, item) => sum + scanned(item), 0);
  if (value instanceof CelMap) return value.keys().reduce<number>((sum, key) => sum + scanned(key) + scanned(value.get(key)), 0);
  return 1;
}

/** The type of an operand's items, where it may be a list. */
export function itemType(type: CelType): CelType | undefined {
  return type.parameters.length > 0 ? itemOf(type) : undefined;
}

