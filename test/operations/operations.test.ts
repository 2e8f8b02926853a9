/**
 * Every operation of every kind, one after the other on one object: create, read, list, watch, replace, patch in each form,
 * the subresources, delete, delete all. `docs/compatibility.md` lists the operations that are done here; what answers with a
 * stream is tested with the streams.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { jane } from '../../cluster-host/api/certificates/testing/requests.ts';
import type { KindDefinition } from '../../cluster-host/api/kind.ts';
import { kinds } from '../../cluster-host/api/kinds/kinds.ts';
import { apiVersionOf, type KubeObject } from '../../cluster-host/api/object.ts';
import { operationsOf } from '../../cluster-host/api/openapi/operations.ts';
import { writableKinds } from '../../cluster-host/api-server/testing/operations.ts';
import { createTestServer, type TestServer } from '../../cluster-host/api-server/testing/test-server.ts';
import { streamsOf, subresourceCalls } from './subresources.ts';

/** Kinds whose names or contents are particular; the others are those that clients may write freely. */
const particular: Readonly<Record<string, KubeObject>> = {
  APIService: { metadata: { name: 'v1.things.example' }, spec: { group: 'things.example', version: 'v1', groupPriorityMinimum: 10, versionPriority: 10, insecureSkipTLSVerify: true, service: { name: 'things', namespace: 'default' } } },
  CertificateSigningRequest: { metadata: { name: 'sample' }, spec: { request: Buffer.from(jane).toString('base64'), signerName: 'example.com/sample', usages: ['client auth'] } },
  CustomResourceDefinition: {
    metadata: { name: 'widgets.sample.example' },
    spec: { group: 'sample.example', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }] },
  },
  IPAddress: { metadata: { name: '10.96.77.77' }, spec: { parentRef: { resource: 'services', namespace: 'default', name: 'sample' } } },
  Namespace: { metadata: { name: 'sample' } },
};
const patches = { 'application/json-patch+json': [{ op: 'add', path: '/metadata/labels', value: { by: 'json' } }], 'application/merge-patch+json': { metadata: { labels: { by: 'merge' } } }, 'application/strategic-merge-patch+json': { metadata: { labels: { by: 'strategic' } } } };

function collectionOf({ group, version, plural, namespaced }: KindDefinition): string {
  return `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}${namespaced ? '/namespaces/default' : ''}/${plural}`;
}

function sampleOf(kind: KindDefinition): KubeObject {
  const free = writableKinds.find(({ path }) => path === collectionOf(kind));
  const object = particular[kind.kind] ?? (free === undefined ? undefined : { metadata: { name: 'sample' }, ...free.object(0) });
  if (object === undefined) throw new Error(`no sample of ${apiVersionOf(kind)} ${kind.kind}`);
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...structuredClone(object) };
}

/** Calls that must succeed, remembered as operations. */
class Caller {
  readonly done = new Set<string>();
  readonly #server: TestServer;
  readonly #kind: KindDefinition;

  constructor(server: TestServer, kind: KindDefinition) {
    this.#server = server;
    this.#kind = kind;
  }

  get collection(): string {
    return collectionOf(this.#kind);
  }

  /** `path`: behind the collection; `name` stands for the object's name in the operation. */
  async call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', name: string, suffix: string, body?: unknown, contentType?: string): Promise<KubeObject> {
    const path = `${this.collection}${name === '' ? '' : `/${name}`}${suffix}`;
    const { status, body: answer } = await this.#server.call(method, path, body, contentType === undefined ? {} : { headers: { 'content-type': contentType } });
    expect(status, `${method} ${path}: ${JSON.stringify(answer)}`).toBe(method === 'POST' ? 201 : 200);
    this.#remember(method, `${this.collection.replace('/namespaces/default/', '/namespaces/{namespace}/')}${name === '' ? '' : '/{name}'}${suffix}`);
    return answer as KubeObject;
  }

