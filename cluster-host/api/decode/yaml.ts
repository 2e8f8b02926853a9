/**
 * Reads YAML as the API server and kubectl do: YAML 1.1 scalars, keys made texts, merge keys, the last of duplicate keys.
 *
 * `documentValue` is apart from parsing, so that the editor reads the same values out of the tree that it has positions for.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar, type Document, type Node, type YAMLMap } from 'yaml';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { quote } from '../text.ts';
import { canonicalJson, getKey, isObject, setKey, type JsonObject } from '../values.ts';
import { maxDepth, Remarks, type ParsedDocument } from './parsed.ts';
import { resolvePlainScalar } from './yaml-scalars.ts';

/** Options with which the `yaml` package keeps scalars as texts and does not look for duplicates (its own search is quadratic). */
export const yamlParseOptions = { version: '1.1', schema: 'failsafe', uniqueKeys: false, merge: false, resolveKnownTags: false, logLevel: 'silent' } as const;

/** Aliases may not make more values than this out of a document. */
const maxValues = 200_000;

export interface YamlDocument extends ParsedDocument {
  /** What strict decoding says about duplicate keys, which it tells by line. */
  readonly strictError?: string;
}

/** Thrown while a document is read, returned by `parseYaml` and `documentValue`. */
class YamlProblem extends Error {}

/** The first document of a text. The error is the whole sentence. */
export function parseYaml(text: string): Result<YamlDocument> {
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, { ...yamlParseOptions, lineCounter: lines });
  if (document === undefined) return ok({ value: null, duplicates: new Map(), numbers: new Map() });
  const [error] = document.errors;
  if (error !== undefined) {
    const message = error.message.split(/ at line \d+|\n/)[0] ?? '';
    return failed(`error converting YAML to JSON: yaml: line ${error.linePos?.[0].line ?? 1}: ${message}`);
  }
  return documentValue(document, (offset) => lines.linePos(offset).line);
}

/** The value of a parsed document (parsed with `yamlParseOptions`, without errors). `lineAt` gives the line of an offset, from 1. */
export function documentValue(document: Document, lineAt: (offset: number) => number): Result<YamlDocument> {
  const reader = new Reader(document, lineAt);
  try {
    const value = reader.value(document.contents, undefined, '');
    const { duplicates, numbers } = reader.remarks;
    const strictError = reader.strictErrors.length === 0 ? {} : { strictError: `yaml: unmarshal errors:\n${reader.strictErrors.map((line) => `  ${line}`).join('\n')}` };
    return ok({ value, duplicates, numbers, ...strictError });
  } catch (error) {
    if (error instanceof YamlProblem) return failed(`error converting YAML to JSON: yaml: ${error.message}`);
    throw error;
  }
}

class Reader {
  readonly remarks = new Remarks();
  readonly strictErrors: string[] = [];
  private readonly document: Document;
  private readonly lineAt: (offset: number) => number;
  private depth = 0;
  /** Aliases that are being followed, and the values that came by any. */
  private aliases = 0;
  private count = 0;

  constructor(document: Document, lineAt: (offset: number) => number) {
    this.document = document;
    this.lineAt = lineAt;
  }

  value(node: Node | null, container: object | undefined, key: string | number): unknown {
    if (this.aliases > 0 && ++this.count > maxValues) throw new YamlProblem('document contains excessive aliasing');
    if (node === null) return null;
    if (isScalar(node)) return this.scalar(node, container, key);
    if (++this.depth > maxDepth) throw new YamlProblem('exceeded max depth');
    const value = this.collection(node, container, key);
    this.depth--;
    return value;
  }

  private collection(node: Node, container: object | undefined, key: string | number): unknown {
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target === undefined) throw new YamlProblem(`unknown anchor '${node.source}' referenced`);
      this.aliases++;
      const value = this.value(target, container, key);
      this.aliases--;
      return value;
    }
    if (isMap(node)) return this.map(node);
    const list: unknown[] = [];
    if (isSeq(node)) for (const item of node.items) list.push(this.value(item as Node | null, list, list.length));
    return list;
  }

  private map(node: YAMLMap): JsonObject {
    const object: JsonObject = {};
    const merged: JsonObject[] = [];
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const value = pair.value as Node | null;
      if (isScalar(keyNode) && keyNode.type === Scalar.PLAIN && keyNode.value === '<<') merged.push(...this.mergeSources(value));
      else this.entry(object, keyNode, value);
    }
    for (const source of merged) {
      for (const name of Object.keys(source)) if (!Object.hasOwn(object, name)) setKey(object, name, getKey(source, name));
    }
    return object;
  }

  private entry(object: JsonObject, keyNode: Node | null, value: Node | null): void {
    const key = this.key(keyNode);
    if (Object.hasOwn(object, key)) {
      this.remarks.duplicate(object, key);
      this.strictErrors.push(`line ${this.lineAt(keyNode?.range?.[0] ?? 0)}: key ${quote(key)} already set in map`);
    }
    setKey(object, key, this.value(value, object, key));
  }

  private mergeSources(node: Node | null): readonly JsonObject[] {
    const value = this.value(node, undefined, '');
    const sources = Array.isArray(value) ? value : [value];
    if (!sources.every(isObject)) throw new YamlProblem('map merge requires map or sequence of maps as the value');
    return sources;
  }

  /** Keys of JSON are texts: numbers and booleans are written out. */
  private key(node: Node | null): string {
    const key = this.value(node, undefined, '');
    if (typeof key === 'string') return key;
    if (typeof key === 'number' || typeof key === 'boolean') return String(key);
    throw new YamlProblem(`unsupported map key: ${canonicalJson(key)}`);
  }

  private scalar(node: Scalar, container: object | undefined, key: string | number): unknown {
    const text = typeof node.value === 'string' ? node.value : '';
    const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
    if (tag === '!!str' || tag === '!') return text;
    if (tag === '!!binary') return atob(text.replaceAll(/\s/g, ''));
    const isTyped = tag === '!!int' || tag === '!!float' || tag === '!!bool' || tag === '!!null';
    if (node.type !== undefined && node.type !== Scalar.PLAIN && !isTyped) return text;
    const value = resolvePlainScalar(text);
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value)) throw new YamlProblem(`unsupported value: ${text}`);
    if (container !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(text)) this.remarks.number(container, key, text);
    return value;
  }
}
