/**
 * Workspaces for tests as one text: `=== path` begins a file, `<|>` is the cursor.
 * Without `===` the text is the file `main.yaml`.
 */
import type { FeatureContext, LiveObjects } from '../features/feature.ts';
import type { Position, Range } from '../messages.ts';
import { Project } from '../project.ts';
import { folder, splitFiles } from './files.ts';

export interface Fixture {
  readonly project: Project;
  readonly context: FeatureContext;
  readonly position: Position;
  /** The text of a range of a file, for answers that are places. */
  readonly textAt: (place: { readonly uri: string; readonly range: Range }) => string;
}

export function fixture(source: string, live: LiveObjects = () => Promise.resolve({ connected: false })): Fixture {
  const files = new Map([...splitFiles(source.startsWith('===') ? source : `=== main.yaml\n${source}`)].map(([path, content]) => [`${folder}/${path}`, content]));
  const project = new Project(() => Date.parse('2026-01-01T00:00:00Z'));
  let at = { uri: [...files.keys()][0] ?? '', offset: 0 };
  for (const [uri, content] of files) {
    const offset = content.indexOf('<|>');
    if (offset !== -1) at = { uri, offset };
    files.set(uri, content.replace('<|>', ''));
    project.update(uri, files.get(uri) ?? '', { open: true });
  }
  for (const _step of project.buildKustomizations()) continue;
  const file = project.openFile(at.uri);
  if (file === undefined) throw new Error('the fixture has no file');
  return {
    project,
    context: { file, index: project.index, customKinds: project.customKinds, cluster: project.cluster, live, images: () => Promise.resolve(['nginx:1.27', 'redis:7']) },
    position: file.text.lines.positionAt(at.offset),
    textAt({ uri, range }) {
      const lines = project.openFile(uri)?.text.lines;
      return lines === undefined ? '' : (files.get(uri) ?? '').slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
    },
  };
}

/** The findings of every file as lines: `main.yaml:3:5 selects-nothing warning: …`. */
export function findingLines({ project }: Fixture): readonly string[] {
  return [...project.uris()].flatMap((uri) =>
    project.findings(uri).map(({ range, rule, severity, message }) => `${uri.slice(folder.length + 1)}:${range.start.line + 1}:${range.start.character + 1} ${rule} ${severity}: ${message}`),
  );
}
