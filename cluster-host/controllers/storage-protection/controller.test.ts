import { expect, test } from 'vitest';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { claimProtectionController } from './controller.ts';

test('a claim that is deleted stays as long as a pod uses it', async () => {
  const surroundings = testSurroundings();
  const { client, clock, api } = surroundings;
  runControllers([claimProtectionController], surroundings);
  const claims = client.resource(persistentVolumeClaims, 'default');
  await claims.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c', namespace: 'default', finalizers: ['kubernetes.io/pvc-protection'] } });
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
  await client.resource(pods, 'default').create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { nodeName: 'n', containers: [], volumes } });
  await claims.delete('c');
  await clock.advance(1000);
  expect(api.objects('persistentvolumeclaims')).toHaveLength(1);
  await client.resource(pods, 'default').delete('p', { gracePeriodSeconds: 0 });
  await clock.advance(1000);
  expect(api.objects('persistentvolumeclaims')).toHaveLength(0);
});
