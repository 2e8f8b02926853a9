/** Comments that silence rules: `# kubicle-ignore: selects-nothing` on the line of a finding, or alone on the line above it. */
import type { Finding } from '../finding.ts';

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
