/**
 * The store over a history in memory and a journal that makes transactions durable: what the drivers share.
 *
 * A transaction is checked against what is committed, written to the journal, and only then taken in: nobody reads, or hears
 * of, what a crash could still undo. Until then its keys are held: another transaction on one of them waits for it.
 */
import type { Disposable } from '../../platform/platform.ts';
import { StoreError, type CommitResult, type ListOptions, type Operation, type Page, type Revision, type Store, type StoredValue, type WatchListener } from '../store.ts';
import type { DroppedVersion, History } from './history.ts';
import { Watchers } from './watchers.ts';

/** Where transactions go before they count. */
export interface Journal {
  /** Calls `written` once the transaction, and every one before it, is durable, in the order of `append`; or `failed`, with nothing of it kept. */
  append(operations: readonly Operation[], written: () => void, failed: (error: StoreError) => void): void;
  compact(before: Revision, dropped: readonly DroppedVersion[]): Promise<void>;
  /** Resolves when everything appended is settled and files are let go of. */
  close(): Promise<void>;
}

/** For a store that does not outlive its process. */
export const noJournal: Journal = {
  append: (_operations, written) => written(),
  compact: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export class MvccStore implements Store {
  readonly #history: History;
  readonly #journal: Journal;
  readonly #watchers: Watchers;
  /** Transactions on their way into the journal, by each of their keys. */
  readonly #held = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(history: History, journal: Journal) {
    this.#history = history;
    this.#journal = journal;
    this.#watchers = new Watchers(history);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Page> {
    this.#checkOpen();
    return this.#history.list(prefix, options);
  }

  async get(key: string): Promise<StoredValue | undefined> {
    this.#checkOpen();
    return this.#history.get(key);
  }

  async revision(): Promise<Revision> {
    this.#checkOpen();
    return this.#history.revision;
  }

  async commit(operations: readonly Operation[]): Promise<CommitResult> {
    this.#checkOpen();
    if (operations.length === 0) throw new TypeError('a transaction needs an operation');
    if (operations.length > 1 && new Set(operations.map(({ key }) => key)).size < operations.length) throw new TypeError('a key may stand in a transaction once');
    for (let holder = this.#holderOf(operations); holder !== undefined; holder = this.#holderOf(operations)) {
      // Whether that one succeeds is its caller's matter: what counts is what is there afterwards.
      await holder.catch(() => undefined);
      this.#checkOpen();
    }
    const unmet = this.#history.unmet(operations);
    if (unmet !== undefined) return { committed: false, key: unmet.key, actual: this.#history.get(unmet.key) };
    const written = this.#write(operations);
    for (const { key } of operations) this.#held.set(key, written);
    try {
      return { committed: true, revision: await written };
    } finally {
      for (const { key } of operations) if (this.#held.get(key) === written) this.#held.delete(key);
    }
  }

  #holderOf(operations: readonly Operation[]): Promise<unknown> | undefined {
    if (this.#held.size === 0) return undefined;
    for (const { key } of operations) {
      const holder = this.#held.get(key);
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  #write(operations: readonly Operation[]): Promise<Revision> {
    return new Promise((resolve, reject) => {
      const written = (): void => {
        this.#history.apply(operations);
        const { revision } = this.#history;
        this.#watchers.deliver();
        resolve(revision);
      };
      this.#journal.append(operations, written, reject);
    });
  }

  watch(prefix: string, after: Revision, listener: WatchListener): Disposable {
    this.#checkOpen();
    return this.#watchers.add(prefix, after, listener);
  }

  async compact(before: Revision): Promise<void> {
    // A listener may be the caller: let the delivery under way finish, so that no watch loses its place.
    await Promise.resolve();
    this.#checkOpen();
    this.#watchers.deliver();
    const reached = Math.min(before, this.#history.revision);
    await this.#journal.compact(reached, this.#history.compact(reached));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#journal.close();
    this.#watchers.end(closedError());
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): StoreError {
  return new StoreError('Closed', 'the store is closed');
}
