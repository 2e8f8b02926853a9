/** Lists and watches, through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import { admin, createTestServer, type TestServer } from '../testing/test-server.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, labels: Record<string, string> = {}): object => ({ metadata: { name, labels } });
const names = (body: { items: KubeObject[] }): (string | undefined)[] => body.items.map(({ metadata }) => metadata?.name);

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
  for (const [name, x] of [['a', '1'], ['b', '2'], ['c', '1'], ['d', '1'], ['e', '2']] as const) await it.create(maps, configMap(name, { x }));
});

describe('list', () => {
  test('in order of names, with the revision', async () => {
    const { body } = await it.call('GET', maps);
    expect([body.kind, body.apiVersion, names(body)]).toEqual(['ConfigMapList', 'v1', ['a', 'b', 'c', 'd', 'e']]);
    expect(body.metadata.resourceVersion).toBe(String(await it.store.revision()));
  });

  test('by labels and fields', async () => {
    expect(names((await it.call('GET', `${maps}?labelSelector=x in (2)`)).body)).toEqual(['b', 'e']);
    expect(names((await it.call('GET', `${maps}?fieldSelector=metadata.name=c`)).body)).toEqual(['c']);
    expect(names((await it.call('GET', `${maps}?fieldSelector=metadata.name!=c,metadata.namespace=default&labelSelector=x=1`)).body)).toEqual(['a', 'd']);
    const refused = await it.call('GET', `${maps}?fieldSelector=data.x=1`);
    expect([refused.status, refused.body.message]).toEqual([400, '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"']);
    expect((await it.call('GET', `${maps}?labelSelector=x in`)).status).toBe(400);
  });

  test('page by page at one revision', async () => {
    const first = await it.call('GET', `${maps}?limit=2`);
    expect([names(first.body), first.body.metadata.remainingItemCount]).toEqual([['a', 'b'], 3]);
    await it.call('DELETE', `${maps}/c`);
    await it.create(maps, configMap('bb'));
    const second = await it.call('GET', `${maps}?limit=2&continue=${first.body.metadata.continue}`);
    expect([names(second.body), second.body.metadata.resourceVersion]).toEqual([['c', 'd'], first.body.metadata.resourceVersion]);
    const third = await it.call('GET', `${maps}?limit=2&continue=${second.body.metadata.continue}`);
    expect([names(third.body), third.body.metadata.continue]).toEqual([['e'], undefined]);
  });

  test('pages of a selection are full', async () => {
    const first = await it.call('GET', `${maps}?limit=2&labelSelector=x=1`);
    expect([names(first.body), first.body.metadata.remainingItemCount]).toEqual([['a', 'c'], undefined]);
    const second = await it.call('GET', `${maps}?limit=2&labelSelector=x=1&continue=${first.body.metadata.continue}`);
    expect([names(second.body), second.body.metadata.continue]).toEqual([['d'], undefined]);
  });

  test('a page that comes too late can go on with what is there now', async () => {
    const first = await it.call('GET', `${maps}?limit=2`);
    await it.call('DELETE', `${maps}/c`);
    await it.store.compact(await it.store.revision());
    const late = await it.call('GET', `${maps}?limit=2&continue=${first.body.metadata.continue}`);
    expect([late.status, late.body.reason]).toEqual([410, 'Expired']);
    expect(names((await it.call('GET', `${maps}?continue=${late.body.metadata.continue}`)).body)).toEqual(['d', 'e']);
    expect((await it.call('GET', `${maps}?continue=junk`)).status).toBe(400);
  });

  test('at an exact revision, or one that is yet to come', async () => {
    const { body } = await it.call('GET', maps);
    await it.call('DELETE', `${maps}/a`);
    expect(names((await it.call('GET', `${maps}?resourceVersionMatch=Exact&resourceVersion=${body.metadata.resourceVersion}`)).body)).toHaveLength(5);
    expect(names((await it.call('GET', `${maps}?resourceVersionMatch=NotOlderThan&resourceVersion=${body.metadata.resourceVersion}`)).body)).toHaveLength(4);
    const ahead = await it.call('GET', `${maps}?resourceVersion=1000000`);
    expect([ahead.status, ahead.body.reason, ahead.body.details.retryAfterSeconds]).toEqual([504, 'Timeout', 1]);
  });

  test('as a Table and as metadata', async () => {
    const table = await it.call('GET', `${maps}?labelSelector=x=2`, undefined, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } });
    expect(table.body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [{ cells: ['b', 0, '0s'], object: { kind: 'PartialObjectMetadata' } }, { cells: ['e', 0, '0s'] }] });
    const partial = await it.call('GET', `${maps}/a`, undefined, { headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } });
    expect(Object.keys(partial.body)).toEqual(['kind', 'apiVersion', 'metadata']);
    expect((await it.call('GET', maps, undefined, { headers: { accept: 'text/csv' } })).status).toBe(406);
  });

  test('not as a Table what is only asked', async () => {
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
    const ask = (accept: string) => it.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, { headers: { accept } });
    expect((await ask('application/json;as=Table;v=v1;g=meta.k8s.io')).status).toBe(406);
    expect((await ask('application/json;as=Table;v=v1;g=meta.k8s.io,application/json')).body.kind).toBe('SelfSubjectAccessReview');
  });
});

describe('watch', () => {
  class Watch {
    readonly events: string[] = [];
    end: KubeObject | undefined | 'open' = 'open';
    readonly stop: () => void;
    constructor(path: string) {
      const { pathname, searchParams } = new URL(path, 'https://server');
      const watch = it.server.watch(
        { user: admin, method: 'GET', path: pathname, query: Object.fromEntries(searchParams) },
        {
          event: (type, { metadata }) => void this.events.push(`${type} ${metadata?.name ?? Object.keys(metadata?.annotations ?? {}).join()}`),
          ended: (status) => (this.end = status),
        },
      );
      this.stop = () => watch.dispose();
    }
    async settled(): Promise<readonly string[]> {
      await it.clock.settle();
      return this.events;
    }
  }

  test('from now on, starting with what is there', async () => {
    const watch = new Watch(maps);
    expect(await watch.settled()).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'ADDED e']);
    await it.call('DELETE', `${maps}/a`);
    await it.create('/api/v1/namespaces/kube-system/configmaps', configMap('elsewhere'));
    await it.create(maps, configMap('f'));
    expect((await watch.settled()).slice(5)).toEqual(['DELETED a', 'ADDED f']);
    watch.stop();
    await it.call('DELETE', `${maps}/b`);
    expect(await watch.settled()).toHaveLength(7);
  });

  test('from a revision', async () => {
    const { body } = await it.call('GET', `${maps}/c`);
    const watch = new Watch(`${maps}?resourceVersion=${body.metadata.resourceVersion}`);
    expect(await watch.settled()).toEqual(['ADDED d', 'ADDED e']);
  });

  test('through a selector: objects come and go', async () => {
    const watch = new Watch(`${maps}?labelSelector=x=1&resourceVersion=${String(await it.store.revision())}`);
    const label = (x: string): Promise<unknown> => it.call('PATCH', `${maps}/b`, { metadata: { labels: { x } } }, { headers: { 'content-type': 'application/merge-patch+json' } });
    await label('3');
    await label('1');
    await it.call('PATCH', `${maps}/b`, { data: { k: 'v' } }, { headers: { 'content-type': 'application/merge-patch+json' } });
    await label('2');
    expect(await watch.settled()).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b']);
  });

  test('of one object, by selector or by path', async () => {
    const bySelector = new Watch(`${maps}?fieldSelector=metadata.name=b`);
    const byPath = new Watch(`${maps}/b`);
    const byOldPath = new Watch('/api/v1/watch/namespaces/default/configmaps/b');
    await it.create(maps, configMap('bb'));
    await it.call('DELETE', `${maps}/b`);
    for (const watch of [bySelector, byPath, byOldPath]) expect(await watch.settled()).toEqual(['ADDED b', 'DELETED b']);
  });

  test('ends in order when the server closes, and nothing new is taken', async () => {
    const watch = new Watch(maps);
    await watch.settled();
    await it.server.close();
    expect(watch.end).toBeUndefined();
    expect((await it.call('GET', maps)).status).toBe(503);
  });

  test('from compacted history ends with 410', async () => {
    await it.store.compact(await it.store.revision());
    const watch = new Watch(`${maps}?resourceVersion=2`);
    await watch.settled();
    expect(watch.end).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test('streams a list, and says where it ends', async () => {
    const watch = new Watch(`${maps}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    expect((await watch.settled()).slice(4)).toEqual(['ADDED e', 'BOOKMARK k8s.io/initial-events-end']);
  });

  test('sends bookmarks and ends in time', async () => {
    const watch = new Watch(`${maps}?allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${String(await it.store.revision())}`);
    await watch.settled();
    await it.clock.advance(61_000);
    expect(watch.events).toEqual(['BOOKMARK ']);
    await it.clock.advance(30_000);
    expect([watch.events.length, watch.end]).toEqual([1, undefined]);
  });

  test('without resourceVersionMatch, sendInitialEvents is refused', async () => {
    const watch = new Watch(`${maps}?sendInitialEvents=true`);
    await watch.settled();
    expect(watch.end).toMatchObject({ code: 422, reason: 'Invalid' });
  });
});
