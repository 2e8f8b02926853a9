/** A YAML text as its documents. Parsing it again after a change parses only the documents that changed. */
import type { Position, Range } from '../messages.ts';
import { parseYamlDocument } from './document.ts';
import type { DocumentSyntax, ParseLimits } from './document.ts';
import { Lines } from './lines.ts';
import type { Span } from './lines.ts';
import { splitDocuments } from './split.ts';

export interface PlacedDocument {
  readonly syntax: DocumentSyntax;
  /** Where the document begins in the text. */
  readonly start: number;
}

export interface YamlText {
  readonly text: string;
  readonly lines: Lines;
  /** In order; together they cover the text. */
  readonly documents: readonly PlacedDocument[];
}

/** Documents that were parsed before, by their text. */
export type KnownDocuments = ReadonlyMap<string, DocumentSyntax>;

export function parseYamlText(text: string, known: KnownDocuments = new Map(), limits?: ParseLimits): YamlText {
  const documents = splitDocuments(text).map(({ start, end }) => {
    const part = text.slice(start, end);
    return { start, syntax: known.get(part) ?? parseYamlDocument(part, limits) };
  });
  return { text, lines: new Lines(text), documents };
}

export function knownDocuments(text: YamlText | undefined): Map<string, DocumentSyntax> {
  return new Map(text?.documents.map(({ syntax }) => [syntax.text, syntax]));
}

/** Index of the document at a position. */
export function documentIndexAt({ documents, lines }: YamlText, position: Position): number {
  const offset = lines.offsetAt(position);
  const after = documents.findIndex(({ start }) => start > offset);
  return after === -1 ? documents.length - 1 : after - 1;
}

/** A span of a document as a range of the text. */
export function rangeIn({ lines }: YamlText, { start }: PlacedDocument, span: Span): Range {
  return lines.rangeOf({ start: start + span.start, end: start + span.end });
}
