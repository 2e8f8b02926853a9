import { expect, test } from 'vitest';
import { secrets, serviceAccounts } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { serviceAccountTokenController } from './controller.ts';

test('a token secret is filled while its account is there, and goes with it', async () => {
  const around = testSurroundings();
  const { client, clock } = around;
  runControllers([serviceAccountTokenController('CA', ({ namespace, secret, account }) => `${namespace}/${secret}/${account.name}`)], around);
  const accounts = client.resource(serviceAccounts, 'ns');
  const own = client.resource(secrets, 'ns');
  await accounts.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'ns' } });
  const uid = (await accounts.get('robot')).metadata?.uid;
  for (const name of ['robot', 'nobody']) {
    await own.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `${name}-token`, namespace: 'ns', annotations: { 'kubernetes.io/service-account.name': name } }, type: 'kubernetes.io/service-account-token' });
  }
  await clock.advance(0);
  const filled = await own.get('robot-token');
  expect(filled.metadata?.annotations?.['kubernetes.io/service-account.uid']).toBe(uid);
  expect(filled.data).toEqual({ token: btoa('ns/robot-token/robot'), 'ca.crt': btoa('CA'), namespace: btoa('ns') });
  expect((await own.list()).items.map(({ metadata }) => metadata?.name)).toEqual(['robot-token']);
  await accounts.delete('robot');
  await clock.advance(0);
  expect((await own.list()).items).toEqual([]);
});
