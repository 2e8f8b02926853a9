/**
 * One host a state directory: an exclusive SQLite transaction on a file of its own, which the operating system releases when
 * the process ends in whatever way.
 */
import type { Disposable } from '../platform/platform.ts';
import { StartError } from './start-error.ts';

export async function lockStateDirectory(path: string): Promise<Disposable> {
  const { DatabaseSync } = await importSqlite();
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked|busy/i.test((error as Error).message)) {
      throw new StartError('stateDirectoryLocked', `another cluster host is using the state directory (${path} is locked)`, 'Stop it with "kubicle down", or choose another --state-dir.');
    }
    throw error;
  }
  let held = true;
  return {
    dispose() {
      if (held) database.close();
      held = false;
    },
  };
}

async function importSqlite() {
  try {
    return await import('node:sqlite');
  } catch {
    throw new StartError('sqliteMissing', `this Node (${process.version}) comes without node:sqlite, which Kubicle stores the cluster in`, 'Use Node 22.13 or newer, or a current VS Code.');
  }
}
