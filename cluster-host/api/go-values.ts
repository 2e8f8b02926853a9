/** JSON values as Go's `fmt` prints them: Kubernetes shows them in what it has against patches and configurations. */
import { quote } from './text.ts';
import { isObject } from './values.ts';

/** How Go decoded the numbers: all as 64-bit floats, or whole ones as integers. */
export type GoNumbers = 'floats' | 'integers';

/** As `%v` prints a value: `map[a:1]`, `[x y]`, `text`. */
export function goText(value: unknown, numbers: GoNumbers = 'floats'): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map((item) => goText(item, numbers)).join(' ')}]`;
  if (isObject(value)) return `map[${entries(value).map(([key, item]) => `${key}:${goText(item, numbers)}`).join(' ')}]`;
  return numbers === 'integers' && typeof value === 'number' && Number.isInteger(value) ? String(value) : scalarText(value);
}

/** As `%#v` prints a value: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) return `map[string]interface {}{${entries(value).map(([key, item]) => `${quote(key)}:${goSyntax(item)}`).join(', ')}}`;
  return scalarText(value);
}

/** A value's type as `%T` prints it. */
export function goType(value: unknown, numbers: GoNumbers = 'floats'): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return numbers === 'integers' && Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function entries(object: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function scalarText(value: unknown): string {
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Numbers are 64-bit floats, shortest form: with an exponent below a ten-thousandth and from a million on. */
function numberText(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const size = Number(exponent);
  if (size >= -4 && size < 6) return String(value);
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}
