/** How hovers write objects: as Markdown links to where they are defined. */
import type { Span } from '../syntax/lines.ts';
import { rangeOf } from '../workspace/index.ts';
import type { Manifest } from '../workspace/index.ts';

/** Objects that a list in a hover shows; the rest is counted. */
export const listLimit = 10;

export function objectName({ facts }: Manifest): string {
  return `${facts.kind}/${facts.name === '' ? '(no name)' : facts.name}`;
}

export function manifestLink(manifest: Manifest, span: Span = manifest.facts.nameSpan): string {
  const { line, character } = rangeOf(manifest, span).start;
  const file = decodeURIComponent(manifest.uri.slice(manifest.uri.lastIndexOf('/') + 1));
  return `[${objectName(manifest)}](${manifest.uri}#L${line + 1},${character + 1}) \u2014 ${file}`;
}

/** A heading with a list of at most `listLimit` lines. */
export function listing(heading: string, lines: readonly string[], more = 0): string {
  const hidden = Math.max(0, lines.length - listLimit) + more;
  return [heading, '', ...lines.slice(0, listLimit).map((line) => `- ${line}`), ...(hidden > 0 ? [`- \u2026 and ${hidden} more`] : [])].join('\n');
}
