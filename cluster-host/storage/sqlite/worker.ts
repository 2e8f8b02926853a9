/** The thread that writes the database file: it may block on the disk, the cluster may not. */
import { parentPort } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';
import type { FromWorker, Row, ToWorker } from './messages.ts';

class Writer {
  readonly #database: DatabaseSync;
  readonly #insert;
  readonly #drop;
  readonly #dropOldDeletions;
  readonly #remember;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO changes (revision, create_revision, key, value) VALUES (?, ?, ?, ?)');
    this.#drop = database.prepare('DELETE FROM changes WHERE revision = ? AND key = ?');
    this.#dropOldDeletions = database.prepare('DELETE FROM changes WHERE revision <= ? AND value IS NULL');
    this.#remember = database.prepare('UPDATE compaction SET revision = max(revision, ?)');
  }

  write(rows: readonly Row[]): void {
    this.#atomically(() => {
      for (const { revision, createRevision, key, value } of rows) this.#insert.run(revision, createRevision, key, value);
    });
  }

  compact({ before, dropped }: Extract<ToWorker, { type: 'compact' }>): void {
    this.#atomically(() => {
      for (const { revision, key } of dropped) this.#drop.run(revision, key);
      this.#dropOldDeletions.run(before);
      this.#remember.run(before);
    });
  }

  close(): void {
    this.#database.close();
  }

  #atomically(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

let writer: Writer | undefined;

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open':
      writer = new Writer(await openDatabase(message.path));
      return;
    case 'write':
      return writer?.write(message.rows);
    case 'compact':
      return writer?.compact(message);
    case 'close':
      writer?.close();
  }
}

async function answer(message: ToWorker): Promise<FromWorker> {
  try {
    await handle(message);
    return { type: 'done' };
  } catch (error) {
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(async () => {
    const result = await answer(message);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(result);
    if (message.type === 'close') parentPort?.close();
  });
});
