/** The database file: its tables, and how it is opened. */
import type { DatabaseSync } from 'node:sqlite';
import type { Row } from './messages.ts';

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

/**
 * Opens the file, or makes it. No other process may have it meanwhile. `synchronous=FULL` syncs the write-ahead log at each
 * commit: a transaction that was committed survives a crash of the process and of the machine.
 */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;');
    database.exec(schema);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

export interface StoredLog {
  /** History before this revision was given up: rows up to it are what was in force there. */
  readonly compacted: number;
  /** In the order in which they were written. */
  readonly rows: readonly Row[];
}

export function readLog(database: DatabaseSync): StoredLog {
  const compacted = Number(database.prepare('SELECT revision FROM compaction').get()?.['revision'] ?? 0);
  const rows = database.prepare('SELECT revision, create_revision AS createRevision, key, value FROM changes ORDER BY id').all();
  return { compacted, rows: rows as unknown as Row[] };
}
