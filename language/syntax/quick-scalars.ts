/** The scalars and flow collections of the quick reader: each on one line, but for literal blocks. Undefined is what it does not know for certain. */
import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Node } from 'yaml';

type Range = [number, number, number];

/** What a plain scalar does not begin with; dashes are looked at apart. */
const indicators: ReadonlySet<string> = new Set(['?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', "'", '"', '%', '@', '`']);
const colon = 58;
const space = 32;

export class QuickScalars {
  readonly #text: string;
  /** Where the flow collection that is being read goes on. */
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  plain(value: string, start: number, end: number, nodeEnd: number): Scalar {
    return scalarNode(value, Scalar.PLAIN, [start, end, nodeEnd]);
  }

  /** The colon behind a key that begins at `start`; undefined where the line has no key. */
  keyEnd(start: number, lineEnd: number): number | undefined {
    const text = this.#text;
    const first = text.charCodeAt(start);
    let at = start;
    if (first === 34 || first === 39) {
      at = this.#quoteEnd(start, lineEnd) ?? lineEnd;
      return text.charCodeAt(at) === colon && this.#isGap(at + 1, lineEnd) ? at : undefined;
    }
    if (first === 91 || first === 123) return undefined;
    for (; at < lineEnd; at += 1) {
      const code = text.charCodeAt(at);
      if (code === colon && this.#isGap(at + 1, lineEnd)) return at;
      if (code === 35 && text.charCodeAt(at - 1) === space) return undefined;
    }
    return undefined;
  }

  key(start: number, end: number): Scalar | undefined {
    const first = this.#text[start];
    if (first === '"' || first === "'") return this.#quoted(start, end, end);
    // Spaces before the colon, and the key that merges: not often seen.
    if (this.#text.charCodeAt(end - 1) === space || end === start || this.#text.startsWith('<<', start)) return undefined;
    return this.#isPlainStart(start) ? this.plain(this.#text.slice(start, end), start, end, end) : undefined;
  }

  /** The only value of the rest of a line. */
  value(start: number, lineEnd: number, nodeEnd: number): Node | undefined {
    const first = this.#text[start];
    if (first === '"' || first === "'") {
      const end = this.#quoteEnd(start, lineEnd);
      return end !== undefined && this.#isOver(end, lineEnd) ? this.#quoted(start, end, nodeEnd) : undefined;
    }
    if (first === '{' || first === '[') {
      this.#at = start;
      const node = this.#flow(lineEnd, 0);
      if (node?.range === undefined || node.range === null || !this.#isOver(this.#at, lineEnd)) return undefined;
      node.range = [node.range[0], node.range[1], nodeEnd];
      return node;
    }
    return this.#plainValue(start, lineEnd, nodeEnd);
  }

  #plainValue(start: number, lineEnd: number, nodeEnd: number): Scalar | undefined {
    if (!this.#isPlainStart(start)) return undefined;
    const text = this.#text;
    let end = start;
    for (let at = start; at < lineEnd; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 35 && text.charCodeAt(at - 1) === space) break;
      if (code === colon && this.#isGap(at + 1, lineEnd)) return undefined;
      if (code !== space) end = at + 1;
    }
    return this.plain(text.slice(start, end), start, end, nodeEnd);
  }

  #isPlainStart(at: number): boolean {
    const first = this.#text[at] ?? '';
    if (first === '-') return !this.#isGap(at + 1, this.#text.length) && this.#text[at + 1] !== '\n';
    return !indicators.has(first);
  }

  #isGap(at: number, lineEnd: number): boolean {
    return at >= lineEnd || this.#text.charCodeAt(at) === space;
  }

  /** Whether a line has nothing more to say from an offset on, but for a comment. */
  #isOver(from: number, lineEnd: number): boolean {
    let at = from;
    while (at < lineEnd && this.#text.charCodeAt(at) === space) at += 1;
    return at >= lineEnd || (at > from && this.#text.charCodeAt(at) === 35);
  }

  /** Behind the closing quote. */
  #quoteEnd(start: number, lineEnd: number): number | undefined {
    const quote = this.#text.charCodeAt(start);
    for (let at = start + 1; at < lineEnd; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 92 && quote === 34) at += 1;
      else if (code === quote) {
        if (quote !== 39 || this.#text.charCodeAt(at + 1) !== 39) return at + 1;
        at += 1;
      }
    }
    return undefined;
  }

  #quoted(start: number, end: number, nodeEnd: number): Scalar | undefined {
    const inner = this.#text.slice(start + 1, end - 1);
    if (this.#text.charCodeAt(start) === 39) return scalarNode(inner.replaceAll("''", "'"), Scalar.QUOTE_SINGLE, [start, end, nodeEnd]);
    const value = inner.includes('\\') ? unescaped(inner) : inner;
    return value === undefined ? undefined : scalarNode(value, Scalar.QUOTE_DOUBLE, [start, end, nodeEnd]);
  }

  #flow(lineEnd: number, depth: number): YAMLMap | YAMLSeq | undefined {
    const start = this.#at;
    const isMap = this.#text[start] === '{';
    const node = isMap ? new YAMLMap() : new YAMLSeq();
    node.flow = true;
    this.#at += 1;
    this.#skipSpaces(lineEnd);
    const close = isMap ? '}' : ']';
    if (this.#text[this.#at] !== close) {
      for (;;) {
        const item = isMap ? this.#flowPair(lineEnd, depth) : this.#flowValue(lineEnd, depth);
        if (item === undefined) return undefined;
        (node.items as unknown[]).push(item);
        this.#skipSpaces(lineEnd);
        const next = this.#text[this.#at];
        if (next === close) break;
        if (next !== ',') return undefined;
        this.#at += 1;
        this.#skipSpaces(lineEnd);
      }
    }
    this.#at += 1;
    node.range = [start, this.#at, this.#at];
    return node;
  }

  #flowPair(lineEnd: number, depth: number): Pair | undefined {
    const key = this.#flowScalar(lineEnd);
    if (key === undefined || key.value === '<<' || this.#text.charCodeAt(this.#at) !== colon || this.#text.charCodeAt(this.#at + 1) !== space) return undefined;
    this.#at += 1;
    this.#skipSpaces(lineEnd);
    const value = this.#flowValue(lineEnd, depth);
    return value === undefined ? undefined : new Pair(key, value);
  }

  #flowValue(lineEnd: number, depth: number): Node | undefined {
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') return depth < 50 ? this.#flow(lineEnd, depth + 1) : undefined;
    const scalar = this.#flowScalar(lineEnd);
    // A pair without braces is one of the rarer things.
    return this.#text.charCodeAt(this.#at) === colon ? undefined : scalar;
  }

