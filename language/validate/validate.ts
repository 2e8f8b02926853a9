/** The language library over a set of files at once: what `kubicle validate` prints. No I/O here. */
import type { FileFinding, Severity } from '../finding.ts';
import { objectName } from '../features/links.ts';
import { Project } from '../project.ts';
import { patientLimits } from '../syntax/document.ts';

export interface InputFile {
  /** As the user knows it; `-` for standard input. */
  readonly name: string;
  readonly uri: string;
  readonly text: string;
  /** The user named it, so it must be a manifest; files found in folders are left alone unless they are. */
  readonly named: boolean;
}

/** Lines and columns from 1; the end is behind the last character. */
export interface ValidationFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Severity;
  readonly rule: string;
  readonly message: string;
  /** `Deployment/web`; null outside of objects. */
  readonly object: string | null;
}

export interface ValidationReport {
  readonly files: number;
  readonly objects: number;
  readonly findings: readonly ValidationFinding[];
}

export class Validation {
  readonly #project: Project;
  readonly #names = new Map<string, string>();

  /** `now` gives milliseconds since the epoch; `readFile` what kustomizations need besides the files that are added. */
  constructor(now: () => number, readFile?: (uri: string) => Uint8Array | undefined) {
    this.#project = new Project(now, readFile, patientLimits);
  }

  /** Takes a file in; the text is not kept. */
  add({ name, uri, text, named }: InputFile): void {
    this.#names.set(uri, name);
    this.#project.update(uri, text, { open: false, claimed: named });
  }

  /** What is wrong with the files, all of them known to each other. */
  report(): ValidationReport {
    for (const _step of this.#project.buildKustomizations()) continue;
    const outside = this.#project.builtOutside().map((uri) => [uri, decodeURIComponent(new URL(uri).pathname)] as const);
    const findings = [...this.#names, ...outside].flatMap(([uri, name]) => this.#project.findings(uri).map((finding) => outputOf(name, finding)));
    return { files: this.#names.size, objects: [...this.#project.index.manifests()].length, findings };
  }
}

function outputOf(file: string, { range, severity, rule, message, manifest }: FileFinding): ValidationFinding {
  return {
    file,
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
    severity,
    rule,
    message,
    object: manifest === undefined ? null : objectName(manifest),
  };
}
