/** The plainest store that can be right: a full copy of everything for each revision. What drivers are compared with. */
import { StoreError, type CommitResult, type ListOptions, type Operation, type Page, type Store, type StoredValue } from '../store.ts';

export class ModelStore implements Pick<Store, 'commit' | 'list' | 'compact' | 'revision'> {
  readonly #snapshots: ReadonlyMap<string, StoredValue>[] = [new Map()];
  #compacted = 0;

  async revision(): Promise<number> {
    return this.#snapshots.length - 1;
  }

  async commit(operations: readonly Operation[]): Promise<CommitResult> {
    const now = this.#snapshots.at(-1) ?? new Map<string, StoredValue>();
    for (const { key, expect } of operations) {
      const actual = now.get(key);
      if (expect !== undefined && (actual?.modRevision ?? 0) !== expect) return { committed: false, key, actual };
    }
    const revision = this.#snapshots.length;
    const next = new Map(now);
    for (const operation of operations) {
      const { key } = operation;
      if (operation.type === 'delete') next.delete(key);
      else next.set(key, { key, value: operation.value, createRevision: now.get(key)?.createRevision ?? revision, modRevision: revision });
    }
    this.#snapshots.push(next);
    return { committed: true, revision };
  }

  async list(prefix: string, { revision = this.#snapshots.length - 1, after, limit = Infinity }: ListOptions = {}): Promise<Page> {
    const snapshot = this.#snapshots[revision];
    if (snapshot === undefined) throw new StoreError('FutureRevision', 'future');
    if (revision < this.#compacted) throw new StoreError('Compacted', 'compacted');
    const values = [...snapshot.values()].filter(({ key }) => key.startsWith(prefix) && (after === undefined || key > after)).sort((a, b) => (a.key < b.key ? -1 : 1));
    return { values: values.slice(0, limit), revision, remaining: Math.max(0, values.length - limit) };
  }

  async compact(before: number): Promise<void> {
    this.#compacted = Math.max(this.#compacted, Math.min(before, this.#snapshots.length - 1));
  }
}
