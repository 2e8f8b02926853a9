/** One client's watch of a resource: what changes in the store, as seen through its selectors. */
import type { Disposable } from '../../platform/platform.ts';
import type { Change, Revision, Store, StoreError } from '../../storage/store.ts';
import { expired, internalError } from '../../api/status.ts';
import { ApiFailure } from '../failure.ts';
import type { WatchSink } from '../request.ts';
import type { ObjectView } from './object-view.ts';
import type { Selection } from './selection.ts';

/** Delivers every change after the revision. Throws `StoreError` when history does not reach back. */
export function watchObjects(store: Store, view: ObjectView, prefix: string, after: Revision, selection: Selection, sink: WatchSink): Disposable {
  const deliverAll = (changes: readonly Change[]): void => {
    for (const change of changes) deliver(view, selection, change, sink);
  };
  const ended = (reason: StoreError): void => sink.ended(statusOf(reason));
  if (view.prepareChanges === undefined) return store.watch(prefix, after, { changes: deliverAll, ended });
  const inOrder = new PreparedDelivery(view.prepareChanges, deliverAll, sink);
  const watch = store.watch(prefix, after, { changes: (changes) => inOrder.add(changes), ended: (reason) => inOrder.end(() => ended(reason)) });
  return { dispose: () => (inOrder.dispose(), watch.dispose()) };
}

/** Changes that have to be converted outside, delivered in their order all the same. */
class PreparedDelivery implements Disposable {
  readonly #prepare: NonNullable<ObjectView['prepareChanges']>;
  readonly #deliver: (changes: readonly Change[]) => void;
  readonly #sink: WatchSink;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(prepare: NonNullable<ObjectView['prepareChanges']>, deliver: (changes: readonly Change[]) => void, sink: WatchSink) {
    this.#prepare = prepare;
    this.#deliver = deliver;
    this.#sink = sink;
  }

  add(changes: readonly Change[]): void {
    const ready = this.#prepare(changes);
    this.#last = Promise.all([this.#last, ready]).then(
      () => (this.#isOver ? undefined : this.#deliver(changes)),
      (error: unknown) => this.#fail(error),
    );
  }

  end(tell: () => void): void {
    void this.#last.then(() => (this.#isOver ? undefined : tell()));
  }

  dispose(): void {
    this.#isOver = true;
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.ended(error instanceof ApiFailure ? error.status : internalError(String(error)));
  }
}

/** A selector turns changes into arrivals and departures. */
function deliver(view: ObjectView, selection: Selection, change: Change, sink: WatchSink): void {
  const { current, previous, left } = view.change(change);
  const matched = previous !== undefined && (selection.all || selection.matches(previous.object));
  if (change.type === 'delete') {
    if (matched) sink.event('DELETED', current);
    return;
  }
  const matches = selection.all || selection.matches(current.object);
  if (matches) sink.event(matched ? 'MODIFIED' : 'ADDED', current);
  else if (matched && left !== undefined) sink.event('DELETED', left);
}

function statusOf(reason: StoreError): ReturnType<typeof expired> | undefined {
  if (reason.code === 'Closed') return undefined;
  return reason.code === 'Compacted' ? expired('The resourceVersion for the provided watch is too old.') : internalError(reason.message);
}
