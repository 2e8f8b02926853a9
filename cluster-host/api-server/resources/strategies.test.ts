/** Which resources an update may create, which must be updated knowingly, which are answered when they are deleted. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

const runtimeClass = { metadata: { name: 'a' }, handler: 'runc' };
const service = { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } };
const driver = { metadata: { name: 'a.example' }, spec: {} };
const webhooks = { metadata: { name: 'a' }, webhooks: [] };
const storageClass = { metadata: { name: 'a' }, provisioner: 'a.example/b' };
const deviceClass = { metadata: { name: 'a' }, spec: {} };

describe('an update', () => {
  test.each<[string, object, number]>([
    ['/api/v1/namespaces/default/services', service, 201],
    ['/apis/node.k8s.io/v1/runtimeclasses', runtimeClass, 201],
    ['/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } }, 404],
    ['/apis/storage.k8s.io/v1/storageclasses', storageClass, 404],
  ])('of nothing in %s: %#', async (path, body, status) => {
    expect((await it.call('PUT', `${path}/a`, body)).status).toBe(status);
  });

  test.each<[string, any, number]>([
    ['/apis/storage.k8s.io/v1/csidrivers', driver, 422],
    ['/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', webhooks, 422],
    ['/apis/node.k8s.io/v1/runtimeclasses', runtimeClass, 422],
    ['/apis/storage.k8s.io/v1/storageclasses', storageClass, 200],
  ])('that names no state, in %s: %#', async (path, body, status) => {
    await it.create(path, body);
    const answer = await it.call('PUT', `${path}/${body.metadata.name}`, body);
    expect(answer.status).toBe(status);
    if (status === 422) expect(answer.body.message).toContain('metadata.resourceVersion: Invalid value: 0: must be specified for an update');
  });
});

test.each<[string, any, string]>([
  ['/apis/storage.k8s.io/v1/storageclasses', storageClass, 'StorageClass'],
  ['/apis/storage.k8s.io/v1/csidrivers', driver, 'CSIDriver'],
  ['/apis/resource.k8s.io/v1/deviceclasses', deviceClass, 'DeviceClass'],
  ['/apis/node.k8s.io/v1/runtimeclasses', runtimeClass, 'Status'],
])('a deletion in %s answers: %#', async (path, body, kind) => {
  await it.create(path, body);
  expect((await it.call('DELETE', `${path}/${body.metadata.name}`)).body.kind).toBe(kind);
});

test('flow schemas say whether their level is there', async () => {
  const path = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
  const dangling = ({ status }: any): unknown => status.conditions.map(({ type, status: value, reason }: any) => [type, value, reason]);
  const { body } = await it.call('GET', `${path}/catch-all`);
  expect(dangling(body)).toEqual([['Dangling', 'False', 'Found']]);
  const made = await it.create(path, { metadata: { name: 'a' }, spec: { priorityLevelConfiguration: { name: 'none' }, rules: [] } });
  expect(dangling(made)).toEqual([['Dangling', 'True', 'NotFound']]);
  const changed = await it.call('PUT', `${path}/a`, { ...made, spec: { ...made['spec'], priorityLevelConfiguration: { name: 'system' } } });
  expect(dangling(changed.body)).toEqual([['Dangling', 'False', 'Found']]);
});
