/** A store in one SQLite file: the working set in memory, every transaction on disk before it counts. */
import { Worker } from 'node:worker_threads';
import { History } from '../mvcc/history.ts';
import { MvccStore } from '../mvcc/mvcc-store.ts';
import { StoreError, type Operation, type Store } from '../store.ts';
import type { FromWorker, Row, WorkerSettings } from './messages.ts';
import { SqliteJournal } from './sqlite-journal.ts';

export interface SqliteOptions {
  /** The database file; its folder must exist. Beside it lies `…-wal`. */
  readonly path: string;
  /** Where the worker's code lies; given by a bundle, whose worker is an entry of its own. */
  readonly workerUrl?: URL;
}

/** Rejects with `Unavailable` when the file cannot be opened, another process has it, or this Node.js has no SQLite. */
export async function openSqliteStore({ path, workerUrl = new URL('./worker.ts', import.meta.url) }: SqliteOptions): Promise<Store> {
  const settings: WorkerSettings = { path };
  const worker = new Worker(workerUrl, { workerData: settings, name: 'storage', execArgv: ['--disable-warning=ExperimentalWarning'] });
  const opened = await firstMessage(worker);
  if (opened.type !== 'opened') {
    await worker.terminate();
    throw new StoreError('Unavailable', opened.type === 'openFailed' ? openMessage(path, opened.message) : 'the storage thread did not start');
  }
  const history = replay(opened.compacted, opened.rows);
  return new MvccStore(history, new SqliteJournal(worker, history));
}

function firstMessage(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ type: 'openFailed', message: String(error) });
    worker.once('error', fail);
    worker.once('message', (message: FromWorker) => {
      worker.off('error', fail);
      resolve(message);
    });
  });
}

function openMessage(path: string, message: string): string {
  if (message.includes('node:sqlite')) return 'this Node.js has no SQLite (node:sqlite): use Node.js 22.13 or newer';
  if (message.includes('locked')) return `another process has the storage file ${path}`;
  return `the storage file ${path} cannot be opened: ${message}`;
}

function replay(compacted: number, rows: readonly Row[]): History {
  const history = new History(compacted);
  for (const { revision, createRevision, key, value } of rows) {
    if (revision <= compacted && value !== null) history.restore({ key, value, createRevision, modRevision: revision });
  }
  for (const [revision, transaction] of Map.groupBy(rows.filter((row) => row.revision > compacted), (row) => row.revision)) {
    history.apply(transaction.map(({ key, value }): Operation => (value === null ? { type: 'delete', key } : { type: 'put', key, value })));
    if (history.revision !== revision) throw new StoreError('Unavailable', `the storage file lacks revision ${history.revision}`);
  }
  return history;
}
