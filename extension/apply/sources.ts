/** Which objects came from which files: what is no longer in a file can be pruned. Outlives the window. No `vscode` here. */
import { identityOf, type Manifest } from './manifest.ts';

export interface SourceMemory {
  get(context: string): Readonly<Record<string, readonly Recorded[]>>;
  set(context: string, files: Readonly<Record<string, readonly Recorded[]>>): void;
}

export type Recorded = Pick<Manifest, 'apiVersion' | 'kind' | 'name'> & { readonly namespace: string };

export class AppliedSources {
  readonly #memory: SourceMemory;

  constructor(memory: SourceMemory) {
    this.#memory = memory;
  }

  /** Adds what was applied from a file to what is known of it. */
  record(context: string, namespace: string, applied: readonly { readonly file: string; readonly manifest: Manifest }[]): void {
    const files: Record<string, readonly Recorded[]> = { ...this.#memory.get(context) };
    for (const { file, manifest } of applied) {
      const { apiVersion, kind, name } = manifest;
      const known = (files[file] ?? []).filter((recorded) => keyOf(recorded) !== identityOf(manifest, namespace));
      files[file] = [...known, { apiVersion, kind, name, namespace: manifest.namespace ?? namespace }];
    }
    this.#memory.set(context, files);
  }

  /** What came from this file, or from files below this folder, and is not among these any more. */
  stale(context: string, place: string, namespace: string, manifests: readonly Manifest[]): readonly Recorded[] {
    const present = new Set(manifests.map((manifest) => identityOf(manifest, namespace)));
    const recorded = Object.entries(this.#memory.get(context)).flatMap(([file, objects]) => (file === place || file.startsWith(`${place}/`) ? objects : []));
    return recorded.filter((object) => !present.has(keyOf(object)));
  }

  forget(context: string, gone: readonly Recorded[]): void {
    const keys = new Set(gone.map(keyOf));
    const files = Object.entries(this.#memory.get(context)).map(([file, objects]) => [file, objects.filter((object) => !keys.has(keyOf(object)))] as const);
    this.#memory.set(context, Object.fromEntries(files.filter(([, objects]) => objects.length > 0)));
  }
}

function keyOf(recorded: Recorded): string {
  return identityOf({ ...recorded, index: 0, text: '' }, recorded.namespace);
}
