import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../api/object.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const tabs = '/apis/stable.example.com/v1/namespaces/default/crontabs';
const mergePatch = { 'content-type': 'application/merge-patch+json' };

function cronTabs(change: (definition: any) => void = () => undefined): KubeObject {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', shortNames: ['ct'], categories: ['all'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'A table of things to do.',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  description: 'What is to be done.',
                  required: ['cronSpec'],
                  properties: {
                    cronSpec: { type: 'string', pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$' },
                    image: { type: 'string' },
                    replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
                    ports: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, port: { 'x-kubernetes-int-or-string': true } } },
                    },
                  },
                },
                status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
              },
            },
          },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' } },
          selectableFields: [{ jsonPath: '.spec.image' }],
          additionalPrinterColumns: [
            { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
            { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        },
      ],
    },
  };
  change(definition);
  return definition;
}

function tab(spec: object, name = 'backup'): KubeObject {
  return { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name, namespace: 'default' }, spec };
}

const midnight = '0 0 * * *';
let api: TestServer;

/** Work of the server that no request waits for. */
async function settled(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it does not come to that');
}

async function define(definition: KubeObject): Promise<void> {
  await api.create(definitions, definition);
  await settled(async () => ((await read(`${definitions}/${definition.metadata?.name}`)).status?.conditions ?? []).some((one: any) => one.type === 'Established' && one.status === 'True'));
}

async function read(path: string): Promise<any> {
  return (await api.call('GET', path)).body;
}

beforeEach(async () => {
  api = await createTestServer();
});

