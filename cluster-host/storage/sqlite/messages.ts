/** What the store and its worker thread say to each other. */
import type { Revision } from '../store.ts';
import type { DroppedVersion } from '../mvcc/history.ts';

/** One line of the durable log; `value` is null for a deletion. */
export interface Row {
  readonly revision: Revision;
  readonly createRevision: Revision;
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface WorkerSettings {
  readonly path: string;
}

export type ToWorker =
  /** All rows or none; the transactions in them are durable once `written` comes back. */
  | { readonly type: 'write'; readonly rows: readonly Row[] }
  | { readonly type: 'compact'; readonly before: Revision; readonly dropped: readonly DroppedVersion[] }
  | { readonly type: 'close' };

export type FromWorker =
  /** The log as it was found: rows up to `compacted` are in force there, the others follow in order. */
  | { readonly type: 'opened'; readonly compacted: Revision; readonly rows: readonly Row[] }
  | { readonly type: 'openFailed'; readonly message: string }
  /** Answers, one for each message, in their order. */
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };
