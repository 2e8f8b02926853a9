/**
 * Splits a YAML stream into its documents, so that each is parsed alone and only those that changed are parsed again.
 *
 * A line that begins with `---` or `...` and then a space or nothing is a document marker wherever it stands (YAML 1.2, 9.1.2:
 * no content may begin so, block scalars included), which makes the split independent of the parser.
 */
import type { Span } from './lines.ts';

const marker = /^---(?=[ \t\r\n]|$)/gm;

/** Spans that cover the text without gaps. Comments and directives before the first `---` belong to the first document. */
export function splitDocuments(text: string): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { index } of text.matchAll(marker)) {
    if (index === start || hasNoContent(text.slice(start, index))) continue;
    spans.push({ start, end: index });
    start = index;
  }
  spans.push({ start, end: text.length });
  return spans;
}

/** Whether there are only comments, directives and blank lines, that is: no document has begun. */
function hasNoContent(text: string): boolean {
  return !text.startsWith('---') && /^(?:\uFEFF?[ \t]*(?:#.*|%.*)?(?:\r?\n|$))*$/.test(text);
}
