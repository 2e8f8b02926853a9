/** The local copy behind an informer: objects by key, and by every declared index. Pure; the informer is its only writer. */
import { keyOf, type KubeObject } from '../api/object.ts';
import type { Indexer, Lister } from './informer.ts';

const namespaceIndex = 'namespace';

/** Objects by key, with the list of them kept until it changes. */
class Bucket<T> {
  readonly objects = new Map<string, T>();
  #list: readonly T[] | undefined;

  list(): readonly T[] {
    return (this.#list ??= [...this.objects.values()]);
  }

  put(key: string, object: T): void {
    this.objects.set(key, object);
    this.#list = undefined;
  }

  remove(key: string): void {
    this.objects.delete(key);
    this.#list = undefined;
  }
}

interface Index<T> {
  readonly indexer: Indexer<T>;
  readonly buckets: Map<string, Bucket<T>>;
}

export class IndexedStore<T extends KubeObject> implements Lister<T> {
  readonly #all = new Bucket<T>();
  readonly #indexes = new Map<string, Index<T>>();

  constructor() {
    this.addIndex(namespaceIndex, (object) => [object.metadata?.namespace ?? '']);
  }

  get(namespace: string, name: string): T | undefined {
    return this.#all.objects.get(namespace === '' ? name : `${namespace}/${name}`);
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? this.#all.list() : this.byIndex(namespaceIndex, namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`the index "${index}" was not declared`);
    return found.buckets.get(value)?.list() ?? [];
  }

  addIndex(name: string, indexer: Indexer<T>): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { indexer, buckets: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#all.objects) insert(index, key, object);
  }

  /** Returns what was there before. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.#all.objects.get(key);
    this.#all.put(key, object);
    for (const index of this.#indexes.values()) {
      if (old !== undefined) withdraw(index, key, old);
      insert(index, key, object);
    }
    return old;
  }

  /** Returns what was there before. */
  remove(key: string): T | undefined {
    const old = this.#all.objects.get(key);
    if (old === undefined) return undefined;
    this.#all.remove(key);
    for (const index of this.#indexes.values()) withdraw(index, key, old);
    return old;
  }

  keys(): readonly string[] {
    return [...this.#all.objects.keys()];
  }
}

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.indexer(object)) {
    let bucket = index.buckets.get(value);
    if (bucket === undefined) index.buckets.set(value, (bucket = new Bucket()));
    bucket.put(key, object);
  }
}

function withdraw<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.indexer(object)) {
    const bucket = index.buckets.get(value);
    bucket?.remove(key);
    if (bucket?.objects.size === 0) index.buckets.delete(value);
  }
}
