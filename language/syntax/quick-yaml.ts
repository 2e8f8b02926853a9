/**
 * A quick reader for the YAML that manifests are mostly written in: block maps and lists, scalars on one line, literal blocks,
 * flow collections on one line. It makes the very nodes that the `yaml` package would, with the same places (but that comments
 * below a collection are no part of it), many times faster; at the first thing that it does not know for certain it gives up,
 * and the package reads the text instead.
 */
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Node } from 'yaml';
import { yamlParseOptions } from '../../cluster-host/api/decode/yaml.ts';
import { QuickScalars } from './quick-scalars.ts';

/** Undefined where the text needs the whole language. */
export function parseQuickly(text: string): Document | undefined {
  // Tabs and carriage returns have rules of their own.
  if (text.includes('\t') || text.includes('\r') || text.includes('\uFEFF')) return undefined;
  const contents = new Reader(text).document();
  if (contents === undefined) return undefined;
  const document = new Document(null, yamlParseOptions);
  document.contents = contents as Document['contents'];
  return document;
}

/** Thrown inside where the reader gives up. */
const unknown = new Error('not read quickly');

/** Deeper nesting is left to the package, which knows its limits. */
const maxDepth = 200;

class Reader {
  readonly #text: string;
  readonly #scalars: QuickScalars;
  /** Where the rest of the line to be read begins; the text's length at the end. */
  #at = 0;
  /** Column of `#at`: what stands there belongs to a collection of this indentation. */
  #column = 0;
  #lineEnd = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#scalars = new QuickScalars(text);
  }

  document(): Node | undefined {
    try {
      this.#startLine(0);
      if (this.#isMarker()) this.#startLine(this.#lineEnd + 1);
      if (this.#atEnd()) return undefined;
      const node = this.#block();
      return this.#atEnd() ? node : undefined;
    } catch (error) {
      if (error === unknown) return undefined;
      throw error;
    }
  }

  #atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** A `---` with nothing behind it begins the document. */
  #isMarker(): boolean {
    if (this.#column !== 0 || !this.#text.startsWith('---', this.#at)) return false;
    if (this.#isBlank(this.#at + 3)) return true;
    throw unknown;
  }

  /** Goes to the first line from an offset on that has content. */
  #startLine(from: number): void {
    const text = this.#text;
    let start = from;
    for (;;) {
      let at = start;
      while (text.charCodeAt(at) === 32) at += 1;
      if (at >= text.length) {
        this.#at = text.length;
        this.#column = -1;
        return;
      }
      const code = text.charCodeAt(at);
      const newline = text.indexOf('\n', at);
      const lineEnd = newline === -1 ? text.length : newline;
      if (code !== 10 && code !== 35) {
        // A document's end, a directive: rare enough.
        if (at === start && (code === 37 || text.startsWith('...', at))) throw unknown;
        this.#at = at;
        this.#column = at - start;
        this.#lineEnd = lineEnd;
        return;
      }
      start = lineEnd + 1;
      if (start > text.length) start = text.length;
    }
  }

  /** Whether nothing but spaces stands from an offset to the end of the line. */
  #isBlank(from: number): boolean {
    let at = from;
    while (at < this.#lineEnd && this.#text.charCodeAt(at) === 32) at += 1;
    return at >= this.#lineEnd;
  }

  /** Behind the line: where a node that ends in it is over. */
  #afterLine(): number {
    return Math.min(this.#lineEnd + 1, this.#text.length);
  }

  #block(): Node {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw unknown;
    const node = this.#isDash() ? this.#sequence() : this.#map();
    this.#depth -= 1;
    return node;
  }

  #isDash(): boolean {
    if (this.#text.charCodeAt(this.#at) !== 45) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === 32 || next === 10 || Number.isNaN(next);
  }

  #sequence(): YAMLSeq {
    const [start, column] = [this.#at, this.#column];
    const sequence = new YAMLSeq();
    let end = start;
    while (this.#column === column && this.#isDash()) {
      const item = this.#item();
      sequence.items.push(item);
      end = endOf(item);
    }
    if (this.#column > column) throw unknown;
    sequence.range = [start, end, end];
    return sequence;
  }

  /** What follows a dash. */
  #item(): Node {
    const { column, at } = { column: this.#column, at: this.#at };
    let inner = at + 1;
    while (inner < this.#lineEnd && this.#text.charCodeAt(inner) === 32) inner += 1;
    if (inner >= this.#lineEnd) return this.#below(column, inner, false);
    if (this.#text.charCodeAt(inner) === 35) throw unknown;
    this.#column += inner - at;
    this.#at = inner;
    if (this.#isDash() || this.#scalars.keyEnd(inner, this.#lineEnd) !== undefined) return this.#block();
    return this.#inline(column);
  }

  #map(): YAMLMap {
    const [start, column] = [this.#at, this.#column];
    const map = new YAMLMap();
    let end = start;
    while (this.#column === column && !this.#isDash()) {
      const pair = this.#pair(column);
      map.items.push(pair);
      end = endOf(pair.value);
    }
    if (this.#column > column) throw unknown;
    map.range = [start, end, end];
    return map;
  }

  #pair(column: number): Pair<Node, Node> {
    const colon = this.#scalars.keyEnd(this.#at, this.#lineEnd);
    const key = colon === undefined ? undefined : this.#scalars.key(this.#at, colon);
    if (colon === undefined || key === undefined) throw unknown;
    let at = colon + 1;
    while (at < this.#lineEnd && this.#text.charCodeAt(at) === 32) at += 1;
    if (at >= this.#lineEnd) return new Pair(key, this.#below(column, at, true));
    this.#at = at;
    if (this.#text.charCodeAt(at) === 35) {
      // A comment behind the colon: the value comes below, or who knows where it is not.
      this.#startLine(this.#lineEnd + 1);
      if (this.#column > column || (this.#column === column && this.#isDash())) return new Pair(key, this.#block());
      throw unknown;
    }
    return new Pair(key, this.#inline(column));
  }

  /** A value below its key or dash; an empty one at `empty` where there is none. Lists may stand at the column of their key. */
  #below(column: number, empty: number, ofKey: boolean): Node {
    this.#startLine(this.#lineEnd + 1);
    if (this.#column > column || (ofKey && this.#column === column && this.#isDash())) return this.#block();
    return this.#scalars.plain('', empty, empty, empty);
  }

  /** A value on the line of its key or dash, whose column this is. */
  #inline(column: number): Node {
    const code = this.#text.charCodeAt(this.#at);
    if (code === 124) return this.#literal(column);
    const node = this.#scalars.value(this.#at, this.#lineEnd, this.#afterLine());
    if (node === undefined) throw unknown;
    this.#startLine(this.#lineEnd + 1);
    // The text goes on below, or is wrong.
    if (this.#column > column) throw unknown;
    return node;
  }

  #literal(column: number): Node {
    const header = this.#text.slice(this.#at, this.#lineEnd).trimEnd();
    if (!/^\|[-+]?$/.test(header)) throw unknown;
    const block = this.#scalars.literal(this.#at, this.#lineEnd + 1, column, header[1] ?? '');
    if (block === undefined) throw unknown;
    this.#startLine(block.next);
    if (this.#column > column) throw unknown;
    return block.node;
  }
}

function endOf(node: Node | null): number {
  return node instanceof Scalar || node instanceof YAMLMap || node instanceof YAMLSeq ? (node.range?.[2] ?? 0) : 0;
}
