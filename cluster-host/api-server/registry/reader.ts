/** Reads of one resource: an object, a list, a watch. */
import type { Disposable } from '../../platform/platform.ts';
import type { Revision, Store } from '../../storage/store.ts';
import type { WatchSink } from '../request.ts';
import { prefixOf, storeKeyOf, type StoredResource } from './keys.ts';
import { listObjects, type ListQuery, type ObjectPage } from './list-objects.ts';
import type { ObjectVersion } from './object-version.ts';
import type { ObjectView } from './object-view.ts';
import type { Selection } from './selection.ts';
import { watchObjects } from './watch-objects.ts';

export interface ObjectReader {
  find(namespace: string, name: string): Promise<ObjectVersion | undefined>;
  /** Every object, or those of a namespace, as they are now. */
  all(namespace: string): Promise<readonly ObjectVersion[]>;
  list(namespace: string, query: ListQuery): Promise<ObjectPage>;
  /** Delivers what changes after the revision. Throws `StoreError` when history does not reach back so far. */
  watch(namespace: string, after: Revision, selection: Selection, sink: WatchSink): Disposable;
}

export class ResourceReader implements ObjectReader {
  readonly #store: Store;
  readonly #view: ObjectView;
  readonly #stored: StoredResource;

  constructor(store: Store, view: ObjectView, stored: StoredResource) {
    this.#store = store;
    this.#view = view;
    this.#stored = stored;
  }

  async find(namespace: string, name: string): Promise<ObjectVersion | undefined> {
    const stored = await this.#store.get(storeKeyOf(this.#stored, namespace, name));
    if (stored === undefined) return undefined;
    await this.#view.prepare?.([stored]);
    return this.#view.version(stored);
  }

  async all(namespace: string): Promise<readonly ObjectVersion[]> {
    const { values } = await this.#store.list(prefixOf(this.#stored, namespace));
    await this.#view.prepare?.(values);
    return values.map((stored) => this.#view.version(stored));
  }

  list(namespace: string, query: ListQuery): Promise<ObjectPage> {
    return listObjects(this.#store, this.#view, prefixOf(this.#stored, namespace), query);
  }

  watch(namespace: string, after: Revision, selection: Selection, sink: WatchSink): Disposable {
    const named = selection.name !== undefined && (namespace !== '' || !this.#stored.namespaced);
    // A key as prefix also finds longer keys: the selection sorts them out.
    const prefix = named ? storeKeyOf(this.#stored, namespace, selection.name) : prefixOf(this.#stored, namespace);
    return watchObjects(this.#store, this.#view, prefix, after, selection, sink);
  }
}
