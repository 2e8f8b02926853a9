import { afterEach, describe, expect, it } from 'vitest';
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, pods } from '../client/resources.ts';
import { testSurroundings } from '../client/testing/test-surroundings.ts';
import type { Disposable } from '../platform/platform.ts';
import { runScheduler } from './scheduler.ts';
import { node, pod } from './testing/objects.ts';

let scheduler: Disposable | undefined;
afterEach(() => scheduler?.dispose());

async function cluster(...objects: (V1Node | V1Pod)[]) {
  const surroundings = testSurroundings();
  surroundings.api.seed(objects);
  scheduler = runScheduler(surroundings);
  await surroundings.clock.advance(100);
  const places = () => Object.fromEntries(surroundings.api.objects('pods').map(({ metadata, spec }) => [metadata.name, spec.nodeName]));
  const create = async (...created: V1Pod[]) => {
    for (const one of created) await surroundings.client.resource(pods, 'default').create(one);
    await surroundings.clock.advance(100);
  };
  return { ...surroundings, places, create };
}

describe('the scheduler', () => {
  it('binds pods, evenly, and says so', async () => {
    const { places, create, recorded } = await cluster(node('a'), node('b'), node('c'));
    await create(...['1', '2', '3', '4', '5', '6'].map((name) => pod(name, { cpu: '100m' })));
    expect(Object.values<string>(places()).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(recorded).toContain(`Normal Scheduled 1: Successfully assigned default/1 to ${places()['1']}`);
  });

  it('takes the more important pod first', async () => {
    const { places } = await cluster(node('a', { pods: '1' }), pod('low'), pod('high', { spec: { priority: 10 } }));
    expect(places()).toEqual({ low: undefined, high: 'a' });
  });

  it('says why there is no node, in Kubernetes\' words', async () => {
    const tainted = { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] };
    const { api, recorded } = await cluster(node('a', { cpu: '1' }), node('b', { spec: tainted }), node('c', { spec: { unschedulable: true } }), pod('big', { cpu: '2' }));
    const message =
      '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
    expect(recorded).toEqual([`Warning FailedScheduling big: ${message}`]);
    expect(api.objects('pods')[0].status.conditions).toEqual([expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })]);
  });

  it('says so when there is no node at all, and looks again when one comes', async () => {
    const { client, clock, places, recorded } = await cluster(pod('early'));
    expect(recorded).toEqual(['Warning FailedScheduling early: no nodes available to schedule pods']);
    await client.resource(nodes).create(node('a'));
    await clock.advance(2000);
    expect(places()).toEqual({ early: 'a' });
  });

  it('looks again at what something may have helped, and at nothing else', async () => {
    const { client, clock, places, recorded } = await cluster(node('a', { pods: '1' }), pod('first', { spec: { nodeName: 'a' } }), pod('second'), pod('picky', { spec: { nodeSelector: { disk: 'ssd' } } }));
    expect(recorded).toHaveLength(2);
    await clock.advance(60_000);
    expect(recorded).toHaveLength(2);
    await client.resource(pods, 'default').delete('first', { gracePeriodSeconds: 0 });
    await clock.advance(2000);
    expect(places()).toEqual({ second: 'a', picky: undefined });
    await client.resource(nodes).patch('a', { metadata: { labels: { disk: 'ssd' } }, status: {} }, { type: 'merge' });
    await clock.advance(20_000);
    expect(recorded.at(-1)).toBe('Warning FailedScheduling picky: 0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.');
  });

  it('tries a failed binding again', async () => {
    let fails = 2;
    const surroundings = testSurroundings({ before: ({ path }) => (path.endsWith('/binding') && fails-- > 0 ? new (class extends Error {})('lost') as never : undefined) });
    surroundings.api.seed([node('a', { pods: '1' }), pod('only')]);
    scheduler = runScheduler(surroundings);
    await surroundings.clock.advance(10_000);
    expect(surroundings.api.objects('pods')[0].spec.nodeName).toBe('a');
  });

  it('leaves alone what is gated, another scheduler\'s, or going', async () => {
    const { places } = await cluster(node('a'), pod('gated', { spec: { schedulingGates: [{ name: 'wait' }] } }), pod('other', { spec: { schedulerName: 'mine' } }), pod('done', { status: { phase: 'Failed' } }));
    expect(places()).toEqual({ gated: undefined, other: undefined, done: undefined });
  });

  it('waits for volumes, and says for which node a late one is wanted', async () => {
    const { api, client, clock, create, places, recorded } = await cluster(node('a'), node('b'));
    const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'late' }, provisioner: 'p', volumeBindingMode: 'WaitForFirstConsumer' };
    api.seed([storageClass], 'storageclasses');
    const claim = (name: string, storageClassName: string) => client.resource(persistentVolumeClaims, 'default').create({ metadata: { name }, spec: { storageClassName } });
    await claim('now', '');
    await claim('then', 'late');
    await clock.advance(1000);
    const using = (name: string) => pod(name, { spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: name } }] } });
    await create(using('missing'), using('now'), using('then'));
    const refused = (why: string) => `0/2 nodes are available: ${why}. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`;
    expect(recorded).toEqual([`Warning FailedScheduling missing: ${refused('persistentvolumeclaim "missing" not found')}`, `Warning FailedScheduling now: ${refused('pod has unbound immediate PersistentVolumeClaims')}`]);
    const chosen = api.objects('persistentvolumeclaims')[1].metadata.annotations['volume.kubernetes.io/selected-node'];
    for (const name of ['now', 'then']) {
      await client.resource(persistentVolumes).create({ metadata: { name }, spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [chosen] }] }] } } } });
      await client.resource(persistentVolumeClaims, 'default').patch(name, { metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }, spec: { volumeName: name } }, { type: 'merge' });
    }
    await clock.advance(20_000);
    expect(places()).toEqual({ missing: undefined, now: chosen, then: chosen });
  });

  it('preempts the least important pods, and gives their place to nobody else', async () => {
    const running = (name: string, priority: number) => pod(name, { cpu: '1', spec: { nodeName: 'a', priority }, status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z' } });
    const { api, client, clock, create, places, recorded } = await cluster(node('a', { cpu: '2' }), running('low', 1), running('middle', 5));
    await create(pod('high', { cpu: '1', spec: { priority: 10 } }), pod('late', { cpu: '1' }));
    expect(recorded).toContain(`Normal Preempted low: Preempted by pod ${api.objects('pods').find(({ metadata }) => metadata.name === 'high').metadata.uid} on node a`);
    const [low] = api.objects('pods');
    expect(low.metadata.deletionTimestamp).toBeDefined();
    expect(low.status.conditions).toContainEqual(expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }));
    await client.resource(pods, 'default').delete('low', { gracePeriodSeconds: 0 });
    await clock.advance(20_000);
    expect(places()).toEqual({ middle: 'a', high: 'a', late: undefined });
  });
});
