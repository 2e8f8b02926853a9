import { describe, expect, it } from 'vitest';
import type { V1PersistentVolume, V1PersistentVolumeClaim } from '../../api/generated/types.ts';
import { persistentVolumeClaims, persistentVolumes } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { persistentVolumeBinder } from './controller.ts';

const claim = (name: string, storage: string, more: Partial<V1PersistentVolumeClaim['spec']> = {}): V1PersistentVolumeClaim => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
  status: { phase: 'Pending' },
});
const volume = (name: string, storage: string, more: Partial<V1PersistentVolume['spec']> = {}): V1PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { capacity: { storage }, accessModes: ['ReadWriteOnce', 'ReadOnlyMany'], persistentVolumeReclaimPolicy: 'Retain', hostPath: { path: `/data/${name}` }, ...more },
});

async function running(...volumes: V1PersistentVolume[]) {
  const surroundings = testSurroundings();
  surroundings.api.seed(volumes);
  const removed: string[] = [];
  runControllers([persistentVolumeBinder({ folder: '/volumes', remove: async (path) => void removed.push(path) })], surroundings);
  await surroundings.clock.advance(100);
  const create = async (one: V1PersistentVolumeClaim) => {
    await surroundings.client.resource(persistentVolumeClaims, 'default').create(one);
    await surroundings.clock.advance(100);
  };
  const phases = () => [...surroundings.api.objects('persistentvolumeclaims'), ...surroundings.api.objects('persistentvolumes')].map(({ metadata, spec, status }) => `${metadata.name} ${status?.phase} ${spec.volumeName ?? spec.claimRef?.name ?? ''}`);
  return { ...surroundings, create, phases, removed };
}

describe('claims and volumes', () => {
  it('are bound one to one, the smallest that will do', async () => {
    const { create, phases, api } = await running(volume('big', '10Gi'), volume('small', '2Gi'), volume('tiny', '1Mi'));
    await create(claim('c', '1Gi', { storageClassName: '' }));
    expect(phases()).toEqual(['c Bound small', 'big Available ', 'small Bound c', 'tiny Available ']);
    expect(api.objects('persistentvolumeclaims')[0]).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      status: { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] },
    });
  });

  it('wait for one another', async () => {
    const { client, clock, create, phases, recorded } = await running();
    await create(claim('c', '1Gi', { storageClassName: '' }));
    expect(recorded).toEqual(['Normal FailedBinding c: no persistent volumes available for this claim and no storage class is set']);
    await client.resource(persistentVolumes).create(volume('late', '1Gi'));
    await clock.advance(100);
    expect(phases()).toEqual(['c Bound late', 'late Bound c']);
  });

  it('keep what is released, unless it was provisioned', async () => {
    const { api, client, clock, create, phases, removed } = await running(volume('kept', '1Gi'));
    await create(claim('a', '1Gi', { storageClassName: '' }));
    await create(claim('b', '1Gi'));
    const name = api.objects('persistentvolumeclaims')[1].spec.volumeName;
    expect(phases()).toEqual(['a Bound kept', `b Bound ${name}`, 'kept Bound a', `${name} Bound b`]);
    expect(api.objects('persistentvolumes')[1].spec).toMatchObject({ storageClassName: 'standard', hostPath: { path: `/volumes/${name}` } });
    for (const one of ['a', 'b']) await client.resource(persistentVolumeClaims, 'default').delete(one);
    await clock.advance(100);
    expect(phases()).toEqual(['kept Released a']);
    expect(removed).toEqual([`/volumes/${name}`]);
  });
});
