/** Functions that Kubernetes adds to CEL (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-cel-libraries). */
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { compareQuantities, parseQuantity, type Quantity } from '../quantity.ts';
import { parseCidr, parseIp } from '../validation/ip.ts';
import { equal } from '../values.ts';
import { hasFormat } from './formats.ts';

type Handler = (...args: any[]) => unknown;

/** An amount with its suffix; compared by value. */
class CelQuantity {
  readonly amount: Quantity;
  constructor(text: string) {
    const parsed = parseQuantity(text);
    if (!parsed.ok) throw new Error(parsed.error);
    this.amount = parsed.value;
  }
}

function isQuantity(text: string): boolean {
  return parseQuantity(text).ok;
}

function compare(a: any, b: any): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const functions: readonly (readonly [string, Handler])[] = [
  ['string.re2Matches(string): bool', (text: string, pattern: string) => RE2JS.compile(pattern).matcher(text).find()],
  ['string.find(string): string', (text: string, pattern: string) => matchesOf(text, pattern, 1)[0] ?? ''],
  ['string.findAll(string): list<string>', (text: string, pattern: string) => matchesOf(text, pattern, Infinity)],
  ['string.findAll(string, int): list<string>', (text: string, pattern: string, limit: bigint) => matchesOf(text, pattern, limit < 0n ? Infinity : Number(limit))],
  ['string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, () => to)],
  ['string.charAt(int): string', (text: string, index: bigint) => Array.from(text)[Number(index)] ?? ''],
  ['string.format(list): string', format],
  ['list.isSorted(): bool', (list: readonly unknown[]) => list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0)],
  ['list.sum(): dyn', (list: readonly any[]) => list.reduce((sum, item) => sum + item, typeof list[0] === 'number' ? 0 : 0n)],
  ['list.min(): dyn', (list: readonly unknown[]) => extreme(list, -1)],
  ['list.max(): dyn', (list: readonly unknown[]) => extreme(list, 1)],
  ['list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) => BigInt(list.findIndex((one) => equal(one, item)))],
  ['list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) => BigInt(list.findLastIndex((one) => equal(one, item)))],
  ['isURL(string): bool', (text: string) => hasFormat(text, 'uri')],
  ['isIP(string): bool', (text: string) => parseIp(text) !== undefined],
  ['isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined],
  ['isQuantity(string): bool', isQuantity],
  ['quantity(string): Quantity', (text: string) => new CelQuantity(text)],
  ['Quantity.compareTo(Quantity): int', (a: CelQuantity, b: CelQuantity) => BigInt(compareQuantities(a.amount, b.amount))],
  ['Quantity.isGreaterThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => compareQuantities(a.amount, b.amount) > 0],
  ['Quantity.isLessThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => compareQuantities(a.amount, b.amount) < 0],
];

export function registerFunctions(environment: Environment): Environment {
  environment.registerType('Quantity', CelQuantity);
  for (const [signature, handler] of functions) environment.registerFunction(signature, handler);
  return environment;
}

function matchesOf(text: string, pattern: string, limit: number): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const found: string[] = [];
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

function extreme(list: readonly unknown[], direction: 1 | -1): unknown {
  if (list.length === 0) throw new Error(direction === 1 ? 'max called on empty list' : 'min called on empty list');
  return list.reduce((best, item) => (compare(item, best) * direction > 0 ? item : best));
}

function format(pattern: string, values: readonly unknown[]): string {
  let next = 0;
  return pattern.replaceAll(/%(%|(?:\.(\d+))?([sdfexXob]))/g, (_whole, verb: string, digits?: string, letter?: string) => {
    if (verb === '%') return '%';
    const value: any = values[next++];
    if (letter === 'f') return Number(value).toFixed(Number(digits ?? 6));
    if (letter === 'e') return Number(value).toExponential(Number(digits ?? 6));
    if (letter === 'x' || letter === 'X') return letter === 'x' ? value.toString(16) : value.toString(16).toUpperCase();
    if (letter === 'o' || letter === 'b') return value.toString(letter === 'o' ? 8 : 2);
    return shown(value);
  });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value).map(([key, item]) => `${key}: ${shown(item)}`).join(', ')}}`;
}
