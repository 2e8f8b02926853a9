/** Lists of a resource: at the newest or a named revision, whole or page by page (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). */
import { StoreError, type Page, type Revision, type Store } from '../../storage/store.ts';
import { ApiFailure, expired, timeout } from '../failure.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { ObjectVersion } from './object-version.ts';
import type { ObjectView } from './object-view.ts';
import type { Selection } from './selection.ts';

export interface ListQuery {
  readonly selection: Selection;
  /** At most so many objects; 0: all. */
  readonly limit: number;
  readonly continue: string;
  /** The revision to read at exactly; undefined: the newest. */
  readonly exactly: Revision | undefined;
  /** The answer must not be older; 0: no matter. */
  readonly notOlderThan: Revision;
}

export interface ObjectPage {
  readonly items: readonly ObjectVersion[];
  readonly revision: Revision;
  readonly continue: string | undefined;
  readonly remaining: number | undefined;
}

/** What the query asks for of the keys under a prefix. Throws `ApiFailure` for a revision that is gone or yet to come. */
export async function listObjects(store: Store, view: ObjectView, prefix: string, query: ListQuery): Promise<ObjectPage> {
  if (query.continue !== '') return continued(store, view, prefix, query);
  await checkNotAhead(store, Math.max(query.notOlderThan, query.exactly ?? 0));
  try {
    return await read(store, view, prefix, query, query.exactly, undefined);
  } catch (error) {
    if (isCompacted(error)) throw expired('The resourceVersion for the provided list is too old.');
    throw error;
  }
}

async function continued(store: Store, view: ObjectView, prefix: string, query: ListQuery): Promise<ObjectPage> {
  const token = decodeContinue(query.continue);
  try {
    return await read(store, view, prefix, query, token.revision, prefix + token.after);
  } catch (error) {
    if (isCompacted(error)) throw continueExpired(token.after);
    throw error;
  }
}

function isCompacted(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'Compacted';
}

/** Reads on until the page is full: a selector may leave out most of what is there. */
async function read(store: Store, view: ObjectView, prefix: string, { selection, limit }: ListQuery, at: Revision | undefined, from: string | undefined): Promise<ObjectPage> {
  const items: ObjectVersion[] = [];
  let revision = at;
  let after = from;
  for (;;) {
    const page: Page = await store.list(prefix, { ...(revision === undefined ? {} : { revision }), ...(after === undefined ? {} : { after }), ...(limit === 0 ? {} : { limit }) });
    revision = page.revision;
    await view.prepare?.(page.values);
    for (const [index, stored] of page.values.entries()) {
      const version = view.version(stored);
      if (!selection.all && !selection.matches(version.object)) continue;
      items.push(version);
      const left = page.values.length - index - 1 + page.remaining;
      if (items.length === limit && left > 0) {
        return { items, revision, continue: encodeContinue({ after: stored.key.slice(prefix.length), revision }), remaining: selection.all ? left : undefined };
      }
    }
    after = page.values.at(-1)?.key;
    if (page.remaining === 0) return { items, revision, continue: undefined, remaining: undefined };
  }
}

async function checkNotAhead(store: Store, revision: Revision): Promise<void> {
  if (revision === 0) return;
  const current = await store.revision();
  if (revision > current) throw tooLargeRevision(revision, current);
}

function continueExpired(after: string): ApiFailure {
  const { status } = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return new ApiFailure({ ...status, metadata: { continue: encodeContinue({ after, revision: undefined }) } });
}

/** A revision that this server has not reached: the client may be ahead after a restart from an older state. */
export function tooLargeRevision(asked: Revision, current: Revision): ApiFailure {
  const { status } = timeout(`Too large resource version: ${asked}, current: ${current}`, 1);
  return new ApiFailure({ ...status, details: { ...status.details, causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] } });
}
