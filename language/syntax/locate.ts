/** From field paths to places in a document. Spans are offsets from the document's start. */
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { Path } from '../../cluster-host/api/field-error.ts';
import type { DocumentSyntax } from './document.ts';
import type { Span } from './lines.ts';
import { isMergeKey, keyText, spanOf } from './nodes.ts';

export interface Location {
  /** How many steps of the path are written in the document. */
  readonly depth: number;
  /** Key of the value, where it stands in a map. */
  readonly key?: Span;
  readonly value: Span;
  readonly node: Node | null;
}

/** The value at a path, or its nearest ancestor that is written. */
export function locate(syntax: DocumentSyntax, path: Path): Location {
  let node = resolve(syntax, syntax.yaml?.contents);
  let found: Location = { depth: 0, value: spanOf(node), node };
  for (let at = 0; at < path.length; ) {
    const child = childOf(syntax, node, path, at);
    if (child === undefined) break;
    at += child.steps;
    node = resolve(syntax, child.value);
    found = { depth: at, ...(child.key === null ? {} : { key: spanOf(child.key) }), value: spanOf(node ?? child.key), node };
  }
  return found;
}

/** What to underline for a path: the scalar itself, else the key; of a list item that is a map, its first line. */
export function markOf(syntax: DocumentSyntax, path: Path, prefer: 'key' | 'value' = 'value'): Span {
  const { key, value, node, depth } = locate(syntax, path);
  const wantsKey = prefer === 'key' || depth < path.length || !isScalar(node) || value.start === value.end;
  return firstLine(syntax.text, wantsKey && key !== undefined ? key : value);
}

interface Child {
  readonly key: Node | null;
  readonly value: unknown;
  /** Steps of the path that the child takes: keys with dots may come as several. */
  readonly steps: number;
}

function childOf(syntax: DocumentSyntax, node: Node | null, path: Path, at: number): Child | undefined {
  const step = path[at];
  if (isSeq(node)) return typeof step === 'number' && step < node.items.length ? { key: null, value: node.items[step], steps: 1 } : undefined;
  if (!isMap(node)) return undefined;
  let name = String(step);
  for (let steps = 1; ; steps += 1) {
    const pair = pairOf(syntax, node, name);
    if (pair !== undefined) return { key: isNode(pair.key) ? pair.key : null, value: pair.value, steps };
    if (at + steps >= path.length) return undefined;
    name += `.${path[at + steps]}`;
  }
}

/** The last pair with the key wins, as in decoding; then come merged maps. */
function pairOf(syntax: DocumentSyntax, map: YAMLMap, name: string): Pair | undefined {
  const own = map.items.findLast((pair) => keyText(pair) === name && !isMergeKey(pair));
  if (own !== undefined) return own;
  for (const pair of map.items) {
    if (!isMergeKey(pair)) continue;
    const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const source of sources) {
      const merged = resolve(syntax, source);
      const found = isMap(merged) && merged !== map ? pairOf(syntax, merged, name) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function resolve(syntax: DocumentSyntax, node: unknown): Node | null {
  if (isAlias(node)) return (syntax.yaml && node.resolve(syntax.yaml)) ?? null;
  return isNode(node) ? node : null;
}

function firstLine(text: string, { start, end }: Span): Span {
  const lineEnd = text.slice(start, end).search(/\r?\n/);
  return { start, end: lineEnd === -1 ? end : start + lineEnd };
}
