/** `format` of the strings extension (cel-go, `ext/formatting.go`). */
import { CelDuration, CelError, CelList, CelMap, CelTimestamp, CelUint, compareValues, typeName, TypeValue } from '../values.ts';
import { formatDuration, formatTimestamp } from './time.ts';

const clause = /%(%|(?:\.(\d+))?(.)?)/gsu;
const maxPrecision = 1000;

export function format(template: string, { items }: CelList): string {
  let next = 0;
  return template.replaceAll(clause, (_whole, verb: string, digits?: string, letter?: string) => {
    if (verb === '%') return '%';
    if (letter === undefined) throw new CelError('unexpected end of string');
    const precision = digits === undefined ? undefined : Number(digits);
    if (precision !== undefined && precision > maxPrecision) throw new CelError(`precision ${precision} exceeds maximum allowed precision ${maxPrecision}`);
    const write = verbs[letter];
    if (write === undefined) throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${letter}"`);
    if (next >= items.length) throw new CelError(`index ${next} out of range`);
    return write(items[next++], precision);
  });
}

type Write = (value: unknown, precision: number | undefined) => string;

const verbs: Readonly<Record<string, Write>> = {
  s: (value) => shown(value),
  d: decimal,
  f: (value, precision = 6) => special(value) ?? number(value, 'fixed-point').toFixed(Math.min(precision, 100)),
  e: (value, precision = 6) => special(value) ?? scientific(number(value, 'scientific'), precision),
  b: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : whole(value, 'binary', 'integers and bools').toString(2)),
  o: (value) => whole(value, 'octal', 'integers').toString(8),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
};

function wrongType(what: string, taken: string, value: unknown): CelError {
  return new CelError(`error during formatting: ${what} clause can only be used on ${taken}, was given ${typeName(value)}`);
}

function decimal(value: unknown): string {
  if (typeof value === 'bigint' || value instanceof CelUint) return whole(value, 'decimal', 'integers').toString();
  const text = special(value);
  if (text === undefined) throw wrongType('decimal', 'integers', value);
  return text;
}

function whole(value: unknown, what: string, taken: string): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof CelUint) return value.value;
  throw wrongType(what, taken, value);
}

function number(value: unknown, what: string): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  throw wrongType(what, 'doubles', value);
}

/** Infinity and no number, also as texts. */
function special(value: unknown): string | undefined {
  if (value === 'NaN' || (typeof value === 'number' && Number.isNaN(value))) return 'NaN';
  if (value === 'Infinity' || value === Infinity) return '∞';
  return value === '-Infinity' || value === -Infinity ? '-∞' : undefined;
}

/** `1.5×10⁰³`: exponents have two digits at least. */
function scientific(value: number, precision: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(Math.min(precision, 100)).split('e');
  const digits = exponent.replace(/^[+-]/, '').padStart(2, '0');
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${Array.from(digits, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}

function hexadecimal(value: unknown): string {
  if (typeof value === 'string') return bytesInHex(new TextEncoder().encode(value));
  return value instanceof Uint8Array ? bytesInHex(value) : whole(value, 'hex', 'integers, byte buffers, and strings').toString(16);
}

function bytesInHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function shown(value: unknown, isNested = false): string {
  if (typeof value === 'string') return isNested ? `"${value}"` : value;
  if (typeof value === 'number') return special(value) ?? (isNested ? value.toFixed(6) : String(value));
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof Uint8Array) return isNested ? `b"${new TextDecoder().decode(value)}"` : new TextDecoder().decode(value);
  if (value instanceof CelTimestamp) return isNested ? `timestamp("${formatTimestamp(value)}")` : formatTimestamp(value);
  if (value instanceof CelDuration) return isNested ? `duration("${formatDuration(value)}")` : formatDuration(value);
  if (value instanceof CelList) return `[${value.items.map((item) => shown(item, true)).join(', ')}]`;
  if (value instanceof CelMap) return shownMap(value);
  if (value instanceof TypeValue) return isNested ? `type(${value.type.name})` : value.type.name;
  throw new CelError(`error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`);
}

/** Entries in the order of their keys. */
function shownMap(map: CelMap): string {
  const keys = map.keys().toSorted((a, b) => compareValues(a, b) ?? 0);
  return `{${keys.map((key) => `${shown(key, true)}:${shown(map.get(key), true)}`).join(', ')}}`;
}
