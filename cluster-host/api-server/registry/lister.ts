/** Lists of a resource: at the newest or a named revision, whole or page by page (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). */
import { StoreError, type Page, type Revision, type Store } from '../../storage/store.ts';
import { ApiFailure, expired, timeout } from '../failure.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import type { ObjectDecoder, ObjectVersion } from './object-version.ts';
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

export class Lister {
  readonly #store: Store;
  readonly #decoder: ObjectDecoder;

  constructor(store: Store, decoder: ObjectDecoder) {
    this.#store = store;
    this.#decoder = decoder;
  }

  async list(prefix: string, query: ListQuery): Promise<ObjectPage> {
    if (query.continue !== '') return this.#continued(prefix, query);
    await this.#checkNotAhead(Math.max(query.notOlderThan, query.exactly ?? 0));
    try {
      return await this.#read(prefix, query, query.exactly, undefined);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'Compacted') throw expired(`The resourceVersion for the provided list is too old.`);
      throw error;
    }
  }

  async #continued(prefix: string, query: ListQuery): Promise<ObjectPage> {
    const token = decodeContinue(query.continue);
    const after = prefix + token.after;
    try {
      return await this.#read(prefix, query, token.revision, after);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'Compacted') throw continueExpired(token.after);
      throw error;
    }
  }

  /** Reads on until the page is full: a selector may leave out most of what is there. */
  async #read(prefix: string, { selection, limit }: ListQuery, at: Revision | undefined, from: string | undefined): Promise<ObjectPage> {
    const items: ObjectVersion[] = [];
    let revision = at;
    let after = from;
    for (;;) {
      const page: Page = await this.#store.list(prefix, { ...(revision === undefined ? {} : { revision }), ...(after === undefined ? {} : { after }), ...(limit === 0 ? {} : { limit }) });
      revision = page.revision;
      for (const [index, stored] of page.values.entries()) {
        const version = this.#decoder.version(stored);
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

  async #checkNotAhead(revision: Revision): Promise<void> {
    if (revision === 0) return;
    const current = await this.#store.revision();
    if (revision > current) throw tooLargeRevision(revision, current);
  }
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
