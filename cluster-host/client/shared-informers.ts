/** Informers over a client: one list and one watch a resource and scope, shared by all who ask. */
import { keyOf, type KubeObject, type Resource } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';
import type { Client } from './client.ts';
import { IndexedStore } from './indexed-store.ts';
import type { ChangeHandler, Indexer, Informer, Informers, InformerScope, Lister } from './informer.ts';
import { Reflector, type ReflectorSurroundings, type ReflectorTarget } from './reflector.ts';

export class SharedInformers implements Informers {
  readonly #client: Client;
  readonly #surroundings: ReflectorSurroundings;
  readonly #informers = new Map<string, SharedInformer<KubeObject>>();
  #disposed = false;

  constructor(client: Client, surroundings: ReflectorSurroundings) {
    this.#client = client;
    this.#surroundings = surroundings;
  }

  informer<T extends KubeObject>(resource: Resource<T>, scope: InformerScope = {}): Informer<T> {
    if (this.#disposed) throw new Error('the informers were disposed');
    const key = keyOfScope(resource, scope);
    const known = this.#informers.get(key);
    if (known !== undefined) return known as unknown as Informer<T>;
    const log = this.#surroundings.log.with({ informer: resource.plural });
    const informer = new SharedInformer<T>(log.error.bind(log));
    const reflector = new Reflector(this.#client.resource(resource, scope.namespace), scope, informer, { ...this.#surroundings, log });
    informer.follow(reflector);
    this.#informers.set(key, informer as unknown as SharedInformer<KubeObject>);
    return informer;
  }

  release(resource: Resource, scope: InformerScope = {}): void {
    const key = keyOfScope(resource, scope);
    this.#informers.get(key)?.dispose();
    this.#informers.delete(key);
  }

  dispose(): void {
    this.#disposed = true;
    for (const informer of this.#informers.values()) informer.dispose();
    this.#informers.clear();
  }
}

function keyOfScope({ group, version, plural }: Resource, { namespace, labelSelector, fieldSelector }: InformerScope): string {
  return [group, version, plural, namespace, labelSelector, fieldSelector].join('|');
}

class SharedInformer<T extends KubeObject> implements Informer<T>, ReflectorTarget<T>, Disposable {
  readonly #store = new IndexedStore<T>();
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #synced = Promise.withResolvers<void>();
  readonly #report: (message: string, fields: { error: unknown }) => void;
  #reflector: Disposable | undefined;

  constructor(report: (message: string, fields: { error: unknown }) => void) {
    this.#report = report;
  }

  get lister(): Lister<T> {
    return this.#store;
  }

  follow(reflector: Reflector<T>): void {
    this.#reflector = reflector;
    void reflector.run();
  }

  addIndex(name: string, indexer: Indexer<T>): void {
    this.#store.addIndex(name, indexer);
  }

  onChange(handler: ChangeHandler<T>): Disposable {
    this.#handlers.add(handler);
    for (const object of this.#store.list()) this.#call(() => handler.added?.(object));
    return { dispose: () => void this.#handlers.delete(handler) };
  }

  synced(): Promise<void> {
    return this.#synced.promise;
  }

  replace(objects: readonly T[]): void {
    const present = new Set(objects.map((object) => keyOf(object)));
    for (const key of this.#store.keys()) if (!present.has(key)) this.#removeKey(key);
    for (const object of objects) this.put(object);
    this.#synced.resolve();
  }

  put(object: T): void {
    const key = keyOf(object);
    const known = this.#store.get(object.metadata?.namespace ?? '', object.metadata?.name ?? '');
    if (known !== undefined && known.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    // Another object of the same name: the deletion of the first was missed.
    if (known !== undefined && known.metadata?.uid !== object.metadata?.uid) this.#removeKey(key);
    const old = this.#store.put(object);
    if (old === undefined) this.#tell((handler) => handler.added?.(object));
    else this.#tell((handler) => handler.updated?.(object, old));
  }

  remove(object: T): void {
    if (this.#store.remove(keyOf(object)) !== undefined) this.#tell((handler) => handler.deleted?.(object));
  }

  dispose(): void {
    this.#reflector?.dispose();
    this.#handlers.clear();
    // Whoever waits for the first list finds out that it is over.
    this.#synced.resolve();
  }

  #removeKey(key: string): void {
    const old = this.#store.remove(key);
    if (old !== undefined) this.#tell((handler) => handler.deleted?.(old));
  }

  #tell(call: (handler: ChangeHandler<T>) => void): void {
    for (const handler of this.#handlers) this.#call(() => call(handler));
  }

  /** A handler that throws harms neither the copy nor the other handlers. */
  #call(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#report('a change handler failed', { error });
    }
  }
}
