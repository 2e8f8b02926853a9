/**
 * One YAML document: its nodes with positions, the value that Kubernetes reads in it, and what is wrong with its syntax.
 * All offsets count from the document's own start. Parsing never throws and gives a value as far as there is one.
 */
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { plainDocument } from '../../cluster-host/api/decode/parsed.ts';
import type { ParsedDocument } from '../../cluster-host/api/decode/parsed.ts';
import { documentValue, yamlParseOptions } from '../../cluster-host/api/decode/yaml.ts';
import { isObject } from '../../cluster-host/api/values.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { formatPath } from '../../cluster-host/api/field-errors.ts';
import type { Span } from './lines.ts';
import { parseQuickly } from './quick-yaml.ts';

export interface SyntaxProblem {
  readonly message: string;
  /** `yaml` for broken syntax, `duplicate-field`, `too-large`. */
  readonly rule: string;
  readonly place: { readonly span: Span } | { readonly path: Path };
}

export interface DocumentSyntax {
  readonly text: string;
  /** The library's nodes; undefined for a text that it could not read at all. */
  readonly yaml: Document | undefined;
  /** What the API server decodes; its value is undefined where nothing can be read. */
  readonly parsed: ParsedDocument;
  /** `parsed.value`. */
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
}

/** Longest texts, in characters, that are read at all: `plain` where the quick reader can, `whole` where it takes the whole language. */
export interface ParseLimits {
  readonly plain: number;
  readonly whole: number;
}

const mebibyte = 1024 * 1024;

/** What is read between two keystrokes without anybody waiting. */
export const typingLimits: ParseLimits = { plain: 2 * mebibyte, whole: mebibyte / 2 };
/** Where nobody waits. */
export const patientLimits: ParseLimits = { plain: 64 * mebibyte, whole: 64 * mebibyte };

/** What an API server takes in one request. */
const maxRequest = 3 * mebibyte;
/** More brackets than this open at once end the stack of whoever reads them. */
const maxOpenBrackets = 2000;

export function parseYamlDocument(text: string, limits: ParseLimits = typingLimits): DocumentSyntax {
  if (text.length > limits.plain) return tooLarge(text, limits.plain);
  try {
    const yaml = parseQuickly(text);
    if (yaml === undefined && text.length > limits.whole) return tooLarge(text, limits.whole);
    if (yaml === undefined && isTooDeep(text)) return unread(text, 'the document is nested too deeply', 'yaml');
    return readDocument(text, yaml ?? parseDocument(text, { ...yamlParseOptions, prettyErrors: false }));
  } catch (error) {
    // The parser recurses: thousands of nested lists end its stack.
    return unread(text, error instanceof RangeError ? 'the document is nested too deeply' : `the document cannot be read: ${String(error)}`, 'yaml');
  }
}

function tooLarge(text: string, limit: number): DocumentSyntax {
  return unread(text, `the document is too large to be checked while it is edited (limit: ${limit / mebibyte} MiB); "kubicle validate" checks it`, 'too-large');
}

function isTooDeep(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // [ { and ] }
    if (code === 91 || code === 123) open += 1;
    else if (code === 93 || code === 125) open -= 1;
    if (open > maxOpenBrackets) return true;
  }
  return false;
}

function readDocument(text: string, yaml: Document): DocumentSyntax {
  const value = documentValue(yaml, () => 1);
  const parsed = value.ok ? value.value : plainDocument(undefined);
  const errors = syntaxErrors(yaml, text);
  if (!value.ok && errors.length === 0) errors.push({ message: value.error, rule: 'yaml', place: { span: firstLine(text) } });
  // The items of a list are sent one by one.
  if (text.length > maxRequest && !(isObject(parsed.value) && parsed.value['kind'] === 'List')) errors.push({ message: `Request entity too large: limit is ${maxRequest}`, rule: 'too-large', place: { span: firstLine(text) } });
  return { text, yaml, parsed, value: parsed.value, problems: [...errors, ...duplicateFields(parsed)] };
}

/** The first error only, as Kubernetes' parser stops there: what follows mostly follows from it. */
function syntaxErrors({ errors }: Document, text: string): SyntaxProblem[] {
  return errors.slice(0, 1).map(({ pos: [from, to], message }) => {
    const start = Math.min(from, text.length);
    const lineEnd = endOfLine(text, start);
    return { message, rule: 'yaml', place: { span: { start, end: Math.min(Math.max(to, start), lineEnd) } } };
  });
}

function duplicateFields({ value, duplicates }: ParsedDocument): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const visit = (container: unknown, path: Path): void => {
    if (typeof container !== 'object' || container === null) return;
    for (const key of duplicates.get(container) ?? []) {
      const place = [...path, key];
      problems.push({ message: `duplicate field "${formatPath(place)}"`, rule: 'duplicate-field', place: { path: place } });
    }
    const entries = isObject(container) ? Object.entries(container) : [...(container as unknown[]).entries()];
    for (const [key, child] of entries) visit(child, [...path, key]);
  };
  if (duplicates.size > 0) visit(value, []);
  return problems;
}

function unread(text: string, message: string, rule: string): DocumentSyntax {
  return { text, yaml: undefined, parsed: plainDocument(undefined), value: undefined, problems: [{ message, rule, place: { span: firstLine(text) } }] };
}

function firstLine(text: string): Span {
  return { start: 0, end: endOfLine(text, 0) };
}

function endOfLine(text: string, offset: number): number {
  const end = text.slice(offset).search(/\r?\n/);
  return end === -1 ? text.length : offset + end;
}
