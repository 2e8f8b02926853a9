/** What is being typed at an offset of a document, however unfinished the rest is. */
import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { parseYamlDocument } from './document.ts';
import type { Span } from './lines.ts';
import { keyText, scalarText } from './nodes.ts';

export interface Cursor {
  /** Of the value; for a key, of the map that has it. */
  readonly path: Path;
  readonly on: 'key' | 'value';
  /** Whether it stands between braces or brackets. */
  readonly inFlow: boolean;
  /** The word around the offset. */
  readonly span: Span;
  /** The document's value as it is without the word. */
  readonly value: unknown;
}

/** Stands for the word that is being typed; no manifest has it. */
const placeholder = 'kubicle\u00B7cursor';

export function cursorAt(text: string, offset: number): Cursor | undefined {
  const span = wordAround(text, offset);
  const syntax = parseYamlDocument(text.slice(0, span.start) + placeholder + text.slice(span.end));
  const found = search(syntax.yaml?.contents, [], false);
  return found === undefined ? undefined : { ...found, span, value: syntax.value };
}

function wordAround(text: string, offset: number): Span {
  const isWord = (at: number): boolean => /[-\w./]/.test(text[at] ?? '');
  let [start, end] = [offset, offset];
  while (start > 0 && isWord(start - 1)) start -= 1;
  while (end < text.length && isWord(end)) end += 1;
  // The dash of a list item is no part of the word.
  if (text.slice(start, end) === '-') return { start: offset, end: offset };
  return { start, end };
}

type Found = Pick<Cursor, 'path' | 'on' | 'inFlow'>;

function search(node: unknown, path: Path, inFlow: boolean): Found | undefined {
  if (isScalar(node)) return scalarText(node).includes(placeholder) ? { path, on: 'value', inFlow } : undefined;
  if (isPair(node)) {
    const key = keyText(node) ?? '';
    return key.includes(placeholder) ? { path, on: 'key', inFlow } : search(node.value, [...path, key], inFlow);
  }
  if (isSeq(node)) return first(node.items.entries(), ([index, item]) => search(item, [...path, index], node.flow === true));
  return isMap(node) ? first(node.items.values(), (pair) => search(pair, path, node.flow === true)) : undefined;
}

function first<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
