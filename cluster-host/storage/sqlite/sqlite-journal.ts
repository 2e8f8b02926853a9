/**
 * The journal in a SQLite file. Transactions that arrive while the disk is busy go out together with the next sync: one
 * sync carries as many of them as came in the meantime (group commit).
 */
import type { Worker } from 'node:worker_threads';
import type { DroppedVersion, History } from '../mvcc/history.ts';
import type { Journal } from '../mvcc/mvcc-store.ts';
import { StoreError, type Operation, type Revision } from '../store.ts';
import type { FromWorker, Row, ToWorker } from './messages.ts';

interface Pending {
  readonly operations: readonly Operation[];
  readonly written: () => void;
  readonly failed: (error: StoreError) => void;
}

/** Rows of old history that are deleted in one go, between two batches of writes. */
const compactionStep = 2000;

export class SqliteJournal implements Journal {
  readonly #worker: Worker;
  readonly #history: History;
  #waiting: Pending[] = [];
  #writing = false;
  #settled: (() => void)[] = [];
  /** Who waits for the worker's answers, in the order of what was sent. */
  readonly #answers: { readonly resolve: () => void; readonly reject: (error: StoreError) => void }[] = [];
  #broken: StoreError | undefined;

  constructor(worker: Worker, history: History) {
    this.#worker = worker;
    this.#history = history;
    worker.on('message', (message: FromWorker) => this.#answered(message));
    worker.on('error', (error) => this.#break(`the storage thread failed: ${String(error)}`));
    worker.on('exit', () => this.#break('the storage thread ended'));
  }

  /** To be called first. */
  open(path: string): Promise<void> {
    return this.#ask({ type: 'open', path });
  }

  append(operations: readonly Operation[], written: () => void, failed: (error: StoreError) => void): void {
    this.#waiting.push({ operations, written, failed });
    // What else is committed in this turn goes along.
    if (!this.#writing) queueMicrotask(() => void this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#write(batch);
    }
    this.#writing = false;
    for (const settled of this.#settled.splice(0)) settled();
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    const first = this.#history.revision + 1;
    try {
      await this.#ask({ type: 'write', rows: batch.flatMap(({ operations }, index) => this.#rowsOf(operations, first + index)) });
    } catch (error) {
      for (const { failed } of batch) failed(error as StoreError);
      return;
    }
    for (const { written } of batch) written();
  }

  #rowsOf(operations: readonly Operation[], revision: Revision): Row[] {
    return operations.map((operation) => ({
      revision,
      createRevision: this.#history.get(operation.key)?.createRevision ?? revision,
      key: operation.key,
      value: operation.type === 'put' ? operation.value : null,
    }));
  }

  async compact(before: Revision, dropped: readonly DroppedVersion[]): Promise<void> {
    for (let at = 0; at < dropped.length || at === 0; at += compactionStep) {
      await this.#ask({ type: 'compact', before, dropped: dropped.slice(at, at + compactionStep) });
    }
  }

  async close(): Promise<void> {
    if (this.#writing || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#settled.push(resolve));
    if (this.#broken !== undefined) return;
    await this.#ask({ type: 'close' });
  }

  #ask(message: ToWorker): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#answers.push({ resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(message);
    });
  }

  #answered(message: FromWorker): void {
    const waiting = this.#answers.shift();
    if (message.type === 'done') waiting?.resolve();
    else waiting?.reject(new StoreError('Unavailable', `the storage file cannot be written: ${message.message}`));
  }

  #break(message: string): void {
    this.#broken ??= new StoreError('Unavailable', message);
    for (const { reject } of this.#answers.splice(0)) reject(this.#broken);
  }
}