  async listEverywhere(): Promise<KubeObject> {
    const path = this.collection.replace('/namespaces/default', '');
    const { status, body } = await this.#server.call('GET', path);
    expect(status).toBe(200);
    this.#remember('GET', path);
    return body as KubeObject;
  }

  #remember(method: string, path: string): void {
    this.done.add(`${method} ${path.replace(/\?.*/, '')}`);
  }
}

/** Deletes answer in two ways, and some objects go only when a controller lets them. */
async function remove(caller: Caller, name: string): Promise<void> {
  await caller.call('DELETE', name, '?gracePeriodSeconds=0');
  const { items } = (await caller.call('GET', '', `?fieldSelector=metadata.name=${name}`)) as { items?: KubeObject[] };
  for (const { metadata } of items ?? []) {
    expect(metadata?.deletionTimestamp, `${name} is still there`).toBeDefined();
    if ((metadata?.finalizers ?? []).includes('customresourcecleanup.apiextensions.k8s.io')) continue;
    if ((metadata?.finalizers ?? []).length > 0) await caller.call('PATCH', name, '', { metadata: { finalizers: null } }, 'application/merge-patch+json');
    else await caller.call('PUT', name, '/finalize', { kind: 'Namespace', apiVersion: 'v1', metadata: { name }, spec: { finalizers: [] } });
  }
}

describe('every operation of', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer();
    // Pods wait for it.
    await server.create('/api/v1/namespaces/default/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  });

  test.each(kinds.filter(({ verbs }) => verbs.includes('create')).map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind] as const))('%s', async (_title, kind) => {
    const caller = new Caller(server, kind);
    const created = await caller.call('POST', '', '', sampleOf(kind));
    const name = created.metadata?.name ?? '';
    expect(created).toMatchObject({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { uid: expect.any(String) as string, resourceVersion: expect.any(String) as string } });
    expect(await caller.call('GET', name, '')).toMatchObject({ metadata: { uid: created.metadata?.uid } });
    const listed = (kind.namespaced ? await caller.listEverywhere() : await caller.call('GET', '', '')) as { kind: string; items: KubeObject[] };
    await caller.call('GET', '', '');
    expect([listed.kind, listed.items.some(({ metadata }) => metadata?.uid === created.metadata?.uid)]).toEqual([`${kind.kind}List`, true]);
    const live = await caller.call('GET', name, '');
    const replaced = await caller.call('PUT', name, '', { ...live, metadata: { ...live.metadata, labels: { by: 'put' } } });
    expect(replaced.metadata?.labels).toMatchObject({ by: 'put' });
    for (const [type, patch] of Object.entries(patches)) expect((await caller.call('PATCH', name, '', patch, type)).metadata?.labels).toMatchObject({ by: type.split(/[/-]/)[1] });
    const applied = await caller.call('PATCH', name, '?fieldManager=tester&force=true', { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { name, labels: { by: 'apply' } } }, 'application/apply-patch+yaml');
    expect(applied.metadata).toMatchObject({ labels: { by: 'apply' }, managedFields: expect.arrayContaining([expect.objectContaining({ manager: 'tester', operation: 'Apply' })]) as unknown[] });
    for (const [subresource, { verbs }] of Object.entries(kind.subresources)) {
      for (const verb of verbs) await subresourceCalls(subresource, verb)?.(caller, name, kind);
    }
    await remove(caller, name);
    if (kind.verbs.includes('deletecollection')) {
      await caller.call('POST', '', '', { ...sampleOf(kind), metadata: { ...sampleOf(kind).metadata, labels: { all: 'gone' } } });
      await caller.call('DELETE', '', '?labelSelector=all=gone&gracePeriodSeconds=0');
    }
    const expected = operationsOf(kind).map(({ method, path }) => `${method.toUpperCase()} ${path}`).filter((operation) => !streamsOf(kind).includes(operation));
    expect(expected.filter((operation) => !caller.done.has(operation))).toEqual([]);
  });
});
