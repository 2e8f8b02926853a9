/** Where something is wrong in an expression, shown as CEL shows it. */

/** Lines count from 1, columns from 0; columns count code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Position {
  readonly message: string;
}

const maxProblems = 100;

/** Every problem with the line it is in and a mark under the place, in the order of the text. */
export function showProblems(source: string, problems: readonly Problem[]): string {
  const lines = source.split('\n');
  const shown = problems
    .slice(0, maxProblems)
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map((problem) => showProblem(problem, lines[problem.line - 1]));
  if (problems.length > maxProblems) shown.push(`${problems.length - maxProblems} more errors were truncated`);
  return shown.join('\n');
}

function showProblem({ line, column, message }: Problem, text: string | undefined): string {
  const head = `ERROR: <input>:${line}:${column + 1}: ${message}`;
  if (text === undefined) return head;
  const points = Array.from(text.replaceAll('\t', ' '));
  const isWide = (point: string | undefined): boolean => point !== undefined && (point.codePointAt(0) ?? 0) > 0x7f;
  const dots = points.slice(0, column).map((point) => (isWide(point) ? '．' : '.')).join('');
  return `${head}\n | ${points.join('')}\n | ${dots}${isWide(points[column]) ? '＾' : '^'}`;
}
