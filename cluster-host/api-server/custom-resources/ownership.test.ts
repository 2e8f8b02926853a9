/** Owners of a custom resource's fields: what its schema says of lists and maps, over versions and changes of the schema. */
import { beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const things = (version = 'v1', name = 'a'): string => `/apis/example.com/${version}/namespaces/default/things/${name}`;
const text = { type: 'string' };

const spec = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
    whole: { type: 'array', items: text },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: { type: 'object', required: ['port'], properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' }, name: text } },
    },
    limits: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: text },
    labels: { type: 'object', additionalProperties: text },
    open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    template: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
  },
};

function definition(change: (spec: any) => void = () => undefined): object {
  const own = structuredClone(spec);
  change(own);
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: own, status: { type: 'object', properties: { replicas: { type: 'integer' } } } } } };
  const subresources = { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        { name: 'v1', served: true, storage: true, schema, subresources },
        { name: 'v2', served: true, storage: false, schema, subresources },
      ],
    },
  };
}

let server: TestServer;
beforeEach(async () => {
  server = await createTestServer();
  await define('POST', definitions, definition());
});

async function define(method: 'POST' | 'PATCH', path: string, body: object): Promise<void> {
  const { status } = await server.call(method, path, body, { headers: method === 'POST' ? {} : { 'content-type': 'application/merge-patch+json' } });
  expect(status).toBeLessThan(300);
  // Served once its condition says so.
  while ((await server.call('GET', '/apis/example.com/v1/things')).status !== 200) await new Promise(setImmediate);
}

async function apply(manager: string, body: object, { path = things(), version = 'v1', force = false } = {}) {
  const config = { apiVersion: `example.com/${version}`, kind: 'Thing', metadata: { name: 'a' }, ...body };
  const { status, body: answer } = await server.call('PATCH', `${path}?fieldManager=${manager}&force=${force}`, config, { headers: { 'content-type': 'application/apply-patch+yaml' } });
  return status < 300 ? answer : answer.message;
}

const owners = (object: any) => Object.fromEntries(object.metadata.managedFields.map((one: any) => [[one.manager, one.operation, one.apiVersion, one.subresource].filter(Boolean).join(' '), one.fieldsV1]));

test('lists and maps are owned as the schema says', async () => {
  const applied = await apply('one', {
    spec: { tags: ['a', 'b'], whole: ['x'], ports: [{ port: 80 }, { port: 80, protocol: 'UDP', name: 'u' }], limits: { a: 'b' }, labels: { c: 'd' }, open: { e: { f: [1] } }, template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, data: { g: 1 } } },
  });
  expect(owners(applied)['one Apply example.com/v1']['f:spec']).toEqual({
    'f:tags': { 'v:"a"': {}, 'v:"b"': {} },
    'f:whole': {},
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} }, 'k:{"port":80,"protocol":"UDP"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:protocol': {} } },
    'f:limits': {},
    'f:labels': { 'f:c': {} },
    'f:open': { 'f:e': { '.': {}, 'f:f': {} } },
    'f:template': { 'f:apiVersion': {}, 'f:data': { '.': {}, 'f:g': {} }, 'f:kind': {}, 'f:metadata': { 'f:name': {} } },
  });
  const other = await apply('two', { spec: { tags: ['c'], ports: [{ port: 443, protocol: 'TCP' }], labels: { x: 'y' } } });
  expect(other.spec).toMatchObject({ tags: ['a', 'b', 'c'], labels: { c: 'd', x: 'y' } });
  expect(other.spec.ports.map(({ port, protocol }: any) => `${port}/${protocol}`)).toEqual(['80/TCP', '80/UDP', '443/TCP']);
  expect(await apply('two', { spec: { limits: { z: 'z' } } })).toBe('Apply failed with 1 conflict: conflict with "one": .spec.limits');
  expect(await apply('two', { spec: { ports: [{ port: 80, protocol: 'UDP', name: 'other' }] } })).toBe('Apply failed with 1 conflict: conflict with "one": .spec.ports[port=80,protocol="UDP"].name');
  expect((await apply('one', { spec: { tags: ['b'] } })).spec.tags).toEqual(['b', 'c']);
});