  #flowScalar(lineEnd: number): Scalar | undefined {
    const start = this.#at;
    const first = this.#text[start] ?? '';
    if (first === '"' || first === "'") {
      const end = this.#quoteEnd(start, lineEnd);
      if (end === undefined) return undefined;
      this.#at = end;
      return this.#quoted(start, end, end);
    }
    if (!this.#isPlainStart(start) || first === '-') return this.#negative(start, lineEnd);
    return this.#flowPlain(start, lineEnd);
  }

  /** Of what begins with a dash, numbers are common. */
  #negative(start: number, lineEnd: number): Scalar | undefined {
    const next = this.#text.charCodeAt(start + 1);
    return this.#text[start] === '-' && next >= 48 && next <= 57 ? this.#flowPlain(start, lineEnd) : undefined;
  }

  #flowPlain(start: number, lineEnd: number): Scalar | undefined {
    const text = this.#text;
    let [at, end] = [start, start];
    for (; at < lineEnd; at += 1) {
      const code = text.charCodeAt(at);
      // , ] }
      if (code === 44 || code === 93 || code === 125) break;
      // [ { and comments
      if (code === 91 || code === 123 || code === 35) return undefined;
      if (code === colon) {
        const next = text.charCodeAt(at + 1);
        if (next === space) break;
        if (at + 1 >= lineEnd || next === 44 || next === 93 || next === 125 || next === 91 || next === 123) return undefined;
      }
      if (code !== space) end = at + 1;
    }
    // Spaces before a colon, or a line that ends inside.
    if (at >= lineEnd || end === start || (text.charCodeAt(at) === colon && end !== at)) return undefined;
    this.#at = at;
    return this.plain(text.slice(start, end), start, end, end);
  }

  #skipSpaces(lineEnd: number): void {
    while (this.#at < lineEnd && this.#text.charCodeAt(this.#at) === space) this.#at += 1;
  }

  /** A literal block whose lines begin at `first`, below something of the column; `next` is where the text goes on. */
  literal(start: number, first: number, column: number, chomping: string): { readonly node: Scalar; readonly next: number } | undefined {
    const text = this.#text;
    let indent = 0;
    let [at, end, blanks] = [Math.min(first, text.length), first, 0];
    const lines: string[] = [];
    for (; at < text.length; ) {
      const newline = text.indexOf('\n', at);
      const lineEnd = newline === -1 ? text.length : newline;
      let content = at;
      while (content < lineEnd && text.charCodeAt(content) === space) content += 1;
      const isBlank = content >= lineEnd;
      if (lines.length === 0 && blanks === 0 && isBlank) return undefined;
      if (indent === 0) indent = content - at;
      if (!isBlank && content - at < indent) break;
      if (indent <= column || newline === -1) return undefined;
      const line = text.slice(at + indent, lineEnd);
      // Spaces beyond the indentation are content, or not.
      if (isBlank && line !== '') return undefined;
      if (isBlank) blanks += 1;
      else {
        for (; blanks > 0; blanks -= 1) lines.push('');
        lines.push(line);
        end = lineEnd + 1;
      }
      at = lineEnd + 1;
    }
    if (lines.length === 0) return undefined;
    const body = lines.join('\n');
    const value = chomping === '-' ? body : chomping === '+' ? `${body}\n${'\n'.repeat(blanks)}` : `${body}\n`;
    const nodeEnd = chomping === '+' ? at : end;
    return { node: scalarNode(value, Scalar.BLOCK_LITERAL, [start, nodeEnd, nodeEnd]), next: at };
  }
}

function scalarNode(value: string, type: Scalar.Type, range: Range): Scalar {
  const node = new Scalar(value);
  node.type = type;
  node.range = range;
  return node;
}

/** The escapes that YAML and JSON share. */
function unescaped(inner: string): string | undefined {
  if (!/^(?:[^\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*$/u.test(inner)) return undefined;
  return JSON.parse(`"${inner}"`) as string;
}
