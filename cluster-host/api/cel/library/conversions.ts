/** Conversions between types (langdef.md, "List of Standard Definitions"). */
import { traversal, traversing } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { CelError, CelUint, type CelDuration, type CelTimestamp } from '../values.ts';
import { intOf, uintOf } from './operators.ts';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp, timestampOf } from './time.ts';

const same = (value: unknown): unknown => value;
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function unreadable(type: string): CelError {
  return new CelError(`type conversion error from 'string' to '${type}'`);
}

function toBool(text: string): boolean {
  if (trueWords.has(text)) return true;
  if (falseWords.has(text)) return false;
  throw unreadable('bool');
}

function toInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw unreadable('int');
  const value = BigInt(text.replace(/^\+/, ''));
  if (BigInt.asIntN(64, value) !== value) throw unreadable('int');
  return value;
}

function toUint(text: string): CelUint {
  if (!/^\d+$/.test(text)) throw unreadable('uint');
  const value = BigInt(text);
  if (BigInt.asUintN(64, value) !== value) throw unreadable('uint');
  return new CelUint(value);
}

const specialNumbers: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity, infinity: Infinity, '+infinity': Infinity, '-infinity': -Infinity };

function toDouble(text: string): number {
  const special = specialNumbers[text.toLowerCase()];
  if (special !== undefined) return special;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) throw unreadable('double');
  return Number(text);
}

function wholePart(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 64) throw new CelError('integer overflow');
  return BigInt(Math.trunc(value));
}

/** Doubles are written as Go writes them with as many digits as needed. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return Math.abs(value) < 1e21 ? plain(value) : String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

function toDuration(text: string): CelDuration {
  const duration = parseDuration(text);
  if (duration === undefined) throw unreadable('google.protobuf.Duration');
  return duration;
}

function toTimestamp(text: string): CelTimestamp {
  const timestamp = parseTimestamp(text);
  if (timestamp === undefined) throw unreadable('google.protobuf.Timestamp');
  return timestampOf(timestamp.nanoseconds);
}

const reading = traversing(0, traversal, ({ min, max }) => ({ min: Math.floor(min / 4), max }));
const encoding = traversing(0, traversal, ({ min, max }) => ({ min, max: max * 4 }));

export const conversions: readonly FunctionRow[] = [
  ['bool(bool): bool', same],
  ['bool(string): bool', toBool],
  ['bytes(bytes): bytes', same],
  ['bytes(string): bytes', (text: string) => new TextEncoder().encode(text), encoding],
  ['double(double): double', same],
  ['double(int): double', Number],
  ['double(string): double', toDouble],
  ['double(uint): double', ({ value }: CelUint) => Number(value)],
  ['duration(duration): duration', same],
  ['duration(string): duration', toDuration],
  ['dyn(A): dyn', same],
  ['int(int): int', same],
  ['int(double): int', (value: number) => intOf(wholePart(value))],
  ['int(duration): int', ({ nanoseconds }: CelDuration) => nanoseconds],
  ['int(string): int', toInt],
  ['int(timestamp): int', ({ nanoseconds }: CelTimestamp) => BigInt(Math.floor(Number(nanoseconds) / 1e9))],
  ['int(uint): int', ({ value }: CelUint) => intOf(value)],
  ['string(string): string', same],
  ['string(bool): string', String],
  ['string(bytes): string', decode, reading],
  ['string(double): string', formatDouble],
  ['string(duration): string', formatDuration],
  ['string(int): string', String],
  ['string(timestamp): string', formatTimestamp],
  ['string(uint): string', ({ value }: CelUint) => String(value)],
  ['timestamp(timestamp): timestamp', same],
  ['timestamp(int): timestamp', (value: bigint) => timestampOf(value * 1_000_000_000n)],
  ['timestamp(string): timestamp', toTimestamp],
  ['uint(uint): uint', same],
  ['uint(double): uint', (value: number) => uintOf(wholePart(value))],
  ['uint(int): uint', uintOf],
  ['uint(string): uint', toUint],
];
