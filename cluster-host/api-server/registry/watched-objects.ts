/** All objects of a resource at hand: read once, and again only after one of them has changed. For what every request asks for. */
import type { KubeObject } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import { prefixOf } from './keys.ts';
import type { Registries } from './registries.ts';

export class WatchedObjects implements Disposable {
  readonly #registries: () => Registries;
  readonly #store: Store;
  readonly #watched = new Map<string, Watched>();

  constructor(registries: () => Registries, store: Store) {
    this.#registries = registries;
    this.#store = store;
  }

  dispose(): void {
    for (const { watch } of this.#watched.values()) watch?.dispose();
  }

  /** As of now, in the order of their names; the same array and the same objects until something changes. Shared: never changed. */
  async all(group: string, version: string, plural: string): Promise<readonly KubeObject[]> {
    const key = `${group}/${version}/${plural}`;
    let watched = this.#watched.get(key);
    if (watched === undefined) {
      watched = { objects: undefined, watch: undefined };
      this.#watched.set(key, watched);
    }
    const { definition } = this.#registries().need(group, version, plural);
    const found = watched;
    if (found.watch === undefined) {
      const revision = await this.#store.revision();
      found.watch ??= this.#store.watch(prefixOf(definition, ''), revision, { changes: () => (found.objects = undefined), ended: () => this.#watched.delete(key) });
    }
    return (found.objects ??= this.#read(group, version, plural));
  }

  async #read(group: string, version: string, plural: string): Promise<readonly KubeObject[]> {
    const versions = await this.#registries().need(group, version, plural).all('');
    return versions.map(({ object }) => object).toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  }
}

interface Watched {
  objects: Promise<readonly KubeObject[]> | undefined;
  watch: Disposable | undefined;
}
