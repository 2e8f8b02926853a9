/**
 * One YAML document: its nodes with positions, the value that Kubernetes reads in it, and what is wrong with its syntax.
 * All offsets count from the document's own start. Parsing never throws and always gives a value, as far as there is one.
 */
import { parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { Span } from './lines.ts';
import { decodeValue } from './value.ts';

export interface SyntaxProblem extends Span {
  readonly message: string;
  /** `yaml` for broken syntax, `duplicate-field`, `too-large`. */
  readonly code: string;
}

export interface DocumentSyntax {
  readonly text: string;
  /** The library's nodes; undefined for a text that it could not read at all. */
  readonly yaml: Document | undefined;
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
}

/** What an API server takes in one request (3 MiB): a larger document is not worth reading. */
const maxLength = 3 * 1024 * 1024;

export function parseYamlDocument(text: string): DocumentSyntax {
  if (text.length > maxLength) {
    const message = `Request entity too large: limit is ${maxLength}`;
    return unread(text, message, 'too-large');
  }
  try {
    // Scalars stay text here: value.ts gives them Kubernetes' meaning. The library's own check of unique keys is quadratic.
    const parsed = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent', keepSourceTokens: false });
    const decoded = decodeValue(parsed.contents);
    return { text, yaml: parsed, value: decoded.value, problems: [...parsed.errors.map((error) => problemOf(error, text)), ...decoded.problems] };
  } catch (error) {
    // The parser recurses: a hundred thousand nested brackets end its stack.
    const message = error instanceof RangeError ? 'the document is nested too deeply' : `the document cannot be read: ${String(error)}`;
    return unread(text, message, 'yaml');
  }
}

function unread(text: string, message: string, code: string): DocumentSyntax {
  return { text, yaml: undefined, value: undefined, problems: [{ start: 0, end: lineEnd(text, 0), message, code }] };
}

function problemOf(error: YAMLError, text: string): SyntaxProblem {
  const start = Math.min(error.pos[0], text.length);
  const end = Math.min(Math.max(error.pos[1], start), lineEnd(text, start));
  return { start, end: Math.max(start, end), message: error.message, code: 'yaml' };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
