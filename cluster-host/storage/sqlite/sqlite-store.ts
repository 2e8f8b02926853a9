/** A store in one SQLite file: the working set in memory, every transaction on disk before it counts. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { History } from '../mvcc/history.ts';
import { MvccStore } from '../mvcc/mvcc-store.ts';
import { StoreError, type Operation, type Store } from '../store.ts';
import { openDatabase, readLog, type StoredLog } from './database.ts';
import { SqliteJournal } from './sqlite-journal.ts';

export interface SqliteOptions {
  /** The database file; its folder must exist. Beside it lies `…-wal`. */
  readonly path: string;
  /** File of the writing thread's code: in a bundle it is an entry of its own. */
  readonly worker?: string;
}

/** Rejects with `Unavailable` when the file cannot be opened, another process has it, or this Node.js has no SQLite. */
export async function openSqliteStore({ path, worker: code = join(import.meta.dirname, 'worker.ts') }: SqliteOptions): Promise<Store> {
  // The thread starts up while the file is read here: handing every value over from there would take far longer.
  const worker = new Worker(code, { name: 'storage', execArgv: ['--disable-warning=ExperimentalWarning'] });
  try {
    const history = replay(await read(path));
    const journal = new SqliteJournal(worker, history);
    await journal.open(path);
    return new MvccStore(history, journal);
  } catch (error) {
    await worker.terminate();
    throw error instanceof StoreError ? error : new StoreError('Unavailable', openMessage(path, error as Error), { cause: error });
  }
}

async function read(path: string): Promise<StoredLog> {
  const database = await openDatabase(path);
  try {
    return readLog(database);
  } finally {
    database.close();
  }
}

function openMessage(path: string, { message }: Error): string {
  if (message.includes('node:sqlite')) return 'this Node.js has no SQLite (node:sqlite): use Node.js 22.13 or newer';
  if (message.includes('locked')) return `another process has the storage file ${path}`;
  return `the storage file ${path} cannot be opened: ${message}`;
}

function replay({ compacted, rows }: StoredLog): History {
  const history = new History(compacted);
  for (const { revision, createRevision, key, value } of rows) {
    if (revision <= compacted && value !== null) history.restore({ key, value, createRevision, modRevision: revision });
  }
  const later = rows.filter(({ revision }) => revision > compacted);
  for (const [revision, transaction] of Map.groupBy(later, (row) => row.revision)) {
    history.apply(transaction.map(({ key, value }): Operation => (value === null ? { type: 'delete', key } : { type: 'put', key, value })));
    if (history.revision !== revision) throw new StoreError('Unavailable', `the storage file lacks revision ${history.revision}`);
  }
  return history;
}