test('doubled items and unknown fields are refused', async () => {
  const refusal = 'failed to create typed patch object (/a; example.com/v1, Kind=Thing): ';
  expect(await apply('one', { spec: { tags: ['a', 'a'] } })).toBe(`${refusal}.spec.tags: duplicate entries for key [="a"]`);
  expect(await apply('one', { spec: { ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] } })).toBe(`${refusal}.spec.ports: duplicate entries for key [port=80,protocol="TCP"]`);
  expect(await apply('one', { spec: { bogus: 1 } })).toBe(`${refusal}.spec.bogus: field not declared in schema`);
});

test('versions see the same owners', async () => {
  await apply('one', { spec: { replicas: 1 } });
  expect(await apply('two', { spec: { replicas: 2 } }, { version: 'v2', path: things('v2') })).toBe('Apply failed with 1 conflict: conflict with "one": .spec.replicas');
  const both = await apply('two', { spec: { labels: { a: 'b' } } }, { version: 'v2', path: things('v2') });
  expect(Object.keys(owners(both)).toSorted()).toEqual(['one Apply example.com/v1', 'two Apply example.com/v2']);
  const moved = await apply('one', { spec: { labels: { c: 'd' } } }, { version: 'v2', path: things('v2') });
  expect(moved.spec).toEqual({ labels: { a: 'b', c: 'd' } });
  expect(Object.keys(owners(moved)).toSorted()).toEqual(['one Apply example.com/v2', 'two Apply example.com/v2']);
});

test('what becomes atomic is owned as a whole by who owned a part', async () => {
  await apply('one', { spec: { labels: { a: 'b' }, tags: ['x'] } });
  const atomic = definition((own) => {
    own.properties.labels['x-kubernetes-map-type'] = 'atomic';
    own.properties.tags['x-kubernetes-list-type'] = 'atomic';
  });
  await define('PATCH', `${definitions}/things.example.com`, atomic);
  await expect.poll(() => apply('two', { spec: { labels: { z: 'z' } } })).toBe('Apply failed with 1 conflict: conflict with "one": .spec.labels');
  const applied = await apply('two', { spec: { replicas: 1 } });
  expect(owners(applied)['one Apply example.com/v1']).toEqual({ 'f:spec': { 'f:labels': {}, 'f:tags': {} } });
});

test('status and scale have owners of their own', async () => {
  await apply('one', { spec: { replicas: 1 }, status: { replicas: 9 } });
  const status = await apply('controller', { metadata: { name: 'a', labels: { x: 'y' } }, spec: { replicas: 7 }, status: { replicas: 1 } }, { path: `${things()}/status` });
  expect(status).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 1 } });
  expect(owners(status)).toEqual({ 'one Apply example.com/v1': { 'f:spec': { 'f:replicas': {} } }, 'controller Apply example.com/v1 status': { 'f:status': { 'f:replicas': {} } } });
  const scale = await server.call('PATCH', `${things('v2')}/scale?fieldManager=scaler`, { spec: { replicas: 3 } }, { headers: { 'content-type': 'application/merge-patch+json' } });
  expect(scale.body.spec).toEqual({ replicas: 3 });
  const { body } = await server.call('GET', things());
  expect(owners(body)).toEqual({ 'controller Apply example.com/v1 status': { 'f:status': { 'f:replicas': {} } }, 'scaler Update example.com/v2 scale': { 'f:spec': { 'f:replicas': {} } } });
});

test('a Scale needs replicas', async () => {
  await apply('one', { spec: { tags: ['a'] } });
  const path = `${things()}/scale`;
  expect((await server.call('GET', path)).body).toMatchObject({ code: 500, message: expect.stringContaining('the spec replicas field ".spec.replicas" does not exist') });
  const empty = await server.call('PATCH', path, { metadata: {} }, { headers: { 'content-type': 'application/merge-patch+json' } });
  expect([empty.status, empty.body.message]).toEqual([400, 'the spec replicas field ".spec.replicas" cannot be empty']);
});

test('strategic merge patches are not for custom resources', async () => {
  await apply('one', {});
  const { status, body } = await server.call('PATCH', things(), {}, { headers: { 'content-type': 'application/strategic-merge-patch+json' } });
  expect([status, body.message]).toEqual([
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  ]);
});
