/** Text → tokens of CEL (langdef.md, "Syntax"). */
import type { Position, Problem } from './source.ts';

export type TokenType = 'ident' | 'escaped' | 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'sign' | 'end';

export interface Token extends Position {
  readonly type: TokenType;
  readonly text: string;
}

/** The parts of the grammar's lexer, longest first where they overlap; one is tried after the other. */
const newline = String.raw`\r\n\t\f`;
const escape = String.raw`\\(?:[abfnrtv"'\\?${'`'}]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
/** Between quotes: runs of plain characters with escapes between them, read without a way back. */
const between = (plain: string): string => `${plain}*(?:${escape}${plain}*)*`;
const textPatterns = [
  String.raw`[rR]"""[\s\S]*?"""`, String.raw`[rR]'''[\s\S]*?'''`, String.raw`[rR]"[^"\n\r]*"`, String.raw`[rR]'[^'\n\r]*'`,
  `"""(?:${escape}|[^\\\\])*?"""`, `'''(?:${escape}|[^\\\\])*?'''`, `"${between(String.raw`[^"\\\n\r]`)}"`, `'${between(String.raw`[^'\\\n\r]`)}'`,
];
const text = `(?:${textPatterns.join('|')})`;
const patterns: readonly (readonly [TokenType | 'space', RegExp])[] = [
  ['space', new RegExp(String.raw`(?:[ ${newline}]+|//[^\n]*)`, 'uy')],
  ['bytes', new RegExp(`[bB]${text}`, 'uy')],
  ['string', new RegExp(text, 'uy')],
  ['float', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/uy],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/uy],
  ['int', /(?:0x[0-9a-fA-F]+|\d+)/uy],
  ['ident', /[A-Za-z_][A-Za-z0-9_]*/uy],
  ['escaped', /`[A-Za-z0-9_.\-/ ]+`/uy],
  ['sign', /(?:==|!=|<=|>=|&&|\|\||[[\]{}().,?:+\-*/%!<>])/uy],
];

export interface Tokens {
  /** The last one is the end. */
  readonly tokens: readonly Token[];
  readonly problems: readonly Problem[];
}

export function tokenize(source: string): Tokens {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let [offset, line, column] = [0, 1, 0];
  const advance = (piece: string): void => {
    offset += piece.length;
    const lines = piece.split('\n');
    line += lines.length - 1;
    column = (lines.length > 1 ? 0 : column) + Array.from(lines.at(-1) ?? '').length;
  };
  while (offset < source.length) {
    const [type, piece] = match(source, offset);
    if (type === undefined) problems.push({ line, column, message: `Syntax error: token recognition error at: '${shownPiece(piece)}'` });
    else if (type !== 'space') tokens.push({ type, text: piece, line, column });
    advance(piece);
  }
  tokens.push({ type: 'end', text: '<EOF>', line, column });
  return { tokens, problems };
}

function match(source: string, offset: number): [TokenType | 'space' | undefined, string] {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = offset;
    const found = pattern.exec(source);
    if (found !== null) return [type, found[0]];
  }
  return [undefined, unknownPiece(source, offset)];
}

/** A text that does not end takes along what could be read of it. */
function unknownPiece(source: string, offset: number): string {
  const first = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  if (first !== '"' && first !== "'") {
    const next = source[offset + 1];
    return (first === '&' || first === '|' || first === '=') && next !== undefined && next !== first ? first + next : first;
  }
  const readable = new RegExp(`${first}(?:${escape}|[^\\\\\\n\\r])*(?:\\\\.?|[\\n\\r])?`, 'uy');
  readable.lastIndex = offset;
  return readable.exec(source)?.[0] ?? first;
}

function shownPiece(piece: string): string {
  return piece.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`);
}
