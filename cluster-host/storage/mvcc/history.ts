/**
 * The working set in memory: every key's versions since the last compaction, and the log of changes that watches read.
 *
 * Invariants: `log[i]` holds the changes of revision `compacted + 1 + i`; a key's versions are in order of revisions; a
 * version older than `compacted` is kept only while it is the one in force at `compacted`.
 */
import { StoreError, type Change, type ListOptions, type Operation, type Page, type Revision, type StoredValue } from '../store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** What a key held from a revision on; `stored` is undefined from its deletion on. */
interface Version {
  readonly revision: Revision;
  readonly stored: StoredValue | undefined;
}

/** A key's version that compaction gave up. */
export interface DroppedVersion {
  readonly key: string;
  readonly revision: Revision;
}

export class History {
  readonly #versions = new Map<string, Version[]>();
  readonly #keys = new SortedKeys();
  #log: (readonly Change[])[] = [];
  #compacted: Revision;
  #revision: Revision;

  /** An empty history at a revision: 0 for a new store, that of the last compaction for one that is read back. */
  constructor(revision: Revision = 0) {
    this.#revision = revision;
    this.#compacted = revision;
  }

  get revision(): Revision {
    return this.#revision;
  }

  get(key: string): StoredValue | undefined {
    return this.#versions.get(key)?.at(-1)?.stored;
  }

  /** The first operation whose expectation does not hold. */
  unmet(operations: readonly Operation[]): Operation | undefined {
    return operations.find(({ key, expect }) => expect !== undefined && (this.get(key)?.modRevision ?? 0) !== expect);
  }

  /** Takes in a transaction as the next revision. */
  apply(operations: readonly Operation[]): void {
    const revision = ++this.#revision;
    const changes: Change[] = [];
    for (const operation of operations) {
      const change = this.#applyOne(operation, revision);
      if (change !== undefined) changes.push(change);
    }
    this.#log.push(changes);
  }

  #applyOne(operation: Operation, revision: Revision): Change | undefined {
    const { key } = operation;
    const previous = this.get(key);
    if (operation.type === 'delete') {
      if (previous === undefined) return undefined;
      this.#versions.get(key)?.push({ revision, stored: undefined });
      return { type: 'delete', key, value: previous.value, previous, createRevision: previous.createRevision, revision };
    }
    const createRevision = previous?.createRevision ?? revision;
    this.#push(key, { key, value: operation.value, createRevision, modRevision: revision });
    return { type: 'put', key, value: operation.value, previous, createRevision, revision };
  }

  #push(key: string, stored: StoredValue): void {
    const versions = this.#versions.get(key);
    if (versions !== undefined) versions.push({ revision: stored.modRevision, stored });
    else {
      this.#versions.set(key, [{ revision: stored.modRevision, stored }]);
      this.#keys.add(key);
    }
  }

  /** Takes in a value that was in force at the revision this history started from. Only while nothing was applied. */
  restore(stored: StoredValue): void {
    this.#push(stored.key, stored);
  }

  list(prefix: string, { revision = this.#revision, after, limit = Infinity }: ListOptions): Page {
    if (revision > this.#revision) throw new StoreError('FutureRevision', `revision ${revision} is in the future, the newest is ${this.#revision}`);
    if (revision < this.#compacted) throw new StoreError('Compacted', `revision ${revision} has been compacted, history starts at ${this.#compacted}`);
    const values: StoredValue[] = [];
    let remaining = 0;
    for (const key of this.#keys.within(prefix, after)) {
      const stored = this.#at(key, revision);
      if (stored === undefined) continue;
      if (values.length < limit) values.push(stored);
      else remaining++;
    }
    return { values, revision, remaining };
  }

  #at(key: string, revision: Revision): StoredValue | undefined {
    const versions = this.#versions.get(key);
    if (revision === this.#revision) return versions?.at(-1)?.stored;
    return versions?.findLast((version) => version.revision <= revision)?.stored;
  }

  /** The changes of one revision, which must be after `after` of a watch that `checkWatch` accepted. */
  changesOf(revision: Revision): readonly Change[] {
    const changes = this.#log[revision - this.#compacted - 1];
    if (changes === undefined) throw new StoreError('Compacted', `revision ${revision} has been compacted, history starts at ${this.#compacted}`);
    return changes;
  }

  /** Throws unless every change after the revision is still there. */
  checkWatch(after: Revision): void {
    if (after < this.#compacted) throw new StoreError('Compacted', `revision ${after} has been compacted, history starts at ${this.#compacted}`);
    if (after > this.#revision) throw new StoreError('FutureRevision', `revision ${after} is in the future, the newest is ${this.#revision}`);
  }

  /** Gives up what only reads before the revision need; returns it, for a driver that keeps it elsewhere too. */
  compact(before: Revision): readonly DroppedVersion[] {
    const target = Math.min(before, this.#revision);
    if (target <= this.#compacted) return [];
    const touched = this.#log.slice(0, target - this.#compacted).flat();
    const dropped = [...new Set(touched.map((change) => change.key))].flatMap((key) => this.#compactKey(key, target));
    this.#log = this.#log.slice(target - this.#compacted);
    this.#compacted = target;
    return dropped;
  }

  #compactKey(key: string, target: Revision): DroppedVersion[] {
    const versions = this.#versions.get(key) ?? [];
    const inForce = versions.findLastIndex((version) => version.revision <= target);
    // What is in force stays, unless it is a deletion: that leaves nothing to read.
    const keepFrom = versions[inForce]?.stored === undefined ? inForce + 1 : inForce;
    const dropped = versions.splice(0, keepFrom).map(({ revision }) => ({ key, revision }));
    if (versions.length === 0) {
      this.#versions.delete(key);
      this.#keys.delete(key);
    }
    return dropped;
  }
}
