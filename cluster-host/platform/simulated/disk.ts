/** A disk in memory. */
import type { Disk } from '../platform.ts';

export function memoryDisk(): Disk {
  const files = new Map<string, Uint8Array>();
  return {
    read: (path) => Promise.resolve(files.get(path)),
    write(path, content) {
      files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
      return Promise.resolve();
    },
    remove(path) {
      for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
      return Promise.resolve();
    },
    makeFolder: () => Promise.resolve(),
    list(path) {
      const names = new Set<string>();
      for (const file of files.keys()) if (file.startsWith(`${path}/`)) names.add(file.slice(path.length + 1).split('/')[0] ?? '');
      return Promise.resolve([...names].sort());
    },
  };
}
