/**
 * Keeps a copy of one resource current: lists, watches from there, resumes where a watch broke, lists again when the server no
 * longer remembers that place (410).
 */
import type { KubeObject } from '../api/object.ts';
import type { Clock, Disposable, Logger, Random } from '../platform/platform.ts';
import { BackOff } from './back-off.ts';
import { ApiError, type ResourceClient, type WatchEventType } from './client.ts';
import type { InformerScope } from './informer.ts';

/** Told what the server holds. */
export interface ReflectorTarget<T> {
  /** Everything there is: what is missing here is gone. */
  replace(objects: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
}

export interface ReflectorSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** client-go's figures: a watch is renewed after five to ten minutes, failures wait from 0.8 s to 30 s. */
const watchSeconds = 300;
const shortestWatch = 1000;
const retryDelays = { initial: 800, maximum: 30_000, jitter: 1 };

export class Reflector<T extends KubeObject> implements Disposable {
  readonly #resource: ResourceClient<T>;
  readonly #scope: InformerScope;
  readonly #target: ReflectorTarget<T>;
  readonly #surroundings: ReflectorSurroundings;
  readonly #backOff: BackOff;
  readonly #stop = new AbortController();
  #endWatch: (() => void) | undefined;
  /** Where to resume; undefined when only a new list helps. */
  #resourceVersion: string | undefined;

  constructor(resource: ResourceClient<T>, scope: InformerScope, target: ReflectorTarget<T>, surroundings: ReflectorSurroundings) {
    this.#resource = resource;
    this.#scope = scope;
    this.#target = target;
    this.#surroundings = surroundings;
    this.#backOff = new BackOff(retryDelays, surroundings.random);
  }

  /** Resolves once disposed; never rejects. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) await this.#list();
        if (!this.#stop.signal.aborted) await this.#follow();
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  dispose(): void {
    this.#stop.abort();
    this.#endWatch?.();
  }

  async #list(): Promise<void> {
    const list = await this.#resource.list(this.#selection());
    if (this.#stop.signal.aborted) return;
    this.#target.replace(list.items);
    this.#resourceVersion = list.metadata.resourceVersion ?? '0';
  }

  /** One watch, to its end. */
  async #follow(): Promise<void> {
    const { clock, random } = this.#surroundings;
    const timeoutSeconds = Math.round(watchSeconds * (1 + random.float()));
    const options = { ...this.#selection(), resourceVersion: this.#resourceVersion ?? '0', allowWatchBookmarks: true, timeoutSeconds };
    const before = this.#resourceVersion;
    const start = clock.monotonic();
    await new Promise<void>((resolve, reject) => {
      const watch = this.#resource.watch(options, {
        event: (type, object) => this.#apply(type, object),
        ended: (error) => (error === undefined ? resolve() : reject(error)),
      });
      this.#endWatch = () => {
        watch.dispose();
        resolve();
      };
      if (this.#stop.signal.aborted) this.#endWatch();
    });
    if (before === this.#resourceVersion && clock.monotonic() - start < shortestWatch) throw new Error('the watch ended at once, without an event');
  }

  #apply(type: WatchEventType, object: T): void {
    if (this.#stop.signal.aborted) return;
    this.#backOff.reset();
    this.#resourceVersion = object.metadata?.resourceVersion ?? this.#resourceVersion;
    if (type === 'DELETED') this.#target.remove(object);
    else if (type !== 'BOOKMARK') this.#target.put(object);
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (error instanceof ApiError && error.code === 410) {
      this.#resourceVersion = undefined;
      this.#surroundings.log.debug('the watch is too old, listing again', { error });
    } else {
      this.#surroundings.log.warn('list or watch failed', { error });
    }
    await this.#surroundings.clock.sleep(this.#backOff.next(), this.#stop.signal);
  }

  #selection(): { labelSelector?: string; fieldSelector?: string } {
    const { labelSelector, fieldSelector } = this.#scope;
    return { ...(labelSelector === undefined ? {} : { labelSelector }), ...(fieldSelector === undefined ? {} : { fieldSelector }) };
  }
}
