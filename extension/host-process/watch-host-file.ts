/** Says when the host file of a state directory may have changed: a window sees a cluster that another one started. */
import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import type { StateDirectory } from '../../cluster-host/host/state-directory.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';

export function watchHostFile(state: StateDirectory, changed: () => void): Disposable {
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(state.root, { recursive: true, mode: 0o700 });
    watcher = watch(state.root, { persistent: false }, (_event, name) => {
      if (name === null || name === basename(state.hostFile)) changed();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // A directory that cannot be made cannot hold a host either; starting one says why.
  }
  return { dispose: () => watcher?.close() };
}
