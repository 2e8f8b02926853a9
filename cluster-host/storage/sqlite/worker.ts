/**
 * The thread that owns the database file: it may block on the disk, the cluster may not.
 *
 * One append-only table of changes. `synchronous=FULL` in WAL mode syncs the log at each commit, so that what was answered
 * with `done` survives a crash of the process and of the machine.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import type { FromWorker, Row, ToWorker, WorkerSettings } from './messages.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    create_revision INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB
  );
  CREATE INDEX IF NOT EXISTS changes_by_revision ON changes (revision);
  CREATE TABLE IF NOT EXISTS compaction (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL);
  INSERT OR IGNORE INTO compaction VALUES (1, 0);
`;

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function openDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  // No other process may have the file; without readers beside it the log needs no shared memory.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;');
  database.exec(schema);
  return database;
}

function readAll(database: DatabaseSync): void {
  const compacted = Number(database.prepare('SELECT revision FROM compaction').get()?.['revision'] ?? 0);
  const found = database.prepare('SELECT revision, create_revision, key, value FROM changes ORDER BY id').all();
  const rows = found.map((row) => ({ revision: row['revision'], createRevision: row['create_revision'], key: row['key'], value: row['value'] }) as Row);
  post({ type: 'opened', compacted, rows });
}

function serve(database: DatabaseSync): void {
  const insert = database.prepare('INSERT INTO changes (revision, create_revision, key, value) VALUES (?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM changes WHERE revision = ? AND key = ?');
  const dropOldDeletions = database.prepare('DELETE FROM changes WHERE revision <= ? AND value IS NULL');
  const remember = database.prepare('UPDATE compaction SET revision = max(revision, ?)');
  const atomically = (work: () => void): void => {
    try {
      database.exec('BEGIN IMMEDIATE');
      work();
      database.exec('COMMIT');
      post({ type: 'done' });
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      post({ type: 'failed', message: textOf(error) });
    }
  };
  parentPort?.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'write':
        return atomically(() => {
          for (const { revision, createRevision, key, value } of message.rows) insert.run(revision, createRevision, key, value);
        });
      case 'compact':
        return atomically(() => {
          for (const { revision, key } of message.dropped) drop.run(revision, key);
          dropOldDeletions.run(message.before);
          remember.run(message.before);
        });
      case 'close':
        database.close();
        post({ type: 'done' });
        return parentPort?.close();
    }
  });
}

try {
  const database = await openDatabase((workerData as WorkerSettings).path);
  serve(database);
  readAll(database);
} catch (error) {
  post({ type: 'openFailed', message: textOf(error) });
}
