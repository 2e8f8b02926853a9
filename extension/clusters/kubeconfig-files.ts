/** Which kubeconfig files count, kept current: reads and merges them, and again whenever one of them changes. */
import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import { Signal } from './signal.ts';
import { emptyKubeconfig, mergeKubeconfigs, parseKubeconfig, type Kubeconfig } from './kubeconfig.ts';

/** `KUBECONFIG`, else `~/.kube/config`, as kubectl has it; then the files named in the settings, then the local cluster's own. */
export function kubeconfigPaths(env: NodeJS.ProcessEnv, configured: readonly string[], local: string): readonly string[] {
  const standard = env['KUBECONFIG'] === undefined || env['KUBECONFIG'] === '' ? [join(homedir(), '.kube', 'config')] : env['KUBECONFIG'].split(delimiter);
  const expanded = configured.map((path) => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path));
  return [...new Set([...standard, ...expanded, local].filter((path) => path !== ''))];
}

/** How long a burst of file events may last before the files are read again. */
const settleMilliseconds = 50;

export class KubeconfigFiles implements Disposable {
  readonly changed = new Signal();
  current: Kubeconfig = emptyKubeconfig;
  readonly #watchers = new Map<string, FSWatcher>();
  #paths: readonly string[] = [];
  #pending: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Reads `paths` and follows them from now on; resolves once they are read. */
  async follow(paths: readonly string[]): Promise<void> {
    this.#paths = paths;
    await this.#read();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#pending);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #read(): Promise<void> {
    this.#watchFolders();
    const configs = await Promise.all(this.#paths.map(readKubeconfig));
    if (this.#disposed) return;
    this.current = mergeKubeconfigs(configs);
    this.changed.fire();
  }

  /** Folders are watched, not files: tools replace a kubeconfig by renaming a new one over it. A folder that is not there yet is looked for above. */
  #watchFolders(): void {
    const folders = new Set(this.#paths.map((path) => dirname(path)));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    const names = () => this.#paths.filter((path) => dirname(path) === folder).map((path) => basename(path));
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || names().includes(name)) this.#readSoon();
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch {
      this.#watchCreationOf(folder);
    }
  }

  #watchCreationOf(folder: string): void {
    try {
      const watcher = watch(dirname(folder), { persistent: false }, (_event, name) => {
        if (name !== basename(folder)) return;
        watcher.close();
        this.#watchers.delete(folder);
        this.#readSoon();
      });
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // Neither the folder nor the one above exists: the next change of the settings or a start of the cluster looks again.
    }
  }

  #readSoon(): void {
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => void this.#read(), settleMilliseconds);
    this.#pending.unref();
  }
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  try {
    return parseKubeconfig(await readFile(path, 'utf8'), path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    return missing ? emptyKubeconfig : { ...emptyKubeconfig, problems: [`${path}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}
