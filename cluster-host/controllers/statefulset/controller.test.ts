import { describe, expect, it } from 'vitest';
import type { V1StatefulSet } from '../../api/generated/types.ts';
import { pods, statefulSets } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { runPods } from '../testing/run-pods.ts';
import { statefulSetController } from './controller.ts';

async function running(spec: Partial<V1StatefulSet['spec']> = {}) {
  const surroundings = testSurroundings();
  runPods(surroundings);
  runControllers([statefulSetController], surroundings);
  const order: string[] = [];
  const note = (sign: string) => (pod: { metadata?: { name?: string } }) => void order.push(`${sign}${pod.metadata?.name}`);
  surroundings.informers.informer(pods).onChange({ added: note('+'), deleted: note('-') });
  const labels = { app: 'db' };
  await surroundings.client.resource(statefulSets, 'default').create({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      ...spec,
    },
    status: { replicas: 0 },
  });
  const patch = (patch: unknown) => surroundings.client.resource(statefulSets, 'default').patch('db', { spec: patch }, { type: 'merge' });
  const image = () => patch({ template: { spec: { containers: [{ name: 'db', image: 'db:2' }] } } });
  const images = () => Object.fromEntries(surroundings.api.objects('pods').map(({ metadata, spec }) => [metadata.name, spec.containers[0].image]));
  return { ...surroundings, order, patch, image, images };
}

describe('stateful sets', () => {
  it('make pods one after the other, with names, hosts and claims', async () => {
    const { api, clock, order, recorded } = await running();
    await clock.advance(1500);
    expect(order).toEqual(['+db-0', '+db-1']);
    await clock.advance(5000);
    expect(order).toEqual(['+db-0', '+db-1', '+db-2']);
    expect(api.objects('pods')[1]).toMatchObject({
      metadata: { labels: { 'statefulset.kubernetes.io/pod-name': 'db-1', 'apps.kubernetes.io/pod-index': '1' } },
      spec: { hostname: 'db-1', subdomain: 'db', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } }] },
    });
    expect(api.objects('persistentvolumeclaims').map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    const [revision] = api.objects('controllerrevisions');
    expect(api.objects('statefulsets')[0].status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: revision.metadata.name,
      updateRevision: revision.metadata.name,
      collisionCount: 0,
    });
    expect(recorded.slice(0, 2)).toEqual(['Normal SuccessfulCreate db: create Claim data-db-0 Pod db-0 in StatefulSet db success', 'Normal SuccessfulCreate db: create Pod db-0 in StatefulSet db successful']);
  });

  it('shrink from the top, and make again what was lost', async () => {
    const { client, clock, order, patch } = await running();
    await clock.advance(10_000);
    order.length = 0;
    await patch({ replicas: 1 });
    await clock.advance(10_000);
    expect(order).toEqual(['-db-2', '-db-1']);
    await client.resource(pods, 'default').delete('db-0');
    await clock.advance(10_000);
    expect(order.slice(2)).toEqual(['-db-0', '+db-0']);
  });

  it('shrink no further while the pods that are to go are unwell, but for one', async () => {
    const { client, clock, order, patch } = await running();
    await clock.advance(10_000);
    order.length = 0;
    const turn = (name: string, status: string) => client.resource(pods, 'default').patch(name, { status: { conditions: [{ type: 'Ready', status }] } }, { type: 'strategic', subresource: 'status' });
    for (const name of ['db-1', 'db-2']) await turn(name, 'False');
    await patch({ replicas: 1 });
    await clock.advance(10_000);
    expect(order).toEqual([]);
    await turn('db-1', 'True');
    await clock.advance(10_000);
    expect(order).toEqual(['-db-2', '-db-1']);
  });

  it('update from the top down, one at a time', async () => {
    const { api, clock, order, image, images } = await running();
    await clock.advance(10_000);
    order.length = 0;
    await image();
    await clock.advance(20_000);
    expect(order).toEqual(['-db-2', '+db-2', '-db-1', '+db-1', '-db-0', '+db-0']);
    expect(images()).toEqual({ 'db-0': 'db:2', 'db-1': 'db:2', 'db-2': 'db:2' });
    const { status } = api.objects('statefulsets')[0];
    expect(status.currentRevision).toBe(status.updateRevision);
  });

  it('leave pods below the partition as they are, also when they are made again', async () => {
    const { client, clock, image, images } = await running({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    await clock.advance(10_000);
    await image();
    await clock.advance(10_000);
    await client.resource(pods, 'default').delete('db-1');
    await clock.advance(10_000);
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:2' });
  });

  it.each([
    [{}, [], []],
    [{ whenDeleted: 'Delete', whenScaled: 'Retain' }, ['StatefulSet db'], ['StatefulSet db']],
    [{ whenDeleted: 'Delete', whenScaled: 'Delete' }, ['StatefulSet db'], ['Pod db-1']],
    [{ whenDeleted: 'Retain', whenScaled: 'Delete' }, [], ['Pod db-1']],
  ])('give their claims owners by the policy %j', async (policy, kept, scaledAway) => {
    const { api, clock, patch } = await running({ replicas: 2, persistentVolumeClaimRetentionPolicy: policy });
    await clock.advance(10_000);
    const owners = (index: number) => (api.objects('persistentvolumeclaims')[index].metadata.ownerReferences ?? []).map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`);
    expect([owners(0), owners(1)]).toEqual([kept, kept]);
    await patch({ replicas: 1 });
    await clock.advance(5_000);
    expect([owners(0), owners(1)]).toEqual([kept, scaledAway]);
  });

  it('take several down at once where they may', async () => {
    const { clock, order, image } = await running({ replicas: 4, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } } });
    await clock.advance(10_000);
    order.length = 0;
    await image();
    await clock.advance(200);
    await clock.advance(500);
    expect(order.filter((each) => each.startsWith('-'))).toEqual(['-db-3', '-db-2']);
  });

  it('count from where they are told to', async () => {
    const { clock, order, patch } = await running({ replicas: 2, ordinals: { start: 5 } });
    await clock.advance(10_000);
    expect(order).toEqual(['+db-5', '+db-6']);
    await patch({ ordinals: { start: 6 } });
    await clock.advance(10_000);
    expect(order.slice(2)).toEqual(['+db-7', '-db-5']);
  });

  it('make all at once when told to', async () => {
    const { clock, order } = await running({ podManagementPolicy: 'Parallel' });
    await clock.advance(500);
    expect(order).toEqual(['+db-0', '+db-1', '+db-2']);
  });
});
