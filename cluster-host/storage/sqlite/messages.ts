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

export type ToWorker =
  | { readonly type: 'open'; readonly path: string }
  /** All rows or none; the transactions in them are durable once `done` comes back. */
  | { readonly type: 'write'; readonly rows: readonly Row[] }
  | { readonly type: 'compact'; readonly before: Revision; readonly dropped: readonly DroppedVersion[] }
  | { readonly type: 'close' };

/** One answer for each message, in their order. */
export type FromWorker = { readonly type: 'done' } | { readonly type: 'failed'; readonly message: string };
