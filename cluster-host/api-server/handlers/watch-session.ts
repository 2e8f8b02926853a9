/** Open watches: each one's place, bookmarks and end. */
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import type { Disposable, Platform } from '../../platform/platform.ts';
import { StoreError, type Store } from '../../storage/store.ts';
import { expired } from '../failure.ts';
import { ObjectVersion } from '../registry/object-version.ts';
import type { WatchEventType, WatchSink } from '../request.ts';
import type { ListOptions } from './options.ts';

/** Seconds. Watches without a time-out of their own end after 30 to 60 minutes, not all at once. */
const shortestTimeout = 1800;
/** Seconds between two bookmarks. */
const bookmarkPeriod = 60;

const initialEventsEnd = 'k8s.io/initial-events-end';

export interface SessionStart {
  readonly definition: KindDefinition;
  readonly options: ListOptions;
  /** Delivered as ADDED before anything else. */
  readonly initial: readonly ObjectVersion[];
  /** Changes after this one follow. */
  readonly revision: number;
  readonly sink: WatchSink;
}

export type OpenChanges = (sink: WatchSink) => Disposable;

export class WatchSessions {
  readonly #platform: Platform;
  readonly #store: Store;
  readonly #open = new Set<WatchSession>();

  constructor(platform: Platform, store: Store) {
    this.#platform = platform;
    this.#store = store;
  }

  start(start: SessionStart, open: OpenChanges): Disposable {
    const session = new WatchSession(start, this.#platform, this.#store, () => this.#open.delete(session));
    this.#open.add(session);
    session.run(open);
    return { dispose: () => session.close() };
  }

  /** Ends every watch in order: clients come back when the server does. */
  endAll(): void {
    for (const session of this.#open) session.end();
  }

  /** Ends the watches of a kind that is served no more, or in another way. */
  endOf(definition: KindDefinition): void {
    for (const session of this.#open) if (session.definition === definition) session.end();
  }
}

class WatchSession {
  readonly #start: SessionStart;
  readonly #platform: Platform;
  readonly #store: Store;
  readonly #closed: () => void;
  #position: number;
  #over = false;
  #changes: Disposable | undefined;
  #timeout: Disposable | undefined;
  #nextBookmark: Disposable | undefined;

  constructor(start: SessionStart, platform: Platform, store: Store, closed: () => void) {
    this.#start = start;
    this.#platform = platform;
    this.#store = store;
    this.#closed = closed;
    this.#position = start.revision;
  }

  get definition(): KindDefinition {
    return this.#start.definition;
  }

  run(open: OpenChanges): void {
    const { initial, options, sink } = this.#start;
    for (const version of initial) sink.event('ADDED', version);
    if (options.sendInitialEvents === true && options.allowWatchBookmarks) this.#bookmark({ [initialEventsEnd]: 'true' });
    try {
      this.#changes = open({ event: (type, version) => this.#event(type, version), ended: (status) => this.end(status) });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'Compacted') throw error;
      // The answer has begun: the refusal comes as its only event.
      return this.end(expired(`too old resource version: ${this.#position}`).status);
    }
    const { clock, random } = this.#platform;
    const seconds = options.timeoutSeconds > 0 ? options.timeoutSeconds : shortestTimeout * (1 + random.float());
    this.#timeout = clock.after(seconds * 1000, () => this.end());
    if (options.allowWatchBookmarks) this.#scheduleBookmark();
  }

  #event(type: WatchEventType, version: ObjectVersion): void {
    if (this.#over) return;
    this.#position = version.revision;
    this.#start.sink.event(type, version);
  }

  #scheduleBookmark(): void {
    this.#nextBookmark = this.#platform.clock.after(bookmarkPeriod * 1000, () => void this.#progress());
  }

  /** Everything up to the newest revision has been delivered: tell the client, so that it can resume from there. */
  async #progress(): Promise<void> {
    const revision = await this.#store.revision().catch(() => 0);
    if (this.#over) return;
    this.#position = Math.max(this.#position, revision);
    this.#bookmark();
    this.#scheduleBookmark();
  }

  #bookmark(annotations?: Record<string, string>): void {
    const { definition, sink } = this.#start;
    const metadata = { resourceVersion: String(this.#position), ...(annotations === undefined ? {} : { annotations }) };
    sink.event('BOOKMARK', new ObjectVersion({ kind: definition.kind, apiVersion: apiVersionOf(definition), metadata }, this.#position));
  }

  end(status?: KubeObject): void {
    if (this.#over) return;
    this.close();
    this.#start.sink.ended(status);
  }

  close(): void {
    this.#over = true;
    for (const part of [this.#changes, this.#timeout, this.#nextBookmark]) part?.dispose();
    this.#closed();
  }
}
