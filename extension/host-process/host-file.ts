/** Finds a live host by what it wrote into its state directory, and says when that changes. */
import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST_FILE, type HostFile } from '../../cluster-host/control-protocol.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';

/** The host of a state directory; undefined where none runs. */
export async function readHostFile(stateDirectory: string): Promise<HostFile | undefined> {
  try {
    const file = JSON.parse(await readFile(join(stateDirectory, HOST_FILE), 'utf8')) as HostFile;
    return isAlive(file.pid) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Calls back whenever the host file may have changed: a second window sees the first one's cluster come and go. */
export function watchHostFile(stateDirectory: string, changed: () => void): Disposable {
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    watcher = watch(stateDirectory, { persistent: false }, (_event, name) => {
      if (name === null || name === HOST_FILE) changed();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // A directory that cannot be made cannot hold a host either; starting one says why.
  }
  return { dispose: () => watcher?.close() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
