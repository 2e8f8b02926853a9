/** Helm charts: rendered by the user's own helm when one of their files is opened or saved, and the client says that it may run. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FileFinding } from '../finding.ts';
import { checkRendered, templateError, type RenderedChart, type TemplateFindings } from '../helm/rendered.ts';
import type { Project } from '../project.ts';
import { uriOf } from './convert.ts';

/** Milliseconds that a rendering may take, and bytes that it may print. */
const limits = { timeout: 15_000, maxBuffer: 16 * 1024 * 1024 };

export class Charts {
  readonly #project: Project;
  readonly #published: (uris: readonly string[]) => void;
  /** By template, and which chart they come from. */
  readonly #findings = new Map<string, { readonly chart: string; readonly findings: readonly FileFinding[] }>();
  readonly #running = new Set<string>();
  /** Whether helm may run; it is not asked for again once it was missing. */
  enabled = false;

  /** `published` is called with the templates whose findings changed. */
  constructor(project: Project, published: (uris: readonly string[]) => void) {
    this.#project = project;
    this.#published = published;
  }

  findings(uri: string): readonly FileFinding[] {
    return this.#findings.get(uri)?.findings ?? [];
  }

  /** Renders the chart that a file belongs to, if any. */
  async touched(uri: string): Promise<void> {
    const chart = this.enabled && uri.startsWith('file:') ? chartAbove(fileURLToPath(uri)) : undefined;
    if (chart === undefined || this.#running.has(chart)) return;
    this.#running.add(chart);
    try {
      this.#take(chart, await this.#render(chart));
    } finally {
      this.#running.delete(chart);
    }
  }

  async #render(chart: string): Promise<TemplateFindings> {
    const template: RenderedChart['template'] = (path) => readText(join(chart, ...path.split('/').slice(1)));
    try {
      const { stdout } = await promisify(execFile)('helm', ['template', 'release', chart], limits);
      return checkRendered({ output: stdout, template }, this.#project.customKinds, Date.now());
    } catch (error) {
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
      if (code === 'ENOENT') this.enabled = false;
      return templateError(stderr, template);
    }
  }

  #take(chart: string, found: TemplateFindings): void {
    const before = [...this.#findings].filter(([, { chart: other }]) => other === chart).map(([uri]) => uri);
    for (const uri of before) this.#findings.delete(uri);
    const now = [...found].map(([path, findings]) => ({ uri: uriOf(join(chart, ...path.split('/').slice(1))), findings }));
    for (const { uri, findings } of now) this.#findings.set(uri, { chart, findings });
    this.#published([...new Set([...before, ...now.map(({ uri }) => uri)])]);
  }
}

/** The innermost folder around a file that has a Chart.yaml. */
function chartAbove(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'Chart.yaml'))) return folder;
  }
  return undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Of a dependency that is packed, or gone since.
    return undefined;
  }
}
