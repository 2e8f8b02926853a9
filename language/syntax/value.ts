/**
 * The value of a YAML document as the API server decodes it: JSON values only, keys as strings, anchors and merge keys
 * resolved. Never throws: what has no value in JSON becomes a problem, and null in its place.
 */
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { SyntaxProblem } from './document.ts';
import { resolvePlainScalar } from './scalars.ts';
import { formatFieldPath } from './field-path.ts';

/** Tags whose content is read like a plain scalar, quoted or not. */
const resolvedTags = new Set(['bool', 'int', 'float', 'null'].map((name) => `tag:yaml.org,2002:${name}`));

/** Values that one document may grow to through aliases. */
const maxValues = 1_000_000;

export interface DecodedValue {
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
}

export function decodeValue(root: Node | null): DecodedValue {
  const decoder = new Decoder();
  return { value: decoder.decode(root), problems: decoder.problems };
}

class Decoder {
  readonly problems: SyntaxProblem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  readonly #path: (string | number)[] = [];
  #values = 0;

  decode(node: unknown): unknown {
    if (isScalar(node)) return this.#anchored(node, () => this.#scalar(node));
    if (isMap(node)) return this.#anchored(node, () => this.#map(node));
    if (isSeq(node)) return this.#anchored(node, () => node.items.map((item, index) => this.#under(index, item)));
    if (isAlias(node)) {
      const target = this.#target(node);
      return target === undefined ? null : this.decode(target);
    }
    // A pair in a list (`[a: b]`) is a map of one.
    if (isPair(node)) return { [this.#key(node)]: this.decode(node.value) };
    return null;
  }

  #under(step: string | number, node: unknown): unknown {
    this.#path.push(step);
    const value = this.decode(node);
    this.#path.pop();
    return value;
  }

  #anchored(node: Node & { anchor?: string | undefined }, decode: () => unknown): unknown {
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#values += 1;
    if (this.#values > maxValues) {
      if (this.#values === maxValues + 1) this.#report(node, 'document contains excessive aliasing');
      return null;
    }
    this.#open.add(node);
    const value = decode();
    this.#open.delete(node);
    return value;
  }

  #target(alias: Node & { readonly source: string }): Node | undefined {
    const target = this.#anchors.get(alias.source);
    if (target !== undefined && !this.#open.has(target)) return target;
    // An unknown anchor is already a problem of the parser.
    if (target !== undefined) this.#report(alias, `anchor '${alias.source}' value contains itself`);
    return undefined;
  }

  #scalar(node: Scalar): unknown {
    const source = scalarText(node);
    const resolves = node.tag === undefined ? node.type === 'PLAIN' : resolvedTags.has(node.tag);
    if (!resolves) return source;
    const value = resolvePlainScalar(source);
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    this.#report(node, `${source} has no value in JSON`);
    return null;
  }

  #map(map: YAMLMap): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const merges: unknown[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair)) {
        merges.push(pair.value);
        continue;
      }
      if (this.#values > maxValues) break;
      const key = this.#key(pair);
      if (Object.hasOwn(result, key)) this.#report(pair.key, `duplicate field "${formatFieldPath([...this.#path, key])}"`, 'duplicate-field');
      define(result, key, this.#under(key, pair.value));
    }
    for (const merge of merges) this.#merge(result, merge);
    return result;
  }

  /** Adds what a merge key brings; written keys win. */
  #merge(into: Record<string, unknown>, source: unknown): void {
    const sources = isSeq(source) ? source.items : [source];
    for (const each of sources) {
      const value = this.decode(each);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        this.#report(each, 'map merge requires map or sequence of maps as the value');
        continue;
      }
      for (const [key, merged] of Object.entries(value)) if (!Object.hasOwn(into, key)) define(into, key, merged);
    }
  }

  #key(pair: Pair): string {
    const value = this.decode(pair.key);
    if (typeof value === 'object' && value !== null) this.#report(pair.key, 'a key must be a string, a number or a boolean');
    return typeof value === 'string' ? value : String(value);
  }

  #report(node: unknown, message: string, code = 'yaml'): void {
    const range = (node as Node | null)?.range ?? [0, 0, 0];
    this.problems.push({ start: range[0], end: range[1], message, code });
  }
}

/** What is written, without quotes. With the failsafe schema a scalar's value is always text. */
export function scalarText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

export function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

/** `__proto__` is a key like any other. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