describe('a CustomResourceDefinition', () => {
  it('gets its names and is established', async () => {
    await define(cronTabs());
    const { status } = await read(`${definitions}/crontabs.stable.example.com`);
    expect(status.acceptedNames).toEqual({ plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList', shortNames: ['ct'], categories: ['all'] });
    expect(status.conditions.map(({ type, status: value, reason }: any) => [type, value, reason])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ]);
    expect(status.storedVersions).toEqual(['v1']);
  });

  it('does not get names that another has', async () => {
    await define(cronTabs());
    const other = cronTabs((definition) => {
      definition.metadata.name = 'others.stable.example.com';
      definition.spec.names = { plural: 'others', singular: 'other', kind: 'CronTab' };
    });
    await api.create(definitions, other);
    await settled(async () => (await read(`${definitions}/others.stable.example.com`)).status?.conditions?.length === 2);
    const { status } = await read(`${definitions}/others.stable.example.com`);
    expect(status.conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'False', reason: 'KindConflict', message: '"CronTab" is already in use, "CronTabList" is already in use' },
      { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ]);
    expect((await api.call('GET', '/apis/stable.example.com/v1/others')).status).toBe(404);
  });

  it('is told of by discovery and OpenAPI, until it goes', async () => {
    expect((await api.call('GET', '/apis/stable.example.com/v1')).status).toBe(404);
    await define(cronTabs());
    const { resources } = await read('/apis/stable.example.com/v1');
    expect(resources.map(({ name }: any) => name)).toEqual(['crontabs', 'crontabs/scale', 'crontabs/status']);
    expect(resources[0]).toMatchObject({ kind: 'CronTab', shortNames: ['ct'], categories: ['all'], namespaced: true });
    const document = await read('/openapi/v3/apis/stable.example.com/v1');
    expect(document.components.schemas['com.example.stable.v1.CronTab'].properties.spec.description).toBe('What is to be done.');
    expect(document.components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']).toBeDefined();
    await api.call('DELETE', `${definitions}/crontabs.stable.example.com`);
    await settled(async () => (await api.call('GET', '/apis/stable.example.com/v1')).status === 404);
  });

  it('takes its objects along when it goes', async () => {
    await define(cronTabs());
    await api.create(tabs, { ...tab({ cronSpec: midnight }), metadata: { name: 'held', finalizers: ['example.com/wait'] } });
    await api.create(tabs, tab({ cronSpec: midnight }));
    const { status, body } = await api.call('DELETE', `${definitions}/crontabs.stable.example.com`);
    expect(status).toBe(200);
    expect((body as any).metadata?.finalizers ?? []).toContain('customresourcecleanup.apiextensions.k8s.io');
    await settled(async () => (await api.call('GET', `${tabs}/backup`)).status === 404);
    const refused = await api.call('POST', tabs, tab({ cronSpec: midnight }, 'late'));
    expect(refused).toMatchObject({ status: 405, body: { message: 'create not allowed while custom resource definition is terminating' } });
    await api.call('PATCH', `${tabs}/held`, '{"metadata":{"finalizers":null}}', { headers: mergePatch });
    await settled(async () => (await api.call('GET', `${definitions}/crontabs.stable.example.com`)).status === 404);
  });

  it('lets watches hear of the last object before they end', async () => {
    await define(cronTabs());
    await api.create(tabs, tab({ cronSpec: midnight }));
    const heard: string[] = [];
    const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
    api.server.watch({ user, method: 'GET', path: tabs, query: { watch: 'true' } }, { event: (type, { metadata }) => void heard.push(`${type} ${metadata?.name}`), ended: () => void heard.push('ended') });
    await settled(async () => heard.length === 1);
    await api.call('DELETE', `${definitions}/crontabs.stable.example.com`);
    await settled(async () => heard.includes('ended'));
    expect(heard).toEqual(['ADDED backup', 'DELETED backup', 'ended']);
  });

  it('refuses schemas without structure', async () => {
    const { status, body } = await api.call('POST', definitions, cronTabs((definition) => delete definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.type));
    expect(status).toBe(422);
    expect((body as any).message).toContain('spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields');
  });
});

describe('custom resources', () => {
  beforeEach(() => define(cronTabs()));

  it('are defaulted and pruned', async () => {
    const created: any = await api.create(tabs, { ...tab({ cronSpec: midnight, color: 'red', image: null }), extra: 1 });
    expect(created.spec).toEqual({ cronSpec: midnight, replicas: 1 });
    expect(created.extra).toBeUndefined();
    expect(created.metadata.generation).toBe(1);
  });

  it('tell of unknown fields, or are refused for them', async () => {
    const { headers } = await api.call('POST', `${tabs}?fieldValidation=Warn`, tab({ cronSpec: midnight, color: 'red' }));
    expect(headers['warning']).toBe('299 - "unknown field \\"spec.color\\""');
    const { status, body } = await api.call('POST', `${tabs}?fieldValidation=Strict`, tab({ cronSpec: midnight, color: 'red' }, 'second'));
    expect([status, (body as any).message]).toEqual([400, 'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.color"']);
  });

  it('are checked against the schema', async () => {
    const { status, body } = await api.call('POST', tabs, tab({ cronSpec: 'soon', replicas: 11 }));
    expect(status).toBe(422);
    expect((body as any).message).toBe(
      'CronTab.stable.example.com "backup" is invalid: [spec.cronSpec: Invalid value: "soon": spec.cronSpec in body should match \'^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$\', ' +
        'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10]',
    );
    const wrong: any = (await api.call('POST', tabs, tab({ cronSpec: midnight, replicas: 'many' }))).body;
    expect(wrong.message).toBe('CronTab.stable.example.com "backup" is invalid: spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"');
  });

  it.each<[string, unknown]>([
    ['a text for an object', 'now'],
    ['an object for a list', { cronSpec: midnight, ports: { a: 1 } }],
    ['texts for items with keys', { cronSpec: midnight, ports: ['a', 'b'] }],
    ['a null in a list', { cronSpec: midnight, ports: [null] }],
  ])('are refused with %s', async (_name, spec) => {
    expect((await api.call('POST', tabs, tab(spec as object))).status).toBe(422);
    const applied = await api.call('PATCH', `${tabs}/backup?fieldManager=me`, JSON.stringify(tab(spec as object)), { headers: { 'content-type': 'application/apply-patch+yaml' } });
    expect((applied.body as any).message).toMatch(/^failed to create typed patch object \(default\/backup; stable\.example\.com\/v1, Kind=CronTab\): \.spec/);
  });

  it('have a status and a scale of their own', async () => {
    await api.create(tabs, { ...tab({ cronSpec: midnight }), status: { replicas: 7 } });
    expect((await read(`${tabs}/backup`)).status).toBeUndefined();
    await api.call('PATCH', `${tabs}/backup/status`, '{"status":{"replicas":1,"selector":"app=x"},"spec":{"image":"no"}}', { headers: mergePatch });
    expect(await read(`${tabs}/backup`)).toMatchObject({ spec: { cronSpec: midnight, replicas: 1 }, status: { replicas: 1 }, metadata: { generation: 1 } });
    await api.call('PATCH', `${tabs}/backup/scale`, '{"spec":{"replicas":3}}', { headers: mergePatch });
    expect(await read(`${tabs}/backup/scale`)).toMatchObject({ spec: { replicas: 3 }, status: { replicas: 1, selector: 'app=x' } });
    expect((await read(`${tabs}/backup`)).metadata.generation).toBe(2);
  });

  it('are patched, but not by strategic merge', async () => {
    await api.create(tabs, tab({ cronSpec: midnight }));
    const { status, body } = await api.call('PATCH', `${tabs}/backup`, '{}', { headers: { 'content-type': 'application/strategic-merge-patch+json' } });
    expect(status).toBe(415);
    expect((body as any).message).toBe('the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
    const patched: any = (await api.call('PATCH', `${tabs}/backup`, '[{"op":"add","path":"/spec/image","value":"x"}]', { headers: { 'content-type': 'application/json-patch+json' } })).body;
    expect(patched.spec.image).toBe('x');
  });

  it('are applied by several owners', async () => {
    const apply = (manager: string, spec: object) => api.call('PATCH', `${tabs}/backup?fieldManager=${manager}`, JSON.stringify(tab(spec)), { headers: { 'content-type': 'application/apply-patch+yaml' } });
    expect((await apply('one', { cronSpec: midnight, ports: [{ name: 'a', port: 1 }] })).status).toBe(201);
    expect((await apply('two', { ports: [{ name: 'b', port: 'http' }] })).body).toMatchObject({ spec: { ports: [{ name: 'a' }, { name: 'b', port: 'http' }] } });
    expect((await apply('two', { cronSpec: '1 0 * * *' })).status).toBe(409);
    expect((await apply('one', { cronSpec: midnight })).body).toMatchObject({ spec: { cronSpec: midnight } });
  });

  it('are shown in the columns of their version', async () => {
    await api.create(tabs, tab({ cronSpec: midnight }));
    const { body } = await api.call('GET', tabs, undefined, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
    expect((body as any).columnDefinitions.map(({ name, priority }: any) => [name, priority])).toEqual([['Name', 0], ['Spec', 0], ['Replicas', 1], ['Age', 0]]);
    expect((body as any).rows[0].cells).toEqual(['backup', midnight, 1, '0s']);
  });

  it('are selected by the fields of their version', async () => {
    await api.create(tabs, tab({ cronSpec: midnight, image: 'a' }, 'one'));
    await api.create(tabs, tab({ cronSpec: midnight, image: 'b' }, 'two'));
    expect((await read(`${tabs}?fieldSelector=spec.image%3Db`)).items.map(({ metadata }: any) => metadata.name)).toEqual(['two']);
    expect((await api.call('GET', `${tabs}?fieldSelector=spec.cronSpec%3Db`)).status).toBe(400);
  });

  it('are served in every version, and as the definition is now', async () => {
    await api.create(tabs, tab({ cronSpec: midnight }));
    const live = await read(`${definitions}/crontabs.stable.example.com`);
    const [v1] = live.spec.versions;
    live.spec.versions = [{ ...structuredClone(v1), storage: false }, { ...structuredClone(v1), name: 'v2' }];
    live.spec.versions[1].schema.openAPIV3Schema.properties.spec.properties.zone = { type: 'string', default: 'UTC' };
    expect((await api.call('PUT', `${definitions}/crontabs.stable.example.com`, live)).status).toBe(200);
    await settled(async () => (await api.call('GET', '/apis/stable.example.com/v2')).status === 200);
    const v2 = await read('/apis/stable.example.com/v2/namespaces/default/crontabs/backup');
    expect([v2.apiVersion, v2.spec.zone]).toEqual(['stable.example.com/v2', 'UTC']);
    expect((await read(`${tabs}/backup`)).spec.zone).toBeUndefined();
    expect((await read(`${definitions}/crontabs.stable.example.com`)).status.storedVersions).toEqual(['v1', 'v2']);
  });
});
