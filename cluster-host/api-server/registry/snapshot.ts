/** Something that is made of stored objects: made when it is asked for, and anew after one of them changed. */
import type { Disposable } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';

export class StoreSnapshot<T> implements Disposable {
  readonly #make: () => Promise<T>;
  readonly #watch: Disposable;
  #current: Promise<T> | undefined;

  /** `revision`: from when on changes count. */
  constructor(store: Store, prefix: string, revision: number, make: () => Promise<T>) {
    this.#make = make;
    this.#watch = store.watch(prefix, revision, { changes: () => (this.#current = undefined), ended: () => undefined });
  }

  /** A failed attempt is not kept. */
  current(): Promise<T> {
    if (this.#current === undefined) {
      const made = this.#make();
      this.#current = made;
      made.catch(() => {
        if (this.#current === made) this.#current = undefined;
      });
    }
    return this.#current;
  }

  dispose(): void {
    this.#watch.dispose();
  }
}
