/** The verbs, through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Record<string, string> = {}, more: object = {}): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data });

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

describe('create', () => {
  test('gives identity, and a revision', async () => {
    const { status, body } = await it.call('POST', maps, configMap('a', { k: 'v' }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' }, data: { k: 'v' } });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect((await it.call('GET', `${maps}/a`)).body).toEqual(body);
  });

  test('does not change what the caller handed in', async () => {
    const object = configMap('a');
    const before = structuredClone(object);
    await it.call('POST', maps, object);
    expect(object).toEqual(before);
  });

  test('refuses a name that is taken', async () => {
    await it.create(maps, configMap('a'));
    const { status, body } = await it.call('POST', maps, configMap('a'));
    expect([status, body.reason, body.message]).toEqual([409, 'AlreadyExists', 'configmaps "a" already exists']);
  });

  test('makes a name', async () => {
    const { body } = await it.call('POST', maps, configMap('', {}, { generateName: 'x-' }));
    expect(body.metadata.name).toMatch(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('names every error at once', async () => {
    const { status, body } = await it.call('POST', maps, configMap('A_', { 'not a key': '' }));
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.details.causes.map(({ field }: { field: string }) => field)).toEqual(['metadata.name', 'data[not a key]']);
  });

  test.each([
    ['a wrong namespace', configMap('a', {}, { namespace: 'other' }), 400, 'the namespace of the provided object does not match the namespace sent on the request'],
    ['another kind', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }, 400, 'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion'],
    ['a wrong type', { metadata: { name: 'a' }, data: { k: 1 } }, 400, 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
    ['no object', [], 400, 'the object provided is unrecognized'],
    ['a revision', configMap('a', {}, { resourceVersion: '1' }), 400, 'resourceVersion should not be set on objects to be created'],
  ])('refuses %s', async (_what, body, code, message) => {
    const answer = await it.call('POST', maps, body);
    expect(answer.status).toBe(code);
    expect(answer.body.message).toContain(message);
  });

  test.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['half a list', '[1,'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['a NUL', '{"metadata":{"name":"\\u0000"}}'],
    ['deep nesting', '['.repeat(5000)],
    ['wrong metadata', '{"metadata": 1}'],
    ['__proto__', '{"__proto__": {"x": 1}, "metadata": {"name": "p"}, "data": {"__proto__": "x"}}'],
  ])('answers %s with no 500', async (_what, body) => {
    const { status } = await it.call('POST', maps, new TextEncoder().encode(body));
    expect(status).toBeLessThan(500);
  });

  test('in a namespace that is not there', async () => {
    const { status, body } = await it.call('POST', '/api/v1/namespaces/none/configmaps', configMap('a'));
    expect([status, body.message]).toEqual([404, 'namespaces "none" not found']);
  });

  test('a dry run writes nothing', async () => {
    const { status, body } = await it.call('POST', `${maps}?dryRun=All`, configMap('a'));
    expect([status, body.metadata.name, body.metadata.resourceVersion]).toEqual([201, 'a', undefined]);
    expect((await it.call('GET', `${maps}/a`)).status).toBe(404);
  });

  test('unknown fields are warned of, refused or ignored', async () => {
    const object = { ...configMap('a'), extra: 1 };
    const warned = await it.call('POST', `${maps}?dryRun=All`, object);
    expect([warned.status, warned.headers['warning']]).toEqual([201, '299 - "unknown field \\"extra\\""']);
    const strict = await it.call('POST', `${maps}?dryRun=All&fieldValidation=Strict`, object);
    expect([strict.status, strict.body.message]).toEqual([400, 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "extra"']);
    expect((await it.call('POST', `${maps}?dryRun=All&fieldValidation=Ignore`, object)).headers['warning']).toBeUndefined();
  });
});

describe('update', () => {
  test('replaces, keeps identity, and raises the revision', async () => {
    const made = await it.create(maps, configMap('a', { k: '1' }));
    const { status, body } = await it.call('PUT', `${maps}/a`, configMap('a', { k: '2' }));
    expect([status, body.data, body.metadata.uid]).toEqual([200, { k: '2' }, made.metadata?.uid]);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata?.resourceVersion));
  });

  test('that changes nothing writes nothing', async () => {
    const made = await it.create(maps, configMap('a', { k: '1' }));
    const { body } = await it.call('PUT', `${maps}/a`, { data: { k: '1' }, metadata: { name: 'a' } });
    expect(body.metadata.resourceVersion).toBe(made.metadata?.resourceVersion);
  });

  test('of an old state is a conflict', async () => {
    const made = await it.create(maps, configMap('a', { k: '1' }));
    await it.call('PUT', `${maps}/a`, configMap('a', { k: '2' }));
    const { status, body } = await it.call('PUT', `${maps}/a`, made);
    expect([status, body.reason, body.message]).toEqual([
      409,
      'Conflict',
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    ]);
  });

  test('of another object is a conflict, under another name a bad request', async () => {
    await it.create(maps, configMap('a'));
    expect((await it.call('PUT', `${maps}/a`, configMap('a', {}, { uid: 'other' }))).status).toBe(409);
    expect((await it.call('PUT', `${maps}/a`, configMap('b'))).body.message).toBe('the name of the object (b) does not match the name on the URL (a)');
    expect((await it.call('PUT', `${maps}/c`, configMap('c'))).status).toBe(404);
  });

  test('all concurrent patches take effect', async () => {
    await it.create(maps, configMap('a'));
    const patches = Array.from({ length: 20 }, (_, index) => it.call('PATCH', `${maps}/a`, { data: { [`k${index}`]: 'v' } }, { headers: { 'content-type': 'application/merge-patch+json' } }));
    expect((await Promise.all(patches)).every(({ status }) => status === 200)).toBe(true);
    expect(Object.keys((await it.call('GET', `${maps}/a`)).body.data)).toHaveLength(20);
  });
});

describe('patch', () => {
  const patch = (type: string, body: unknown): ReturnType<TestServer['call']> => it.call('PATCH', `${maps}/a`, body, { headers: { 'content-type': type } });
  beforeEach(() => it.create(maps, configMap('a', { k: '1', l: '1' })));

  test.each([
    ['application/json-patch+json', [{ op: 'remove', path: '/data/k' }]],
    ['application/merge-patch+json', { data: { k: null } }],
    ['application/strategic-merge-patch+json', { data: { k: null } }],
  ])('%s', async (type, body) => {
    expect((await patch(type, body)).body.data).toEqual({ l: '1' });
  });

  test('of an unknown type, or that does not fit', async () => {
    expect((await patch('application/json', {})).status).toBe(415);
    expect((await patch('application/json-patch+json', [{ op: 'test', path: '/data/k', value: '2' }])).status).toBe(422);
    expect((await patch('application/merge-patch+json', { data: 1 })).status).toBe(422);
    expect((await patch('application/merge-patch+json', { metadata: { resourceVersion: '1' } })).status).toBe(409);
  });
});

describe('delete', () => {
  test('answers with a Status, and with 404 the second time', async () => {
    const made = await it.create(maps, configMap('a'));
    const { status, body } = await it.call('DELETE', `${maps}/a`);
    expect([status, body]).toEqual([200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: 'a', kind: 'configmaps', uid: made.metadata?.uid } }]);
    expect((await it.call('DELETE', `${maps}/a`)).status).toBe(404);
  });

  test('waits for finalizers', async () => {
    await it.create(maps, configMap('a', {}, { finalizers: ['example.com/wait'] }));
    const { status, body } = await it.call('DELETE', `${maps}/a`);
    expect([status, body.metadata.deletionTimestamp, body.metadata.deletionGracePeriodSeconds]).toEqual([200, '2026-01-01T00:00:00Z', 0]);
    await it.call('PATCH', `${maps}/a`, { metadata: { finalizers: null } }, { headers: { 'content-type': 'application/merge-patch+json' } });
    expect((await it.call('GET', `${maps}/a`)).status).toBe(404);
  });

  test('in the foreground or leaving dependents waits for the garbage collector', async () => {
    await it.create(maps, configMap('a'));
    await it.create(maps, configMap('b'));
    expect((await it.call('DELETE', `${maps}/a?propagationPolicy=Foreground`)).body.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect((await it.call('DELETE', `${maps}/b`, { propagationPolicy: 'Orphan' })).body.metadata.finalizers).toEqual(['orphan']);
  });

  test('keeps to preconditions', async () => {
    await it.create(maps, configMap('a'));
    const { status, body } = await it.call('DELETE', `${maps}/a`, { preconditions: { uid: 'x' } });
    expect([status, body.message.slice(0, 97)]).toEqual([409, 'Operation cannot be fulfilled on configmaps "a": Precondition failed: UID in precondition: x, UID']);
    expect((await it.call('DELETE', `${maps}/a?dryRun=All`)).status).toBe(200);
    expect((await it.call('GET', `${maps}/a`)).status).toBe(200);
  });

  test('of a collection takes what the selector chooses', async () => {
    await it.create(maps, configMap('a', {}, { labels: { x: '1' } }));
    await it.create(maps, configMap('b', {}, { labels: { x: '2' } }));
    expect((await it.call('DELETE', `${maps}?labelSelector=x%3D1`)).status).toBe(200);
    expect((await it.call('GET', maps)).body.items.map((item: any) => item.metadata.name)).toEqual(['b']);
  });
});

describe('paths', () => {
  test.each([
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/apis/none/v1/things', 404],
    ['GET', '/nowhere', 404],
    ['POST', `${maps}/a`, 405],
    ['POST', '/api/v1/configmaps', 405],
    ['GET', `${maps}/a/status`, 404],
    ['PUT', maps, 405],
  ] as const)('%s %s: %d', async (method, path, code) => {
    expect((await it.call(method, path, method === 'GET' ? undefined : configMap('a'))).status).toBe(code);
  });
});
