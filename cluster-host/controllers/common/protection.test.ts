import { expect, test } from 'vitest';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { persistentVolumeClaimProtection } from '../persistentvolumeclaim-protection/controller.ts';

test('a claim that a pod uses goes only after the pod', async () => {
  const { api, client, clock, ...rest } = testSurroundings();
  runControllers([persistentVolumeClaimProtection], { client, clock, ...rest });
  const claims = client.resource(persistentVolumeClaims, 'default');
  await claims.create({ metadata: { name: 'data' } });
  await client.resource(pods, 'default').create({ metadata: { name: 'user' }, spec: { nodeName: 'node-1', containers: [], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } });
  await clock.advance(1000);
  expect(api.objects('persistentvolumeclaims')[0].metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await claims.delete('data');
  await clock.advance(1000);
  expect(api.objects('persistentvolumeclaims')).toHaveLength(1);
  await client.resource(pods, 'default').delete('user', { gracePeriodSeconds: 0 });
  await clock.advance(1000);
  expect(api.objects('persistentvolumeclaims')).toEqual([]);
});
