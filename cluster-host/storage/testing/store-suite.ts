/** What every driver of the Store contract guarantees. A driver's test calls `storeSuite` with a way to make an empty store. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError, type Change, type Operation, type Store, type StoredValue, type WatchListener } from '../store.ts';
import { ModelStore } from './model-store.ts';

export interface StoreSuiteOptions {
  readonly create: () => Promise<Store>;
  /** Closes a store and opens it again; left out where a store does not outlive its closing. */
  readonly reopen?: (store: Store) => Promise<Store>;
  readonly propertyRuns?: number;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : new TextDecoder().decode(value));
const put = (key: string, value: string, expected?: number): Operation => ({ type: 'put', key, value: bytes(value), ...(expected === undefined ? {} : { expect: expected }) });
const remove = (key: string, expected?: number): Operation => ({ type: 'delete', key, ...(expected === undefined ? {} : { expect: expected }) });
const shown = (value: StoredValue | undefined): string => (value === undefined ? 'none' : `${value.key}=${text(value.value)}@${value.createRevision}/${value.modRevision}`);

class Recorder implements WatchListener {
  readonly seen: string[] = [];
  end: StoreError | undefined;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  changes(changes: readonly Change[], revision: number): void {
    for (const change of changes) this.seen.push(`${revision} ${change.type} ${change.key}=${text(change.value)} was ${text(change.previous?.value) ?? 'none'}`);
    if (this.#waiting !== undefined && this.seen.length >= this.#waiting.count) this.#waiting.resolve();
  }
  ended(reason: StoreError): void {
    this.end = reason;
  }
  async until(count: number): Promise<readonly string[]> {
    if (this.seen.length < count) await new Promise<void>((resolve) => (this.#waiting = { count, resolve }));
    return this.seen;
  }
}

async function codeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
    return 'none';
  } catch (error) {
    return error instanceof StoreError ? error.code : String(error);
  }
}

export function storeSuite(name: string, { create, reopen, propertyRuns = 100 }: StoreSuiteOptions): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    it('starts empty at revision 0', async () => {
      expect(await store.revision()).toBe(0);
      expect(await store.list('')).toEqual({ values: [], revision: 0, remaining: 0 });
      expect(await store.get('a')).toBeUndefined();
    });

    it('gives each transaction one revision, and values their revisions', async () => {
      expect(await store.commit([put('a', '1'), put('b', '1')])).toEqual({ committed: true, revision: 1 });
      expect(await store.commit([put('a', '2')])).toEqual({ committed: true, revision: 2 });
      expect(shown(await store.get('a'))).toBe('a=2@1/2');
      expect(shown(await store.get('b'))).toBe('b=1@1/1');
    });

    it('starts anew after a deletion', async () => {
      await store.commit([put('a', '1')]);
      await store.commit([remove('a')]);
      expect(await store.get('a')).toBeUndefined();
      await store.commit([put('a', '2')]);
      expect(shown(await store.get('a'))).toBe('a=2@3/3');
    });

    it('writes nothing when an expectation does not hold, and tells what is there', async () => {
      await store.commit([put('a', '1')]);
      const clash = await store.commit([put('b', '1'), put('a', '2', 0)]);
      expect(clash.committed ? 'committed' : `${clash.key}: ${shown(clash.actual)}`).toBe('a: a=1@1/1');
      expect(await store.get('b')).toBeUndefined();
      expect(await store.revision()).toBe(1);
      expect((await store.commit([remove('b', 7)])).committed).toBe(false);
      expect((await store.commit([put('a', '2', 1)])).committed).toBe(true);
      expect((await store.commit([remove('a', 2)])).committed).toBe(true);
    });

