/** A map with a set of values for each key; keys without values are forgotten. */
export class MultiMap<K, V> {
  readonly #sets = new Map<K, Set<V>>();

  get(key: K): Iterable<V> {
    return this.#sets.get(key) ?? [];
  }

  keys(): Iterable<K> {
    return this.#sets.keys();
  }

  add(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([value]));
    else set.add(value);
  }

  delete(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set?.delete(value) === true && set.size === 0) this.#sets.delete(key);
  }

  deleteWhere(key: K, predicate: (value: V) => boolean): void {
    const set = this.#sets.get(key);
    if (set === undefined) return;
    for (const value of set) if (predicate(value)) set.delete(value);
    if (set.size === 0) this.#sets.delete(key);
  }
}
