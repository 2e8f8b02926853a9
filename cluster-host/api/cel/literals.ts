/** Literals of CEL: texts with their escapes, and numbers (langdef.md, "String and Bytes Values", "Numeric Values"). */
import { failed, ok, type Result } from '../result.ts';

const simpleEscapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"', '`': '`', '?': '?' };
const numericEscapes: readonly (readonly [RegExp, number])[] = [
  [/[xX]([0-9a-fA-F]{2})/y, 16],
  [/u([0-9a-fA-F]{4})/y, 16],
  [/U([0-9a-fA-F]{8})/y, 16],
  [/([0-3][0-7]{2})/y, 8],
];
const problem = 'unable to unescape string';

/** The value of a quoted text, prefix `r` and quotes included. */
export function textValue(literal: string): Result<string> {
  const { body, isRaw } = unquote(literal);
  if (isRaw || !body.includes('\\')) return ok(body);
  return unescape(body, (code) => (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code)), (text) => text, (parts) => parts.join(''));
}

/** The value of `b"…"`: escapes of two hexadecimal or three octal digits are bytes, all else is UTF-8. */
export function bytesValue(literal: string): Result<Uint8Array> {
  const { body, isRaw } = unquote(literal.slice(1));
  const encoder = new TextEncoder();
  if (isRaw) return ok(encoder.encode(body));
  if (/(?:^|[^\\])(?:\\\\)*\\[uU]/.test(body)) return failed(problem);
  return unescape(body, (code) => Uint8Array.of(code), (text) => encoder.encode(text), (parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part))));
}

function unquote(literal: string): { body: string; isRaw: boolean } {
  const isRaw = /^[rR]/.test(literal);
  const quoted = (isRaw ? literal.slice(1) : literal).replaceAll(/\r\n?/g, '\n');
  const quotes = /^("""|''')/.test(quoted) ? 3 : 1;
  return { body: quoted.slice(quotes, -quotes), isRaw };
}

function unescape<Part, Whole>(body: string, ofCode: (code: number) => Part | undefined, ofText: (text: string) => Part, join: (parts: Part[]) => Whole): Result<Whole> {
  const parts: Part[] = [];
  for (let at = 0; at < body.length; ) {
    if (body[at] !== '\\') {
      const end = body.indexOf('\\', at);
      parts.push(ofText(body.slice(at, end < 0 ? undefined : end)));
      at = end < 0 ? body.length : end;
      continue;
    }
    const escape = escapeAt(body, at + 1);
    const part = escape === undefined ? undefined : escape.text === undefined ? ofCode(escape.code) : ofText(escape.text);
    if (escape === undefined || part === undefined) return failed(escape === undefined ? problem : 'invalid unicode code point');
    parts.push(part);
    at = escape.end;
  }
  return ok(join(parts));
}

function escapeAt(body: string, at: number): { end: number; code: number; text?: string } | undefined {
  const text = simpleEscapes[body[at] ?? ''];
  if (text !== undefined) return { end: at + 1, code: 0, text };
  for (const [pattern, radix] of numericEscapes) {
    pattern.lastIndex = at;
    const found = pattern.exec(body);
    if (found !== null) return { end: pattern.lastIndex, code: Number.parseInt(found[1] ?? '', radix) };
  }
  return undefined;
}

export const minInt = -(2n ** 63n);
export const maxInt = 2n ** 63n - 1n;
export const maxUint = 2n ** 64n - 1n;

export function intValue(literal: string): Result<bigint> {
  const value = literal.startsWith('-') ? -BigInt(literal.slice(1)) : BigInt(literal);
  return value < minInt || value > maxInt ? failed('invalid int literal') : ok(value);
}

export function uintValue(literal: string): Result<bigint> {
  const value = BigInt(literal.slice(0, -1));
  return value > maxUint ? failed('invalid uint literal') : ok(value);
}
