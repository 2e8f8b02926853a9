/** What every kind can do, as the conformance tests named "should support … API operations" and "should run through the lifecycle of …" ask of each. */
import { beforeAll, describe, expect, test } from 'vitest';
import { writableKinds } from '../testing/operations.ts';
import { admin, createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;

beforeAll(async () => {
  it = await createTestServer();
  await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const merge = { headers: { 'content-type': 'application/merge-patch+json' } };
const strategic = { headers: { 'content-type': 'application/strategic-merge-patch+json' } };

describe.each(writableKinds.map((kind) => [kind.path, kind] as const))('%s', (path, { object, status, keptWithStatus }) => {
  const names = ['one', 'two', 'three'];
  const one = `${path}/one`;
  const selected = 'labelSelector=set=x';
  const everywhere = path.replace('/namespaces/default', '');

  test('is created, read, listed, watched, patched and updated', async () => {
    for (const [ordinal, name] of names.entries()) await it.create(path, { ...object(ordinal), metadata: { name, labels: { set: 'x' } } });
    await it.clock.settle();
    const { body: list } = await it.call('GET', `${everywhere}?${selected}`);
    expect(list.items.map(({ metadata }: any) => metadata.name)).toEqual(names.toSorted());
    const events: string[] = [];
    const watch = it.server.watch(
      { user: admin, method: 'GET', path, query: { labelSelector: 'set=x', resourceVersion: list.metadata.resourceVersion } },
      { event: (type, { metadata }) => void events.push(`${type} ${metadata?.name} ${Object.keys(metadata?.annotations ?? {}).join()}`), ended: () => undefined },
    );
    expect((await it.call('PATCH', one, { metadata: { annotations: { patched: 'true' } } }, merge)).body.metadata.annotations.patched).toBe('true');
    expect((await it.call('PATCH', one, { metadata: { labels: { too: 'true' } } }, strategic)).body.metadata.labels).toEqual({ set: 'x', too: 'true' });
    const { body: live } = await it.call('GET', one);
    const updated = await it.call('PUT', one, { ...live, metadata: { ...live.metadata, annotations: { ...live.metadata.annotations, updated: 'true' } } });
    expect([updated.status, updated.body.metadata.annotations]).toMatchObject([200, { patched: 'true', updated: 'true' }]);
    await it.clock.settle();
    watch.dispose();
    expect(events.map((event) => event.split(' ').slice(0, 2).join(' '))).toEqual(['MODIFIED one', 'MODIFIED one', 'MODIFIED one']);
    expect(events.at(-1)).toContain('updated');
  });

  if (status === undefined) {
    test('has no status of its own', async () => {
      expect((await it.call('GET', `${one}/status`)).status).toBe(404);
    });
  } else {
    test('has a status that is written by itself', async () => {
      const metadata = { labels: { set: 'x', with: 'status' }, annotations: { with: 'status' }, finalizers: ['example.com/f'], ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u' }] };
      const before = (await it.call('GET', one)).body;
      const patched = await it.call('PATCH', `${one}/status`, { metadata, status, spec: { surely: 'not' } }, merge);
      expect([patched.status, patched.body.status, patched.body.spec]).toMatchObject([200, status, before.spec]);
      const { labels, annotations, finalizers, ownerReferences } = patched.body.metadata;
      const taken = { labels: labels?.with === 'status', annotations: annotations?.with === 'status', finalizers: finalizers?.includes('example.com/f') === true, ownerReferences: ownerReferences?.length === 1 };
      expect(taken).toEqual(Object.fromEntries(Object.keys(metadata).map((field) => [field, keptWithStatus?.includes(field) !== true])));
      expect((await it.call('PUT', `${one}/status`, patched.body)).body).toMatchObject({ status });
      expect((await it.call('GET', `${one}/status`)).body.metadata.name).toBe('one');
      await it.call('PATCH', one, { metadata: { finalizers: null, ownerReferences: null } }, merge);
    });
  }

  test('is deleted, alone and with others', async () => {
    const held = async (): Promise<readonly string[]> => (await it.call('GET', `${path}?${selected}`)).body.items.filter(({ metadata }: any) => metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length === 0).map(({ metadata }: any) => metadata.name);
    expect((await it.call('DELETE', `${one}?dryRun=All`)).status).toBeLessThan(300);
    expect(await held()).toEqual(names.toSorted());
    expect((await it.call('DELETE', `${one}?gracePeriodSeconds=0`)).status).toBeLessThan(300);
    expect(await held()).toEqual(['three', 'two']);
    expect((await it.call('DELETE', `${path}?${selected}&gracePeriodSeconds=0`)).status).toBe(200);
    expect(await held()).toEqual([]);
  });
});
