/** One client's watch of a resource: what changes in the store, as seen through its selectors. */
import type { Disposable } from '../../platform/platform.ts';
import type { Change, Revision, Store, StoreError } from '../../storage/store.ts';
import { expired, internalError } from '../../api/status.ts';
import type { WatchSink } from '../request.ts';
import type { ObjectView } from './object-view.ts';
import type { Selection } from './selection.ts';

/** Delivers every change after the revision. Throws `StoreError` when history does not reach back. */
export function watchObjects(store: Store, view: ObjectView, prefix: string, after: Revision, selection: Selection, sink: WatchSink): Disposable {
  return store.watch(prefix, after, {
    changes(changes) {
      for (const change of changes) deliver(view, selection, change, sink);
    },
    ended(reason) {
      sink.ended(statusOf(reason));
    },
  });
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
