/** What `helm template` printed, judged as manifests, with every finding at the line of the template that most likely made it. */
import { diagnoseDocument } from '../features/diagnostics.ts';
import type { FileFinding } from '../finding.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { Lines } from '../syntax/lines.ts';
import { parseYamlText } from '../syntax/text.ts';
import { factsOf } from '../workspace/facts.ts';

/** Findings by the template's path below the chart's parent folder: `web/templates/service.yaml`. */
export type TemplateFindings = ReadonlyMap<string, readonly FileFinding[]>;

export interface RenderedChart {
  readonly output: string;
  /** Text of a template; undefined where there is none. */
  readonly template: (path: string) => string | undefined;
}

/** `now` in milliseconds since the epoch. */
export function checkRendered({ output, template }: RenderedChart, customKinds: CustomKinds, now: number): TemplateFindings {
  const found = new Map<string, FileFinding[]>();
  for (const { path, text } of piecesOf(output)) {
    const source = template(path);
    if (source !== undefined) found.set(path, [...(found.get(path) ?? []), ...findingsOf(text, source, customKinds, now)]);
  }
  return found;
}

/** The error of a failed rendering, where it names a line: `parse error at (web/templates/a.yaml:3): …`. */
export function templateError(message: string, template: RenderedChart['template']): TemplateFindings {
  const [, path = '', line = ''] = /\(?([\w.-]+(?:\/[\w.-]+)+):(\d+)(?::\d+)?\)?/.exec(message) ?? [];
  const source = template(path);
  if (source === undefined) return new Map();
  return new Map([[path, [findingAt(new TemplateLines(source).range(Number(line) - 1), 'error', 'helm', message.replace(/^Error: /, '').trim())]]]);
}

interface Piece {
  readonly path: string;
  readonly text: string;
}

/** Every document says where it comes from: `# Source: web/templates/service.yaml`. */
function piecesOf(output: string): readonly Piece[] {
  return output.split(/^---\r?\n(?=# Source: )/m).flatMap((text) => {
    const path = /^# Source: (.+?)\r?$/m.exec(text)?.[1];
    return path === undefined ? [] : [{ path, text }];
  });
}

function findingsOf(rendered: string, source: string, customKinds: CustomKinds, now: number): readonly FileFinding[] {
  const lines = new Lines(rendered);
  const renderedLines = rendered.split('\n');
  const template = new TemplateLines(source);
  return parseYamlText(rendered).documents.flatMap(({ syntax, start }) =>
    diagnoseDocument(syntax, factsOf(syntax), customKinds, now).map(({ span, severity, rule, message }) => {
      const line = template.lineOf(renderedLines, lines.positionAt(start + span.start).line);
      return findingAt(template.range(line), severity, rule, `${message} (rendered by helm)`);
    }),
  );
}

function findingAt(range: FileFinding['range'], severity: FileFinding['severity'], rule: string, message: string): FileFinding {
  return { range, severity, rule, message, manifest: undefined, fixes: [] };
}

class TemplateLines {
  readonly #lines: readonly string[];

  constructor(source: string) {
    this.#lines = source.split(/\r?\n/);
  }

  /** The line without its indentation. */
  range(line: number): FileFinding['range'] {
    const text = this.#lines[line] ?? '';
    return { start: { line, character: text.length - text.trimStart().length }, end: { line, character: text.trimEnd().length } };
  }

  /** The template's line that a rendered line was made of: the same text, else the same key, else that of the line above. */
  lineOf(rendered: readonly string[], at: number): number {
    for (let line = at; line >= 0; line -= 1) {
      const text = (rendered[line] ?? '').trim();
      const key = /^(?:- )?([\w./-]+:)/.exec(text)?.[1];
      const same = this.#lines.findIndex((candidate) => candidate.trim() === text);
      if (text !== '' && same !== -1) return same;
      const alike = key === undefined ? -1 : this.#lines.findIndex((candidate) => candidate.includes('{{') && candidate.trim().replace(/^- /, '').startsWith(key));
      if (alike !== -1) return alike;
    }
    return 0;
  }
}
