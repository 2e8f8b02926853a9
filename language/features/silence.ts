/** Comments that silence rules: `# kubicle-ignore: selects-nothing` on the line of a finding, or alone on the line above it. */
import type { FileFinding, Finding } from '../finding.ts';
import { ruleNames } from '../rules/rules.ts';
import type { OpenFile, TextEdit } from './feature.ts';

const comment = /#\s*kubicle-ignore:\s*([\w-]+(?:\s*,\s*[\w-]+)*)/;

export function isSilenced(text: string, { span, rule }: Finding): boolean {
  if (!text.includes('kubicle-ignore')) return false;
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = text.indexOf('\n', span.start);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, Math.max(lineStart - 1, 0));
  return names(line).includes(rule) || (above.trimStart().startsWith('#') && names(above).includes(rule));
}

function names(line: string): readonly string[] {
  return comment.exec(line)?.[1]?.split(/\s*,\s*/) ?? [];
}

const silenceable: ReadonlySet<string> = new Set(ruleNames);

/** The comment that silences a finding, at the end of its line; undefined for what the API server would refuse. */
export function silencingEdit({ text: { text, lines } }: OpenFile, { rule, range }: FileFinding): TextEdit | undefined {
  if (!silenceable.has(rule)) return undefined;
  const start = lines.offsetAt({ line: range.start.line, character: 0 });
  const end = lines.offsetAt({ line: range.start.line, character: Number.MAX_SAFE_INTEGER });
  const position = lines.positionAt(end);
  const newText = comment.test(text.slice(start, end)) ? `, ${rule}` : ` # kubicle-ignore: ${rule}`;
  return { range: { start: position, end: position }, newText };
}
