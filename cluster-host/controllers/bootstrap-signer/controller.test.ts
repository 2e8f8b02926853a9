import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { V1ConfigMap } from '../../api/generated/types.ts';
import { configMaps, secrets } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { tokenCleanerController } from '../token-cleaner/controller.ts';
import { bootstrapSignerController } from './controller.ts';

const texts = (data: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(data).map(([key, text]) => [key, btoa(text)]));

test('cluster-info is signed with each token for it, and no more once the token has ended', async () => {
  const around = testSurroundings();
  const { client, clock } = around;
  runControllers([bootstrapSignerController, tokenCleanerController], around);
  const info = client.resource(configMaps, 'kube-public');
  const signatures = async (): Promise<V1ConfigMap['data']> => {
    // HMAC takes turns of the event loop of its own.
    for (let turn = 0; turn < 20; turn++) {
      await clock.advance(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return (await info.get('cluster-info')).data;
  };
  await info.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cluster-info', namespace: 'kube-public' }, data: { kubeconfig: 'x', 'jws-kubeconfig-lost00': 'y' } });
  const data = texts({ 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-signing': 'true', expiration: new Date(clock.now() + 60_000).toISOString() });
  await client.resource(secrets, 'kube-system').create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' }, type: 'bootstrap.kubernetes.io/token', data });
  const signed = await signatures();
  const header = Buffer.from('{"alg":"HS256","kid":"abcdef"}').toString('base64url');
  const hmac = createHmac('sha256', '0123456789abcdef').update(`${header}.${Buffer.from('x').toString('base64url')}`).digest('base64url');
  expect(signed).toEqual({ kubeconfig: 'x', 'jws-kubeconfig-abcdef': `${header}..${hmac}` });
  await clock.advance(60_001);
  expect(await signatures()).toEqual({ kubeconfig: 'x' });
  expect((await client.resource(secrets, 'kube-system').list()).items).toEqual([]);
});
