/** Steps of field paths in the order in which Kubernetes sorts them, and as its messages print them. */
import { quote } from '../text.ts';
import { canonicalJson, isObject, type JsonObject } from '../values.ts';

/** Fields, then items by their keys, then items of sets, then positions. */
const order = 'fkvi';

/** Sorts steps: numbers by their size, keys of items one after the other. */
export function compareSteps(a: string, b: string): number {
  if (a === b) return 0;
  const kinds = order.indexOf(a.charAt(0)) - order.indexOf(b.charAt(0));
  if (kinds !== 0) return kinds;
  return a.startsWith('f:') ? (a < b ? -1 : 1) : compareValues(contentOf(a), contentOf(b));
}

function contentOf(step: string): unknown {
  return JSON.parse(step.slice(2));
}

function compareValues(a: unknown, b: unknown): number {
  if (isObject(a) && isObject(b)) return compareKeys(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = typeof a === typeof b ? [canonicalJson(a), canonicalJson(b)] : [rank(a), rank(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function rank(value: unknown): number {
  return ['number', 'string', 'boolean'].indexOf(typeof value);
}

function compareKeys(a: JsonObject, b: JsonObject): number {
  const right = Object.entries(b);
  for (const [index, [name, value]] of Object.entries(a).entries()) {
    const [otherName, otherValue] = right[index] ?? [];
    if (otherName === undefined) return 1;
    const compared = name === otherName ? compareValues(value, otherValue) : name < otherName ? -1 : 1;
    if (compared !== 0) return compared;
  }
  return Object.keys(a).length - right.length;
}

/** The path as conflicts print it: `.spec.containers[name="c"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join('');
}

export function stepText(step: string): string {
  const content = step.slice(2);
  if (step.startsWith('f:')) return `.${content}`;
  if (step.startsWith('v:')) return `[=${valueText(contentOf(step))}]`;
  if (step.startsWith('i:')) return `[${content}]`;
  return `[${Object.entries(contentOf(step) as JsonObject).map(([name, value]) => `${name}=${valueText(value)}`).join(',')}]`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`;
  return isObject(value) ? Object.entries(value).map(([name, item]) => `${name}=${valueText(item)}`).join('') : canonicalJson(value);
}
