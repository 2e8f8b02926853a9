/**
 * Quantities: `100m`, `1.5Gi`, `2e3` (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 *
 * Amounts are exact: whole billionths in a bigint, as Kubernetes rounds every quantity up to that. A quantity remembers in
 * which family of suffixes it was written, and keeps its own spelling where Kubernetes does.
 */
import type { Result } from './result.ts';
import { failed, ok } from './result.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** The amount in billionths. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
  /** How it was written, where that is kept when it is written again. */
  readonly text?: string;
}

const unit = 1_000_000_000n;
const nanoScale = -9;
/** Kubernetes caps amounts with binary suffixes here, and so bounds what a short text can cost. */
const maxInt64 = 2n ** 63n - 1n;
/** A decimal exponent beyond this is refused: the number would be larger than the text deserves. */
const maxExponent = 1000;
/** Digits that fit an int64; longer numbers take Kubernetes' slow path, which never keeps the spelling. */
const int64Digits = 18;

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

export const zeroQuantity: Quantity = { nanos: 0n, format: 'DecimalSI', text: '0' };

const formatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericError = 'unable to parse numeric part of quantity';
const suffixError = "unable to parse quantity's suffix";

// As lenient as Kubernetes' scanner: digits may be missing on either side of the point, or altogether.
const scanner = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

export function parseQuantity(text: string): Result<Quantity> {
  if (text === '') return failed(formatError);
  if (text === '0') return ok(zeroQuantity);
  const match = scanner.exec(text);
  if (match === null) return failed(formatError);
  const [, sign = '', digits = '', fraction = '', suffix = ''] = match;
  const whole = digits === '' ? '0' : digits;
  const family = suffixOf(suffix);
  if (family === undefined) return failed(suffixError);
  const fast = fastPath(whole, fraction, family);
  if (!fast && !/[0-9]/.test(text.slice(0, text.length - suffix.length))) return failed(numericError);

  const mantissa = BigInt(whole + fraction);
  const amount = family.format === 'BinarySI' ? binaryAmount(mantissa, fraction, family) : scaled(mantissa, family.exponent - fraction.length - nanoScale);
  const nanos = sign === '-' ? -amount : amount;
  const format = family.format === 'BinarySI' && !fast && amount > 0n && amount < unit ? 'DecimalSI' : family.format;
  return ok(fast && isCanonical(whole, fraction, family) ? { nanos, format, text } : { nanos, format });
}

interface Suffix {
  readonly format: QuantityFormat;
  /** Power of ten, or of two for binary suffixes. */
  readonly exponent: number;
}

function suffixOf(suffix: string): Suffix | undefined {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal !== -1) return { format: 'DecimalSI', exponent: decimal * 3 + nanoScale };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary !== -1) return { format: 'BinarySI', exponent: binary * 10 };
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > maxExponent) return undefined;
  return { format: 'DecimalExponent', exponent: Number(exponent) };
}

/** Whether Kubernetes computes the amount with int64 arithmetic; only then may the spelling be kept. */
function fastPath(whole: string, fraction: string, family: Suffix): boolean {
  if (family.format === 'BinarySI') {
    return fraction === '' && whole.length + Math.floor((family.exponent * 3) / 10) <= 14;
  }
  return whole.length + fraction.length <= int64Digits && family.exponent - fraction.length >= nanoScale;
}

function binaryAmount(mantissa: bigint, fraction: string, family: Suffix): bigint {
  const amount = scaled(mantissa << BigInt(family.exponent), -fraction.length - nanoScale);
  return amount > maxInt64 * unit ? maxInt64 * unit : amount;
}

function isCanonical(whole: string, fraction: string, family: Suffix): boolean {
  if (family.format === 'BinarySI') return (BigInt(whole) & 7n) !== 0n;
  const digits = whole + fraction;
  return (family.exponent - fraction.length) % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** `value` × 10^`scale`, rounded up. */
function scaled(value: bigint, scale: number): bigint {
  return scale >= 0 ? value * 10n ** BigInt(scale) : divideUp(value, 10n ** BigInt(-scale));
}

/** Divides and rounds away from zero. */
function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** The quantity as Kubernetes writes it. */
export function formatQuantity(quantity: Quantity): string {
  const { nanos, format, text } = quantity;
  if (text !== undefined) return text;
  if (nanos === 0n) return '0';
  const small = nanos > -1024n * unit && nanos < 1024n * unit;
  if (format === 'BinarySI' && !small && nanos % unit === 0n) {
    const [mantissa, power] = withoutFactors(nanos / unit, 1024n);
    return `${mantissa}${binarySuffixes[power] ?? ''}`;
  }
  const [mantissa, thousands] = withoutFactors(nanos, 1000n);
  const exponent = thousands * 3 + nanoScale;
  if (format === 'DecimalExponent') return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
  return `${mantissa}${decimalSuffixes[thousands] ?? ''}`;
}

/** Takes a factor out as often as it divides the value: the rest, and how often. The value is not 0. */
function withoutFactors(value: bigint, factor: bigint): readonly [bigint, number] {
  let rest = value;
  let times = 0;
  for (; rest % factor === 0n; times++) rest /= factor;
  return [rest, times];
}

/** The text as the API server gives it back; the text itself where it is no quantity. */
export function canonicalQuantity(text: string): string {
  const parsed = parseQuantity(text.trim());
  return parsed.ok ? formatQuantity(parsed.value) : text;
}

/** The quantity of a field that was validated before; 0 where it is missing (or no quantity). */
export function quantityOf(text: string | number | undefined): Quantity {
  if (text === undefined) return zeroQuantity;
  const parsed = parseQuantity(String(text));
  return parsed.ok ? parsed.value : zeroQuantity;
}

export function quantityFromNumber(value: number, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { nanos: BigInt(Math.trunc(value)) * unit, format };
}

/** From thousandths: `500` is `500m`. */
export function quantityFromMilli(value: number, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { nanos: BigInt(Math.trunc(value)) * (unit / 1000n), format };
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.nanos === b.nanos) return 0;
  return a.nanos < b.nanos ? -1 : 1;
}

/** The sum, in the format of `a` unless `a` is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** The difference, in the format of `a` unless `a` is zero. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** Whole units, rounded away from zero: bytes of a memory request. */
export function quantityValue(quantity: Quantity): number {
  return Number(divideUp(quantity.nanos, unit));
}

/** Thousandths, rounded away from zero: milli-CPUs. */
export function quantityMilliValue(quantity: Quantity): number {
  return Number(divideUp(quantity.nanos, unit / 1000n));
}
