/** The cluster host of the walk, as its files and the system know it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from '../support/code-server.ts';

/** Name of the walk's cluster. */
export const clusterName = 'walk';

/** The process of the running host; undefined where none runs. */
export function hostProcess({ home }: Editor): number | undefined {
  const file = join(home, '.kubicle', clusterName, 'host.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : undefined;
}

export function isAlive(process: number): boolean {
  return existsSync(`/proc/${process}`);
}

/** Processes of the editor's and its cluster's with this word in their command lines. */
export function processesOf({ home }: Editor, word: string): readonly number[] {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return found.filter((process) => read(process, 'cmdline').includes(word) && read(process, 'environ').includes(`HOME=${home}\0`));
}

function read(process: number, file: string): string {
  try {
    return readFileSync(`/proc/${process}/${file}`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
