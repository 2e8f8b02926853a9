/**
 * Transcripts: shell sessions with kubectl, and what they print.
 *
 *     # What follows a hash says what it is about.
 *     $ kubectl create configmap settings --from-literal=color=red
 *     configmap/settings created
 *     $ kubectl get configmap nothing
 *     Error from server (NotFound): configmaps "nothing" not found
 *     [1]
 *
 * `> ` goes on with the command on the line before, as a shell's second prompt does. Standard output and standard error stand
 * together, and last, in brackets, the exit code where it is not 0. In what is printed `<…>` stands for any text within a
 * line, and a line `…` for any lines. Runs of spaces count as two: widths of columns move with what stands in them.
 */

export interface TranscriptStep {
  /** For a shell; may hold several lines. */
  readonly command: string;
  /** Ends with the exit code in brackets where it is not 0. */
  readonly printed: readonly string[];
  /** Of the command, from 1. */
  readonly line: number;
}

export function parseTranscript(text: string): readonly TranscriptStep[] {
  const steps: { command: string; printed: string[]; line: number }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const step = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), printed: [], line: index + 1 });
    else if (line === '>' || line.startsWith('> ')) {
      if (step === undefined) throw new Error(`line ${index + 1} continues no command`);
      step.command += `\n${line.slice(2)}`;
    } else if (line !== '' && !line.startsWith('# ')) {
      if (step === undefined) throw new Error(`line ${index + 1} is printed by no command`);
      step.printed.push(line);
    }
  }
  return steps;
}

/** What a command printed, as a transcript has it: without empty lines, spaces evened out. */
export function printedLines(output: string, code: number): readonly string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return [...lines.map(evened), ...(code === 0 ? [] : [`[${code}]`])];
}

const evened = (line: string): string => line.trimEnd().replaceAll(/(?<=\S) {2,}/g, '  ');

export function matchesTranscript(expected: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  if (first === '…') return [...actual, ''].some((_, from) => matchesTranscript(rest, actual.slice(from)));
  return actual[0] !== undefined && patternOf(evened(first)).test(actual[0]) && matchesTranscript(rest, actual.slice(1));
}

function patternOf(line: string): RegExp {
  const parts = line.split(/<[^<>]+>/).map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.+')}$`);
}

/** The kubectl commands of a transcript, as `create configmap`; flags and arguments left out. */
export function commandsOf(steps: readonly TranscriptStep[], known: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { command } of steps) {
    for (const [, rest = ''] of command.matchAll(/\bkubectl ([^\n|;&]+)/g)) {
      const words = rest.split(/\s+/).filter((word) => !word.startsWith('-'));
      const match = known.filter((name) => name.split(' ').every((word, index) => words[index] === word)).toSorted((a, b) => b.length - a.length)[0];
      if (match !== undefined) found.add(match);
    }
  }
  return found;
}
