import { expect, it } from 'vitest';
import type { V1Pod } from '../../api/generated/types.ts';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { ephemeralVolumeController } from './controller.ts';

const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const pod: V1Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [], volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: 'b' } }, spec } } }, { name: 'other', emptyDir: {} }] },
};

async function running(before: () => Promise<unknown> | undefined, surroundings = testSurroundings()) {
  await before();
  runControllers([ephemeralVolumeController], surroundings);
  await surroundings.client.resource(pods, 'default').create(pod);
  await surroundings.clock.advance(100);
  return surroundings;
}

it('makes the claim of a pod, owned by it, and makes it again', async () => {
  const { api, client, clock } = await running(() => undefined);
  const [claim] = api.objects('persistentvolumeclaims');
  expect(claim).toMatchObject({ metadata: { name: 'web-scratch', labels: { a: 'b' }, ownerReferences: [{ kind: 'Pod', name: 'web', controller: true }] }, spec });
  await client.resource(persistentVolumeClaims, 'default').delete('web-scratch');
  await clock.advance(100);
  expect(api.objects('persistentvolumeclaims')[0].metadata.uid).not.toBe(claim.metadata.uid);
});

it("leaves somebody else's claim of that name alone", async () => {
  const surroundings = testSurroundings();
  const { api, lines } = await running(() => surroundings.client.resource(persistentVolumeClaims, 'default').create({ metadata: { name: 'web-scratch' }, spec }), surroundings);
  expect(api.objects('persistentvolumeclaims')[0].metadata.ownerReferences).toBeUndefined();
  expect(String(lines[0]?.fields?.['error'])).toContain('PVC default/web-scratch was not created for pod default/web (pod is not owner)');
});
