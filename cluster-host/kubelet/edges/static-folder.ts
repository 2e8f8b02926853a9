/** Manifests in a folder, read again whenever the folder changes (kubernetes.io/docs/tasks/configure-pod-container/static-pod). */
import { watch } from 'node:fs';
import { readdir, readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Disposable } from '../../platform/platform.ts';
import type { StaticFolder } from '../pods/static-pods.ts';

/** An editor writes a file in several steps. */
const settleTime = 50;

export function staticFolder(folder: string, clock: Clock): StaticFolder {
  return {
    async watch(listener): Promise<Disposable> {
      await mkdir(folder, { recursive: true });
      let pending: Disposable | undefined;
      const read = async (): Promise<void> => {
        const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && /\.(?:ya?ml|json)$/.test(name)).sort();
        listener(await Promise.all(names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') }))));
      };
      const watcher = watch(folder, () => {
        pending?.dispose();
        // A file that vanished meanwhile brings another change.
        pending = clock.after(settleTime, () => void read().catch(() => undefined));
      });
      await read();
      return {
        dispose() {
          watcher.close();
          pending?.dispose();
        },
      };
    },
  };
}
