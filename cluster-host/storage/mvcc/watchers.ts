/** Brings every watch up to the newest revision, one revision after the other, never re-entrantly. */
import type { Disposable } from '../../platform/platform.ts';
import type { Revision, StoreError, WatchListener } from '../store.ts';
import type { History } from './history.ts';

interface Watcher {
  readonly prefix: string;
  readonly listener: WatchListener;
  /** The last revision that was delivered. */
  position: Revision;
}

export class Watchers {
  readonly #history: History;
  readonly #watchers = new Set<Watcher>();
  #delivering = false;

  constructor(history: History) {
    this.#history = history;
  }

  add(prefix: string, after: Revision, listener: WatchListener): Disposable {
    this.#history.checkWatch(after);
    const watcher: Watcher = { prefix, listener, position: after };
    this.#watchers.add(watcher);
    // The caller gets its handle before the first call.
    queueMicrotask(() => this.deliver());
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  /** To be called after each change of the history, and before it is compacted. */
  deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#deliverRound()) {
        // A listener may have committed meanwhile: go on until all are up to date.
      }
    } finally {
      this.#delivering = false;
    }
  }

  #deliverRound(): boolean {
    let moved = false;
    for (const watcher of this.#watchers) {
      while (watcher.position < this.#history.revision && this.#watchers.has(watcher)) {
        moved = true;
        const revision = ++watcher.position;
        const changes = this.#history.changesOf(revision);
        // Most transactions hold one change.
        const relevant = changes.every(({ key }) => key.startsWith(watcher.prefix)) ? changes : changes.filter(({ key }) => key.startsWith(watcher.prefix));
        if (relevant.length > 0) watcher.listener.changes(relevant, revision);
      }
    }
    return moved;
  }

  end(reason: StoreError): void {
    const ended = [...this.#watchers];
    this.#watchers.clear();
    for (const { listener } of ended) listener.ended(reason);
  }
}