    it('lets exactly one of many concurrent creations through', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => store.commit([put('a', String(index), 0)])));
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
    });

    it('lists a prefix in order, in pages, at one revision', async () => {
      for (const key of ['p/c', 'p/a', 'q/a', 'p/b', 'p']) await store.commit([put(key, key)]);
      const first = await store.list('p/', { limit: 2 });
      expect(first.values.map(({ key }) => key)).toEqual(['p/a', 'p/b']);
      expect([first.remaining, first.revision]).toEqual([1, 5]);
      await store.commit([put('p/bb', 'late')]);
      const second = await store.list('p/', { after: 'p/b', revision: first.revision });
      expect(second.values.map(({ key }) => key)).toEqual(['p/c']);
      expect(second.remaining).toBe(0);
    });

    it('reads the past until it is compacted', async () => {
      await store.commit([put('a', '1'), put('b', '1')]);
      await store.commit([put('a', '2')]);
      await store.commit([remove('b')]);
      const at = async (revision: number): Promise<readonly string[]> => (await store.list('', { revision })).values.map(shown);
      expect(await at(1)).toEqual(['a=1@1/1', 'b=1@1/1']);
      expect(await at(2)).toEqual(['a=2@1/2', 'b=1@1/1']);
      expect(await at(3)).toEqual(['a=2@1/2']);
      await store.compact(2);
      expect(await codeOf(() => at(1))).toBe('Compacted');
      expect(await at(2)).toEqual(['a=2@1/2', 'b=1@1/1']);
      await store.compact(3);
      expect(await at(3)).toEqual(['a=2@1/2']);
      expect(await codeOf(() => at(4))).toBe('FutureRevision');
    });

    it('delivers changes under the prefix after the revision, past and to come, in order', async () => {
      await store.commit([put('p/a', '1')]);
      await store.commit([put('p/a', '2'), put('q', '1')]);
      const recorder = new Recorder();
      const watch = store.watch('p/', 1, recorder);
      expect(recorder.seen).toEqual([]);
      await store.commit([put('q', '2')]);
      await store.commit([remove('p/a'), put('p/b', '1')]);
      expect(await recorder.until(3)).toEqual(['2 put p/a=2 was 1', '4 delete p/a=2 was 2', '4 put p/b=1 was none']);
      watch.dispose();
      await store.commit([put('p/c', '1')]);
      expect(recorder.seen).toHaveLength(3);
    });

    it('does not call listeners within listeners', async () => {
      const order: string[] = [];
      let inside = false;
      const recorder = new Recorder();
      store.watch('', 0, {
        changes(_changes, revision) {
          expect(inside).toBe(false);
          inside = true;
          if (revision < 4) void store.commit([put('a', String(revision))]);
          order.push(String(revision));
          inside = false;
        },
        ended: () => undefined,
      });
      store.watch('', 0, recorder);
      await store.commit([put('a', '0')]);
      await recorder.until(4);
      expect(order).toEqual(['1', '2', '3', '4']);
    });

    it('refuses a watch from compacted history and keeps those that are under way', async () => {
      await store.commit([put('a', '1')]);
      await store.commit([put('a', '2')]);
      const recorder = new Recorder();
      store.watch('', 1, recorder);
      await store.compact(2);
      expect(await codeOf(async () => store.watch('', 1, new Recorder()))).toBe('Compacted');
      store.watch('', 2, new Recorder());
      expect(await recorder.until(1)).toEqual(['2 put a=2 was 1']);
    });

    it('ends watches and refuses calls when closed', async () => {
      const recorder = new Recorder();
      store.watch('', 0, recorder);
      await store.close();
      await store.close();
      expect(recorder.end?.code).toBe('Closed');
      expect(await codeOf(() => store.get('a'))).toBe('Closed');
      expect(await codeOf(() => store.commit([put('a', '1')]))).toBe('Closed');
      expect(await codeOf(async () => store.watch('', 0, recorder))).toBe('Closed');
    });

    it('finishes commits under way before it closes', async () => {
      const commits = Array.from({ length: 10 }, (_, index) => store.commit([put(`k${index}`, 'v')]));
      const closed = store.close();
      expect((await Promise.all(commits)).every(({ committed }) => committed)).toBe(true);
      await closed;
    });

    it('keeps many keys in order', async () => {
      const keys = Array.from({ length: 2000 }, (_, index) => `k/${(index * 7919) % 2000}`);
      await Promise.all(keys.map((key) => store.commit([put(key, 'v')])));
      await Promise.all(keys.filter((_, index) => index % 3 === 0).map((key) => store.commit([remove(key)])));
      const rest = keys.filter((_, index) => index % 3 !== 0).sort();
      expect((await store.list('k/')).values.map(({ key }) => key)).toEqual(rest);
    });

    it('behaves as the model, whatever is done to it', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          let subject = await create();
          const model = new ModelStore();
          try {
            for (const action of steps) {
              if (action.type === 'reopen') {
                if (reopen !== undefined) subject = await reopen(subject);
              } else expect(await outcome(subject, action)).toEqual(await outcome(model, action));
            }
          } finally {
            await subject.close();
          }
        }),
        { numRuns: propertyRuns },
      );
    });
  });
}

type Step =
  | { readonly type: 'commit'; readonly operations: readonly Operation[] }
  | { readonly type: 'list'; readonly prefix: string; readonly after: string | undefined; readonly limit: number | undefined; readonly revision: number | undefined }
  | { readonly type: 'compact'; readonly before: number }
  | { readonly type: 'reopen' };

const key = fc.constantFrom('a', 'a/', 'a/b', 'a/c', 'b', 'b/x');
const expectation = fc.option(fc.nat(6), { nil: undefined });
const operation = fc.oneof(
  fc.record({ key, value: fc.string({ maxLength: 3 }), expected: expectation }).map(({ key, value, expected }) => put(key, value, expected)),
  fc.record({ key, expected: expectation }).map(({ key, expected }) => remove(key, expected)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.uniqueArray(operation, { minLength: 1, maxLength: 3, selector: ({ key }) => key }).map((operations) => ({ type: 'commit' as const, operations })) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('list' as const),
      prefix: fc.constantFrom('', 'a', 'a/', 'b/'),
      after: fc.option(key, { nil: undefined }),
      limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      revision: fc.option(fc.nat(30), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.nat(30).map((before) => ({ type: 'compact' as const, before })) },
  { weight: 1, arbitrary: fc.constant({ type: 'reopen' as const }) },
);

async function outcome(store: Pick<Store, 'commit' | 'list' | 'compact' | 'revision'>, action: Exclude<Step, { type: 'reopen' }>): Promise<unknown> {
  try {
    if (action.type === 'commit') {
      const result = await store.commit(action.operations);
      return result.committed ? result : { key: result.key, actual: shown(result.actual) };
    }
    if (action.type === 'compact') {
      await store.compact(action.before);
      return await store.revision();
    }
    const { prefix, after, limit, revision } = action;
    const page = await store.list(prefix, { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }), ...(revision === undefined ? {} : { revision }) });
    return { ...page, values: page.values.map(shown) };
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}
