/** The YAML files of the workspace folders: read once in slices, then followed through the client's file events. */
import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileChangeType } from 'vscode-languageserver';
import type { FileEvent } from 'vscode-languageserver';
import type { Project } from '../project.ts';
import { uriOf } from './convert.ts';
import { updateInSlices } from './slices.ts';

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', 'dist', 'out', '.venv', 'vendor']);
const yamlFile = /\.ya?ml$/i;
/** Larger files are read only when they are opened. */
const maxBytes = 5 * 1024 * 1024;
const maxFiles = 20_000;
const maxNeededBytes = 1024 * 1024;

export class WorkspaceFiles {
  readonly #project: Project;
  readonly #isOpen: (uri: string) => boolean;

  constructor(project: Project, isOpen: (uri: string) => boolean) {
    this.#project = project;
    this.#isOpen = isOpen;
  }

  /** Reads every YAML file below the folders; what cannot be read is left out. */
  async readFolders(folders: readonly string[]): Promise<void> {
    let files = 0;
    for (const folder of folders) {
      for await (const file of yamlFilesBelow(fileURLToPath(folder))) {
        await this.read(uriOf(file));
        files += 1;
        if (files === maxFiles) return;
      }
    }
  }

  /** Forgets the files below a folder that left the workspace; open files stay. */
  forgetFolder(folder: string): void {
    const below = [...this.#project.uris()].filter((uri) => uri.startsWith(`${folder}/`) && !this.#isOpen(uri));
    for (const uri of below) this.#project.remove(uri);
  }

  /** Brings a file in as it is on disk, or forgets it when it is gone. Open files are the editor's. */
  async read(uri: string): Promise<void> {
    if (this.#isOpen(uri)) return;
    const text = await readText(uri);
    if (text !== undefined) await updateInSlices(this.#project, uri, text, { open: false }, () => this.#isOpen(uri));
    else if (!this.#isOpen(uri)) this.#project.remove(uri);
  }

  async changed(events: readonly FileEvent[]): Promise<void> {
    for (const { uri, type } of events) {
      if (type === FileChangeType.Deleted && !this.#isOpen(uri)) this.#project.remove(uri);
      else await this.read(uri);
    }
  }
}

async function* yamlFilesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* yamlFilesBelow(path);
    else if (entry.isFile() && yamlFile.test(entry.name)) yield path;
  }
}

async function readText(uri: string): Promise<string | undefined> {
  try {
    const path = fileURLToPath(uri);
    const { size } = await stat(path);
    return size <= maxBytes ? await readFile(path, 'utf8') : undefined;
  } catch {
    // Gone, unreadable or not a file of this machine: the workspace is without it.
    return undefined;
  }
}

/** A file that a kustomization names and the workspace does not have as YAML: small ones only, for they are read at once. */
export function readNeeded(uri: string): Uint8Array | undefined {
  try {
    const path = fileURLToPath(uri);
    return statSync(path).size <= maxNeededBytes ? readFileSync(path) : undefined;
  } catch {
    // The kustomization says itself that there is no such file.
    return undefined;
  }
}
