/**
 * Contract of informers: a local, indexed, always current copy of a resource, kept by one list and one watch.
 *
 * Guarantees: the lister changes before a handler hears of the change; handlers are called in order; after a break the copy
 * is brought up to date (resume, or list again after 410) and the difference arrives as ordinary events; a deletion that was
 * missed is delivered with the last state known.
 */
import type { KubeObject, Resource } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';

export interface Lister<T> {
  get(namespace: string, name: string): T | undefined;
  /** All, or those of a namespace; never a copy: do not change what is in it. */
  list(namespace?: string): readonly T[];
  /** Objects for which the index yielded the value. Throws on an index that was not declared. */
  byIndex(index: string, value: string): readonly T[];
}

export interface ChangeHandler<T> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  deleted?(object: T): void;
}

/** Yields the values under which an object is found. */
export type Indexer<T> = (object: T) => readonly string[];

export interface Informer<T> {
  readonly lister: Lister<T>;
  /** Adds an index, also for what is already there; adding it twice is fine. */
  addIndex(name: string, indexer: Indexer<T>): void;
  /** What is already known arrives as `added` at once. */
  onChange(handler: ChangeHandler<T>): Disposable;
  /** Resolves when the first list is in, or when the informers are disposed; never rejects. */
  synced(): Promise<void>;
}

export interface InformerScope {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Shares one informer a resource and scope among all who ask; each starts at its first use. */
export interface Informers extends Disposable {
  informer<T extends KubeObject>(resource: Resource<T>, scope?: InformerScope): Informer<T>;
  /** Ends the watch of a resource and forgets what it held: for all who share it, so only once the server serves it no more. */
  release(resource: Resource, scope?: InformerScope): void;
}
