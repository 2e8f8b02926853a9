/** Reads JSON as the API server does: duplicate keys and odd numbers are remarked, errors are worded as Go words them. */
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { quote } from '../text.ts';
import { setKey, type JsonObject } from '../values.ts';
import { maxDepth, Remarks, type ParsedDocument } from './parsed.ts';

/** Thrown inside the parser, returned by `parseJson`. */
class SyntaxProblem extends Error {}

export function parseJson(text: string): Result<ParsedDocument> {
  const parser = new Parser(text);
  try {
    const value = parser.document();
    return ok({ value, duplicates: parser.remarks.duplicates, numbers: parser.remarks.numbers });
  } catch (error) {
    if (error instanceof SyntaxProblem) return failed(error.message);
    throw error;
  }
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
/** A string without escapes and control characters: nearly all are. */
const stringPattern = /"[^"\\\p{Cc}]*"/uy;
const literals: Readonly<Record<string, readonly [string, unknown]>> = { t: ['true', true], f: ['false', false], n: ['null', null] };
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Parser {
  readonly remarks = new Remarks();
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const value = this.value(undefined, 0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected('after top-level value');
    return value;
  }

  private value(container: object | undefined, key: string | number): unknown {
    this.skipSpace();
    const character = this.text[this.at] ?? '';
    if (character === '"') return this.string();
    if (character === '{') return this.nested(() => this.object());
    if (character === '[') return this.nested(() => this.array());
    if (character === '-' || (character >= '0' && character <= '9')) return this.number(container, key);
    const literal = literals[character];
    if (literal === undefined) throw this.unexpected('looking for beginning of value');
    return this.literal(...literal);
  }

  private nested<T>(read: () => T): T {
    this.at++;
    if (++this.depth > maxDepth) throw new SyntaxProblem('exceeded max depth');
    const value = read();
    this.depth--;
    return value;
  }

  private object(): JsonObject {
    const object: JsonObject = {};
    this.skipSpace();
    if (this.text[this.at] === '}') return this.closed(object);
    for (;;) {
      this.skipSpace();
      if (this.text[this.at] !== '"') throw this.unexpected('looking for beginning of object key string');
      const key = this.string();
      this.skipSpace();
      if (this.text[this.at] !== ':') throw this.unexpected('after object key');
      this.at++;
      if (Object.hasOwn(object, key)) this.remarks.duplicate(object, key);
      setKey(object, key, this.value(object, key));
      this.skipSpace();
      const character = this.text[this.at];
      if (character === '}') return this.closed(object);
      if (character !== ',') throw this.unexpected('after object key:value pair');
      this.at++;
    }
  }

  private array(): unknown[] {
    const array: unknown[] = [];
    this.skipSpace();
    if (this.text[this.at] === ']') return this.closed(array);
    for (;;) {
      array.push(this.value(array, array.length));
      this.skipSpace();
      const character = this.text[this.at];
      if (character === ']') return this.closed(array);
      if (character !== ',') throw this.unexpected('after array element');
      this.at++;
    }
  }

  private closed<T>(container: T): T {
    this.at++;
    return container;
  }

  private string(): string {
    stringPattern.lastIndex = this.at;
    if (stringPattern.test(this.text)) {
      const start = this.at + 1;
      this.at = stringPattern.lastIndex;
      return this.text.slice(start, this.at - 1);
    }
    return this.escapedString();
  }

  private escapedString(): string {
    let value = '';
    for (this.at++; ; this.at++) {
      const character = this.text[this.at] ?? '';
      if (character === '"') {
        this.at++;
        // Half of a surrogate pair is no character.
        return value.toWellFormed();
      }
      if (character < ' ') throw this.unexpected('in string literal');
      value += character === '\\' ? this.escape() : character;
    }
  }

  private escape(): string {
    const character = this.text[++this.at] ?? '';
    if (character !== 'u') {
      const plain = Object.hasOwn(escapes, character) ? escapes[character] : undefined;
      if (plain === undefined) throw this.unexpected('in string escape code');
      return plain;
    }
    const start = this.at + 1;
    while (this.at < start + 3) {
      if (!/[0-9a-fA-F]/.test(this.text[++this.at] ?? '')) throw this.unexpected(String.raw`in \u hexadecimal character escape`);
    }
    return String.fromCharCode(Number.parseInt(this.text.slice(start, start + 4), 16));
  }

  private number(container: object | undefined, key: string | number): number {
    numberPattern.lastIndex = this.at;
    const text = numberPattern.exec(this.text)?.[0] ?? '';
    this.at += text.length;
    const next = this.text[this.at] ?? '';
    if (text === '') {
      this.at++;
      throw this.unexpected('in numeric literal');
    }
    if (next === '.') {
      this.at++;
      throw this.unexpected('after decimal point in numeric literal');
    }
    if (next === 'e' || next === 'E') {
      this.at += /^[-+]/.test(this.text[this.at + 1] ?? '') ? 2 : 1;
      throw this.unexpected('in exponent of numeric literal');
    }
    const value = Number(text);
    if (container !== undefined && String(value) !== text) this.remarks.number(container, key, text);
    return value;
  }

  private literal(text: string, value: unknown): unknown {
    for (const expected of text) {
      if (this.text[this.at] !== expected) throw this.unexpected(`in literal ${text} (expecting ${quoteCharacter(expected)})`);
      this.at++;
    }
    return value;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private unexpected(where: string): SyntaxProblem {
    const character = this.text[this.at];
    if (character === undefined) return new SyntaxProblem('unexpected end of JSON input');
    return new SyntaxProblem(`invalid character ${quoteCharacter(character)} ${where}`);
  }
}

function quoteCharacter(character: string): string {
  if (character === "'") return String.raw`'\''`;
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}
