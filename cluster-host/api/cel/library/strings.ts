/** Texts: the standard functions, and cel-go's strings extension, version 2. */
import { add, containing, exactly, matching, multiply, scale, scaled, scanning, traversal, traversing, unknownRange, type CostModel, type Range } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { CelError, CelList, sizeOfValue } from '../values.ts';
import { format } from './format.ts';
import { compilePattern } from '../../patterns.ts';

const same = (size: Range): Range => size;
const reading = traversing(0, traversal, same);
/** The text is read, and one as long is made. */
const copying = 2 * traversal;

function outOfRange(index: bigint): CelError {
  return new CelError(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const points = Array.from(text);
  if (index < 0n || index > BigInt(points.length)) throw outOfRange(index);
  return points[Number(index)] ?? '';
}

function indexOf(text: string, part: string, offset = 0n): bigint {
  if (offset < 0n) throw outOfRange(offset);
  const points = Array.from(text);
  const from = Number(offset);
  if (part === '') return BigInt(Math.min(from, points.length));
  if (from >= points.length) return -1n;
  const rest = points.slice(from).join('');
  const found = rest.indexOf(part);
  return found < 0 ? -1n : BigInt(from + Array.from(rest.slice(0, found)).length);
}

function lastIndexOf(text: string, part: string, offset?: bigint): bigint {
  const points = Array.from(text);
  if (offset !== undefined && offset < 0n) throw outOfRange(offset);
  if (part === '') return offset === undefined ? BigInt(points.length) : BigInt(Math.min(Number(offset), points.length));
  const length = Array.from(part).length;
  if (offset !== undefined && Number(offset) >= points.length) return -1n;
  for (let at = Math.min(offset === undefined ? points.length : Number(offset), points.length - length); at >= 0; at--) {
    if (points.slice(at, at + length).join('') === part) return BigInt(at);
  }
  return -1n;
}

/** As Go's `strings.Replace`: an empty part stands between all characters. */
function replace(text: string, part: string, by: string, limit = -1n): string {
  let left = limit < 0n ? Infinity : Number(limit);
  if (part === '') return [...Array.from(text, (point) => (left-- > 0 ? by : '') + point), left > 0 ? by : ''].join('');
  return text.replaceAll(part, (found) => (left-- > 0 ? by : found));
}

function split(text: string, separator: string, limit = -1n): CelList {
  if (limit === 0n) return new CelList([]);
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  const count = Number(limit);
  if (count < 0 || parts.length <= count) return new CelList(parts);
  return new CelList([...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const points = Array.from(text);
  const length = BigInt(points.length);
  if (end !== undefined && start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) throw outOfRange(start);
  if (end !== undefined && end > length) throw outOfRange(end);
  return points.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

function join({ items }: CelList, separator = ''): string {
  for (const item of items) if (typeof item !== 'string') throw new CelError(`join: invalid input: ${String(item)}`);
  return items.join(separator);
}

function escaped(text: string): string {
  const named: Readonly<Record<string, string>> = { '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"' };
  return `"${Array.from(text.toWellFormed(), (point) => named[point] ?? point).join('')}"`;
}

const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const upper = (text: string): string => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
/** What Go takes for white space. */
const trim = (text: string): string => text.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, '');

const replacing: CostModel = {
  actual: ([text]) => scaled(sizeOfValue(text), copying),
  estimate([text, part, by]) {
    const [size, partSize, bySize] = [text, part, by].map((operand) => operand?.size ?? unknownRange) as [Range, Range, Range];
    const max = replacedSize(size.max, partSize.min, bySize.max, bySize.max <= partSize.min);
    const min = replacedSize(size.min, partSize.max, bySize.min, partSize.max <= bySize.min);
    return { cost: scale(size, copying), size: { min, max } };
  },
};

function replacedSize(size: number, part: number, by: number, staysAsItIs: boolean): number {
  if (part === 0) return add(multiply(exactly(size + 1), exactly(by)), exactly(size)).max;
  return staysAsItIs ? size : multiply(exactly(Math.ceil(size / part)), exactly(by)).max;
}

const splitting: CostModel = {
  actual: ([text]) => scaled(sizeOfValue(text), copying),
  estimate([text, , limit]) {
    const size = text?.size ?? unknownRange;
    return { cost: scale(size, copying), size: { min: 0, max: typeof limit?.literal === 'bigint' ? Number(limit.literal) : size.max } };
  },
};

const joining: CostModel = {
  actual: (_args, result) => scaled(sizeOfValue(result), copying),
  estimate([list, separator]) {
    const count = list?.size ?? unknownRange;
    const items = list?.item === undefined ? exactly(0) : multiply(count, list.item.size);
    const between = separator === undefined ? exactly(0) : multiply(separator.size, { min: Math.max(count.min - 1, 0), max: Math.max(count.max - 1, 0) });
    const size = add(items, between);
    return { cost: scale(size, traversal), size };
  },
};

export const strings: readonly FunctionRow[] = [
  ['string.contains(string): bool', (text: string, part: string) => text.includes(part), containing],
  ['string.endsWith(string): bool', (text: string, part: string) => text.endsWith(part), traversing(1)],
  ['string.startsWith(string): bool', (text: string, part: string) => text.startsWith(part), traversing(1)],
  ['matches(string, string): bool', matches, matching()],
  ['string.matches(string): bool', matches, matching()],
  ['string.charAt(int): string', charAt],
  ['string.indexOf(string): int', indexOf, scanning],
  ['string.indexOf(string, int): int', indexOf, scanning],
  ['string.lastIndexOf(string): int', lastIndexOf, scanning],
  ['string.lastIndexOf(string, int): int', lastIndexOf, scanning],
  ['string.lowerAscii(): string', lower, reading],
  ['string.replace(string, string): string', replace, replacing],
  ['string.replace(string, string, int): string', replace, replacing],
  ['string.split(string): list<string>', split, splitting],
  ['string.split(string, int): list<string>', split, splitting],
  ['string.substring(int): string', substring, reading],
  ['string.substring(int, int): string', substring, reading],
  ['string.trim(): string', trim, reading],
  ['string.upperAscii(): string', upper, reading],
  ['string.format(list<dyn>): string', format, traversing(0)],
  ['strings.quote(string): string', escaped, traversing(0, traversal, ({ min, max }) => ({ min: min + 2, max: max * 2 + 2 }))],
  ['list<string>.join(): string', join, joining],
  ['list<string>.join(string): string', join, joining],
];

function matches(text: string, expression: string): boolean {
  const pattern = compilePattern(expression);
  if (!pattern.ok) throw new CelError(`error parsing regexp: ${pattern.error}`);
  return pattern.value.matcher(text).find();
}
