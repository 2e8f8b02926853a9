/** The kustomizations of a project, built when what they are made of changed; of nested ones the outermost counts. */
import { checkKustomization, type BuiltFinding, type CheckedKustomization } from './features/check-kustomization.ts';
import type { Files } from './kustomize/files.ts';
import type { CustomKinds } from './schema/custom-kinds.ts';
import { parseYamlText } from './syntax/text.ts';
import type { DocumentSyntax } from './syntax/document.ts';

/** The text of a YAML file as it is now, or the bytes of any other; undefined where there is none. */
export interface SourceFiles {
  text(uri: string): string | undefined;
  content(uri: string): Uint8Array | undefined;
}

interface Built {
  readonly checked: CheckedKustomization;
  readonly customKinds: number;
  /** What was read, as it was then. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

export class Kustomizations {
  readonly #sources: SourceFiles;
  readonly #customKinds: CustomKinds;
  readonly #now: () => number;
  readonly #built = new Map<string, Built>();
  /** Those that no other one is made of. */
  #outermost: readonly Built[] = [];
  #findings: ReadonlyMap<string, readonly BuiltFinding[]> = new Map();

  constructor(sources: SourceFiles, customKinds: CustomKinds, now: () => number) {
    this.#sources = sources;
    this.#customKinds = customKinds;
    this.#now = now;
  }

  /** Builds what changed, one kustomization a step. */
  *build(uris: readonly string[]): Generator<undefined, void> {
    for (const uri of this.#built.keys()) if (!uris.includes(uri)) this.#built.delete(uri);
    for (const uri of uris) {
      if (this.#isCurrent(uri)) continue;
      this.#built.set(uri, this.#buildOne(uri));
      yield;
    }
    // Of those that contain each other each has to tell so.
    const inner = new Set([...this.#built].flatMap(([uri, { checked }]) => [...checked.kustomizations].filter((other) => this.#built.get(other)?.checked.kustomizations.has(uri) !== true)));
    this.#outermost = [...this.#built].flatMap(([uri, built]) => (inner.has(uri) ? [] : [built]));
    this.#findings = Map.groupBy(
      this.#outermost.flatMap(({ checked }) => checked.findings),
      ({ uri }) => uri,
    );
  }

  /** Files that builds have something to say about. */
  uris(): Iterable<string> {
    return this.#findings.keys();
  }

  findings(uri: string): readonly BuiltFinding[] {
    return this.#findings.get(uri) ?? [];
  }

  /** Whether a finding about a document alone is gone in every build that has the document. */
  isMended(document: string, rule: string, message: string): boolean {
    const builds = this.#outermost.flatMap(({ checked }) => checked.remaining.get(document) ?? []);
    return builds.length > 0 && builds.every((remaining) => !remaining.has(`${rule} ${message}`));
  }

  #isCurrent(uri: string): boolean {
    const built = this.#built.get(uri);
    return built !== undefined && built.customKinds === this.#customKinds.version && [...built.texts].every(([file, text]) => this.#sources.text(file) === text);
  }

  #buildOne(uri: string): Built {
    const texts = new Map<string, string | undefined>();
    const parsed = new Map<string, readonly DocumentSyntax[]>();
    const files: Files = {
      documents: (file) => {
        const text = texts.has(file) ? texts.get(file) : this.#sources.text(file);
        texts.set(file, text);
        if (text !== undefined && !parsed.has(file)) parsed.set(file, parseYamlText(text).documents.map(({ syntax }) => syntax));
        return parsed.get(file);
      },
      content: (file) => this.#sources.content(file),
    };
    return { checked: checkKustomization(uri, files, this.#customKinds, this.#now()), customKinds: this.#customKinds.version, texts };
  }
}
