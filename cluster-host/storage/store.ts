/**
 * Storage: an ordered map of keys to bytes under one growing revision, as etcd offers it to Kubernetes.
 *
 * Invariants, held for every driver by `testing/store-suite.ts`:
 * - A commit that resolved is durable and visible to every later read. A commit that rejected changed nothing.
 * - Each committed transaction takes exactly one revision, larger than every earlier one.
 * - A watch from revision R delivers every later change under its prefix once, in order, or fails with `Compacted`.
 * - The store knows no kinds: keys are strings, values are bytes that are never changed once handed over.
 */
import type { Disposable } from '../platform/platform.ts';

/** Counts transactions since the store was made; 0 is the empty store. */
export type Revision = number;

export interface StoredValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
}

/** One change inside a transaction. `expect` is the modRevision that the key must have, 0 for "must not exist"; left out: any. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array; readonly expect?: Revision }
  | { readonly type: 'delete'; readonly key: string; readonly expect?: Revision };

export type CommitResult =
  | { readonly committed: true; readonly revision: Revision }
  /** Nothing was written: this key was not at the expected revision; `actual` is what is there. */
  | { readonly committed: false; readonly key: string; readonly actual: StoredValue | undefined };

export interface ListOptions {
  /** Read as of this revision; default the newest. Older than the last compaction: rejects with `Compacted`; in the future: `FutureRevision`. */
  readonly revision?: Revision;
  /** Only keys greater than this one. */
  readonly after?: string;
  /** At most so many values. */
  readonly limit?: number;
}

export interface Page {
  /** In key order. */
  readonly values: readonly StoredValue[];
  /** The revision that was read. */
  readonly revision: Revision;
  /** How many more keys follow under the prefix. */
  readonly remaining: number;
}

export interface Change {
  readonly type: 'put' | 'delete';
  readonly key: string;
  /** The new value; of a delete, the value that was deleted. */
  readonly value: Uint8Array;
  readonly previous: StoredValue | undefined;
  readonly createRevision: Revision;
  readonly revision: Revision;
}

export interface WatchListener {
  /** All changes of one transaction, in order of their operations; called in order of revisions, never re-entrantly. */
  changes(changes: readonly Change[], revision: Revision): void;
  /** Nothing more follows: the store closed, or the driver lost its place (`Compacted`). */
  ended(reason: StoreError): void;
}

/** What the API server may use: it never sees a driver. */
export interface Store {
  /** Everything under the prefix, at one revision. */
  list(prefix: string, options?: ListOptions): Promise<Page>;
  get(key: string): Promise<StoredValue | undefined>;
  /** All of the operations or none of them. A key may stand in a transaction once. */
  commit(operations: readonly Operation[]): Promise<CommitResult>;
  /** Delivers changes after the given revision. Throws `Compacted` when history no longer reaches back so far. */
  watch(prefix: string, after: Revision, listener: WatchListener): Disposable;
  /** The newest committed revision. */
  revision(): Promise<Revision>;
  /** Gives up history before the revision; values in force stay readable. */
  compact(before: Revision): Promise<void>;
  /** Ends watches, finishes commits under way, lets go of files. Later calls reject with `Closed`. */
  close(): Promise<void>;
}

export type StoreErrorCode = 'Compacted' | 'FutureRevision' | 'Closed' | 'Unavailable' | 'TooLarge';

/** The closed set of what a store can refuse. `Unavailable`: the medium failed (disk full, connection lost), the message says how. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
