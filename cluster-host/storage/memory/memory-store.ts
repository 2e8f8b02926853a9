/** A store that lives and dies with its process: for tests, simulations and throw-away clusters. */
import { History } from '../mvcc/history.ts';
import { MvccStore, noJournal } from '../mvcc/mvcc-store.ts';
import type { Store } from '../store.ts';

export function createMemoryStore(): Store {
  return new MvccStore(new History(), noJournal);
}
