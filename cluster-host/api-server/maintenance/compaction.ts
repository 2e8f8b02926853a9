/** Gives up old history: clients that were away longer list again, and memory stays bounded. */
import type { Clock, Disposable, Logger } from '../../platform/platform.ts';
import { StoreError, type Revision, type Store } from '../../storage/store.ts';

/** Milliseconds between two looks. */
const period = 30_000;
/** Looks after which a revision may go: five minutes, as with Kubernetes. */
const keptLooks = 10;
/** Revisions that are kept at most, however busy the cluster is. */
const keptRevisions = 20_000;

export function startCompaction(store: Store, clock: Clock, log: Logger): Disposable {
  const seen: Revision[] = [];
  let timer: Disposable;
  const look = async (): Promise<void> => {
    try {
      const revision = await store.revision();
      seen.push(revision);
      const aged = seen.length > keptLooks ? (seen.shift() ?? 0) : 0;
      const before = Math.max(aged, revision - keptRevisions);
      if (before > 0) await store.compact(before);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'Closed') return;
      log.warn('old history could not be given up', { error });
    }
    schedule();
  };
  const schedule = (): void => {
    timer = clock.after(period, () => void look());
  };
  schedule();
  return { dispose: () => timer.dispose() };
}
