/**
 * Values of CEL at run time. A bool, a string and null are JavaScript's own; an int is a bigint, a double a number, bytes a
 * Uint8Array; everything else is one of the classes here, or an `Opaque` of a library.
 */
import { boolType, bytesType, doubleType, durationType, dynType, intType, listOf, mapOf, nullType, optionalOf, sameType, stringType, timestampType, typeOf, uintType, type CelType } from './types.ts';

/** What an expression ends with when it cannot be evaluated. */
export class CelError extends Error {}

/** Ends the evaluation whatever stands around it: no operator absorbs it. */
export class CostExceeded extends Error {}

export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** Nanoseconds since 1970. */
export class CelTimestamp {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class CelDuration {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

export class CelOptional {
  /** Undefined where there is none. */
  readonly value: unknown;
  constructor(value?: unknown) {
    this.value = value;
  }
}

/** How the items of a list are told apart: sets and maps in lists compare and join by it, whatever their order. */
export interface Association {
  /** Whether items with the same key may still differ. */
  readonly type: 'set' | 'map';
  keyOf(item: unknown): string;
}

export class CelList {
  readonly items: readonly unknown[];
  readonly association: Association | undefined;
  constructor(items: readonly unknown[], association?: Association) {
    this.items = items;
    this.association = association;
  }
}

/** Keys are strings, ints, uints or bools. */
export abstract class CelMap {
  abstract readonly size: number;
  /** Undefined where there is no such key. */
  abstract get(key: unknown): unknown;
  abstract keys(): readonly unknown[];
  get type(): CelType {
    return mapOf(dynType, dynType);
  }
}

export class LiteralMap extends CelMap {
  readonly #entries = new Map<string, readonly [unknown, unknown]>();
  constructor(entries: Iterable<readonly [unknown, unknown]>) {
    super();
    for (const [key, value] of entries) this.#entries.set(keyText(key), [key, value]);
  }
  /** While it is made: a key comes only once. */
  insertOnce(key: unknown, value: unknown): void {
    const text = keyText(key);
    if (this.#entries.has(text)) throw new CelError(`insert failed: key ${String(key)} already exists`);
    this.#entries.set(text, [key, value]);
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: unknown): unknown {
    return this.#entries.get(keyText(key))?.[1];
  }
  keys(): readonly unknown[] {
    return Array.from(this.#entries.values(), ([key]) => key);
  }
}

/** Keys that are equal have the same text: `1`, `1u` and `1.0`. */
function keyText(key: unknown): string {
  if (key instanceof CelUint) return `number ${key.value}`;
  if (typeof key === 'bigint') return `number ${key}`;
  if (typeof key === 'number') return Number.isInteger(key) ? `number ${BigInt(key)}` : `number ${key}`;
  return `${typeof key} ${String(key)}`;
}

/** A value of a library's own type. */
export interface Opaque {
  readonly celType: CelType;
  equals(other: Opaque): boolean;
  /** What it counts as where costs depend on sizes; 1 where not given. */
  readonly costSize?: number;
}

function isOpaque(value: unknown): value is Opaque {
  return typeof value === 'object' && value !== null && 'celType' in value;
}

/** A type as a value: `type(1)`. */
export class TypeValue implements Opaque {
  readonly type: CelType;
  constructor(type: CelType) {
    this.type = type;
  }
  get celType(): CelType {
    return typeOf(this.type);
  }
  equals(other: Opaque): boolean {
    return other instanceof TypeValue && other.type.kind === this.type.kind && other.type.name === this.type.name;
  }
}

/** A JSON object without a schema; what it holds becomes values when it is asked for. */
export class JsonMap extends CelMap {
  readonly #object: Readonly<Record<string, unknown>>;
  constructor(object: Readonly<Record<string, unknown>>) {
    super();
    this.#object = object;
  }
  get size(): number {
    return this.keys().length;
  }
  get(key: unknown): unknown {
    return typeof key === 'string' && Object.hasOwn(this.#object, key) ? fromJson(this.#object[key]) : undefined;
  }
  keys(): readonly string[] {
    return Object.keys(this.#object).filter((key) => this.#object[key] !== undefined);
  }
  override get type(): CelType {
    return mapOf(stringType, dynType);
  }
}

export function fromJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return new CelList(value.map(fromJson));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return new JsonMap(value as Readonly<Record<string, unknown>>);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function typeOfValue(value: unknown): CelType {
  switch (typeof value) {
    case 'boolean':
      return boolType;
    case 'string':
      return stringType;
    case 'bigint':
      return intType;
    case 'number':
      return doubleType;
    default:
      return typeOfObject(value);
  }
}

function typeOfObject(value: unknown): CelType {
  if (value === null) return nullType;
  if (value instanceof CelUint) return uintType;
  if (value instanceof Uint8Array) return bytesType;
  if (value instanceof CelTimestamp) return timestampType;
  if (value instanceof CelDuration) return durationType;
  if (value instanceof CelList) return listOf(dynType);
  if (value instanceof CelMap) return value.type;
  if (value instanceof CelOptional) return optionalOf(dynType);
  return isOpaque(value) ? value.celType : dynType;
}

/** What errors of evaluation call the type: no parameters. */
export function typeName(value: unknown): string {
  const { kind, name } = typeOfValue(value);
  return kind === 'timestamp' ? 'google.protobuf.Timestamp' : kind === 'duration' ? 'google.protobuf.Duration' : kind === 'null' ? 'null_type' : name;
}

/** Whether a function that takes such a parameter can be given the value. */
export function isOfType(value: unknown, { kind, name }: CelType): boolean {
  if (kind === 'dyn' || kind === 'parameter') return true;
  const type = typeOfValue(value);
  return type.kind === kind && (kind === 'struct' || kind === 'opaque' ? type.name === name : true);
}

/** Ints, uints and doubles, as what can be compared with one another. */
export function asNumber(value: unknown): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof CelUint ? value.value : undefined;
}

export function equalValues(a: unknown, b: unknown): boolean {
  const [left, right] = [asNumber(a), asNumber(b)];
  // Numbers of different types are equal where they mean the same.
  if (left !== undefined || right !== undefined) return left !== undefined && right !== undefined && !(left < right) && !(left > right) && !Number.isNaN(Number(left)) && !Number.isNaN(Number(right));
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, index) => byte === b[index]);
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanoseconds === b.nanoseconds;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanoseconds === b.nanoseconds;
  if (a instanceof CelList) return b instanceof CelList && equalLists(a, b);
  if (a instanceof CelMap) return b instanceof CelMap && equalMaps(a, b);
  if (a instanceof CelOptional) return b instanceof CelOptional && (a.value === undefined ? b.value === undefined : b.value !== undefined && equalValues(a.value, b.value));
  return isOpaque(a) && isOpaque(b) && sameType(a.celType, b.celType) && a.equals(b);
}

function equalLists(a: CelList, b: CelList): boolean {
  const association = a.association ?? b.association;
  if (a.items.length !== b.items.length) return false;
  if (association === undefined) return a.items.every((item, index) => equalValues(item, b.items[index]));
  const byKey = new Map(b.items.map((item) => [association.keyOf(item), item]));
  return a.items.every((item) => {
    const key = association.keyOf(item);
    return byKey.has(key) && equalValues(item, byKey.get(key));
  });
}

function equalMaps(a: CelMap, b: CelMap): boolean {
  return a.size === b.size && a.keys().every((key) => {
    const other = b.get(key);
    return other !== undefined && equalValues(a.get(key), other);
  });
}

/** Before (negative), the same, or after; undefined where the two have no order. */
export function compareValues(a: unknown, b: unknown): number | undefined {
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left !== undefined && right !== undefined) return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  if ((a instanceof CelTimestamp && b instanceof CelTimestamp) || (a instanceof CelDuration && b instanceof CelDuration)) {
    return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
  }
  return undefined;
}

/** By code points. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [index, point] of left.entries()) {
    const difference = (point.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (const [index, byte] of a.entries()) {
    const difference = byte - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) if ((text.charCodeAt(index) & 0xfc00) === 0xd800) count--;
  return count;
}

/** How large a value is where costs depend on it: characters, bytes, items, entries; 1 for anything else. */
export function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof CelList) return value.items.length;
  if (value instanceof CelMap) return value.size;
  if (value instanceof CelOptional && value.value !== undefined) return sizeOfValue(value.value);
  return isOpaque(value) ? (value.costSize ?? 1) : 1;
}

export function describeTypes(values: readonly unknown[]): string {
  return values.map((value) => typeName(value)).join(', ');
}

