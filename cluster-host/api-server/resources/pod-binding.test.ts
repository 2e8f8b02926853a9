import { expect, test } from 'vitest';
import { createTestServer } from '../testing/test-server.ts';

test('a Binding by itself binds the pod that it is named after', async () => {
  const it = await createTestServer();
  const space = '/api/v1/namespaces/default';
  await it.create(`${space}/serviceaccounts`, { metadata: { name: 'default' } });
  await it.create(`${space}/pods`, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  await it.call('PATCH', `${space}/pods/p/status`, { status: { nominatedNodeName: 'n' } }, { headers: { 'content-type': 'application/merge-patch+json' } });
  const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
  expect((await it.call('POST', `${space}/bindings`, { ...binding, target: { name: '' } })).status).toBe(422);
  expect((await it.call('POST', `${space}/bindings`, binding)).status).toBe(201);
  const { spec, status } = (await it.call('GET', `${space}/pods/p`)).body;
  expect([spec.nodeName, status.nominatedNodeName]).toEqual(['n', undefined]);
  expect((await it.call('POST', `${space}/bindings`, binding)).status).toBe(409);
});
