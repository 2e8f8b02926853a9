/**
 * GET of a collection with `watch=true`: what is there, where that is asked for, and then every change
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 */
import { apiVersionOf } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import { StoreError } from '../../storage/store.ts';
import { expired } from '../failure.ts';
import { prefixOf, storeKeyOf } from '../registry/keys.ts';
import { tooLargeRevision } from '../registry/lister.ts';
import { ObjectVersion } from '../registry/object-version.ts';
import { selectionOf } from '../registry/selection.ts';
import { watchStore } from '../registry/watcher.ts';
import type { WatchSink } from '../request.ts';
import type { Handler, HandlerServices, ResourceTarget } from './handler.ts';
import { pageOf } from './list.ts';
import { listOptionsOf, type ListOptions } from './options.ts';

/** Watches without a time-out of their own end after 30 to 60 minutes, not all at once. */
const shortestTimeout = 1800;
/** Seconds between two bookmarks. */
const bookmarkPeriod = 60;

export const initialEventsEnd = 'k8s.io/initial-events-end';

export const watch: Handler = async (context, target, services) => {
  const options = listOptionsOf(context.request.query, true);
  const selection = selectionOf(target.definition, options.labelSelector, options.fieldSelector);
  const { namespace, definition } = target;
  const named = selection.name !== undefined && (namespace !== '' || !definition.namespaced);
  const prefix = named ? storeKeyOf(definition, namespace, selection.name) : prefixOf(definition, namespace);
  const start = await startOf(target, services, options);
  return {
    type: 'watch',
    open(sink) {
      const session = new WatchSession(target, services, options, sink);
      // A prefix that is a whole key also finds the keys that it starts: the selection sorts them out.
      return session.run(start.initial, start.revision, (inner) => watchStore(services.store, services.decoder, prefix, start.revision, selection, inner));
    },
  };
};

interface Start {
  /** Delivered as ADDED before anything else. */
  readonly initial: readonly ObjectVersion[];
  /** Changes after this one follow. */
  readonly revision: number;
}

async function startOf(target: ResourceTarget, services: HandlerServices, options: ListOptions): Promise<Start> {
  const asked = options.resourceVersion === '' ? 0 : Number(options.resourceVersion);
  const current = await services.store.revision();
  if (asked > current) throw tooLargeRevision(asked, current);
  if (options.sendInitialEvents === true || (asked === 0 && options.sendInitialEvents !== false)) {
    const page = await pageOf(target, services, { ...options, limit: 0, continue: '', resourceVersionMatch: '', resourceVersion: '' });
    return { initial: page.items, revision: page.revision };
  }
  return { initial: [], revision: asked === 0 ? current : asked };
}

/** One open watch: its place, its bookmarks, its end. */
class WatchSession {
  readonly #target: ResourceTarget;
  readonly #services: HandlerServices;
  readonly #options: ListOptions;
  readonly #sink: WatchSink;
  readonly #disposables: Disposable[] = [];
  #position = 0;
  #over = false;

  constructor(target: ResourceTarget, services: HandlerServices, options: ListOptions, sink: WatchSink) {
    this.#target = target;
    this.#services = services;
    this.#options = options;
    this.#sink = sink;
  }

  run(initial: readonly ObjectVersion[], revision: number, open: (sink: WatchSink) => Disposable): Disposable {
    const { clock, random } = this.#services.platform;
    this.#position = revision;
    for (const version of initial) this.#sink.event('ADDED', version);
    if (this.#options.sendInitialEvents === true && this.#options.allowWatchBookmarks) this.#bookmark({ [initialEventsEnd]: 'true' });
    try {
      this.#disposables.push(open({ event: (type, version) => this.#event(type, version), ended: (status) => this.#end(status) }));
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'Compacted') throw error;
      // The answer has begun: the refusal comes as its only event.
      this.#end(expired(`too old resource version: ${revision}`).status);
    }
    const seconds = this.#options.timeoutSeconds > 0 ? this.#options.timeoutSeconds : shortestTimeout * (1 + random.float());
    this.#disposables.push(clock.after(seconds * 1000, () => this.#end()));
    if (this.#options.allowWatchBookmarks) this.#scheduleBookmark();
    return { dispose: () => this.#close() };
  }

  #event(type: Parameters<WatchSink['event']>[0], version: ObjectVersion): void {
    if (this.#over) return;
    this.#position = version.revision;
    this.#sink.event(type, version);
  }

  #scheduleBookmark(): void {
    if (this.#over) return;
    this.#disposables[2]?.dispose();
    this.#disposables[2] = this.#services.platform.clock.after(bookmarkPeriod * 1000, () => void this.#progress());
  }

  /** Everything up to the newest revision has been delivered: tell the client, so that it can resume from there. */
  async #progress(): Promise<void> {
    const revision = await this.#services.store.revision().catch(() => 0);
    if (this.#over) return;
    this.#position = Math.max(this.#position, revision);
    this.#bookmark();
    this.#scheduleBookmark();
  }

  #bookmark(annotations?: Record<string, string>): void {
    const { kind } = this.#target.definition;
    const metadata = { resourceVersion: String(this.#position), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) };
    this.#sink.event('BOOKMARK', new ObjectVersion({ kind, apiVersion: apiVersionOf(this.#target.definition), metadata: metadata as object }, this.#position));
  }

  #end(status?: Parameters<WatchSink['ended']>[0]): void {
    if (this.#over) return;
    this.#close();
    this.#sink.ended(status);
  }

  #close(): void {
    this.#over = true;
    for (const disposable of this.#disposables) disposable?.dispose();
  }
}
