import { describe, expect, it } from 'vitest';
import type { V1DaemonSet } from '../../api/generated/types.ts';
import { daemonSets, nodes, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { runPods } from '../testing/run-pods.ts';
import { daemonSetController } from './controller.ts';
import { nodeOf } from './plan.ts';

const node = (name: string, spec = {}, labels = {}) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec });

async function running(spec: Partial<V1DaemonSet['spec']> = {}) {
  const surroundings = testSurroundings();
  surroundings.api.seed([node('a'), node('b'), node('c', { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] }), node('d', { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] })]);
  runPods(surroundings);
  runControllers([daemonSetController], surroundings);
  const labels = { app: 'agent' };
  await surroundings.client.resource(daemonSets, 'default').create({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } }, ...spec },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  });
  await surroundings.clock.advance(3000);
  const places = () => surroundings.api.objects('pods').map((pod) => `${nodeOf(pod)} ${pod.spec.containers[0].image}`).toSorted((a, b) => (a < b ? -1 : 1));
  const image = () => surroundings.client.resource(daemonSets, 'default').patch('agent', { spec: { template: { spec: { containers: [{ name: 'agent', image: 'agent:2' }] } } } }, { type: 'merge' });
  return { ...surroundings, places, image };
}

describe('daemon sets', () => {
  it('put one pod on each node that suits', async () => {
    const { api, places, recorded } = await running();
    expect(places()).toEqual(['a agent:1', 'b agent:1', 'd agent:1']);
    expect(api.objects('daemonsets')[0].status).toEqual({ currentNumberScheduled: 3, numberMisscheduled: 0, desiredNumberScheduled: 3, numberReady: 3, observedGeneration: 1, updatedNumberScheduled: 3, numberAvailable: 3 });
    expect(recorded.filter((text) => /^Normal SuccessfulCreate agent: Created pod: agent-\w+$/.test(text))).toHaveLength(3);
    expect(api.objects('pods')[0].spec.tolerations).toContainEqual({ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' });
  });

  it('note their template as clients note it, byte by byte', async () => {
    const { api } = await running();
    expect(JSON.stringify(api.objects('controllerrevisions')[0].data)).toBe('{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"agent"}},"spec":{"containers":[{"image":"agent:1","name":"agent"}]}}}}');
  });

  it('follow nodes as they come, change and go bad', async () => {
    const { client, clock, places } = await running({ template: { metadata: { labels: { app: 'agent' } }, spec: { nodeSelector: { role: 'edge' }, containers: [{ name: 'agent', image: 'agent:1' }] } } });
    expect(places()).toEqual([]);
    await client.resource(nodes).patch('b', { metadata: { labels: { role: 'edge' } } }, { type: 'merge' });
    await client.resource(nodes).create(node('e', {}, { role: 'edge' }));
    await clock.advance(3000);
    expect(places()).toEqual(['b agent:1', 'e agent:1']);
    await client.resource(nodes).patch('b', { metadata: { labels: { role: null } } }, { type: 'merge' });
    await clock.advance(3000);
    expect(places()).toEqual(['e agent:1']);
  });

  it('replace failed pods', async () => {
    const { api, client, clock, places, recorded } = await running();
    const name = api.objects('pods')[0].metadata.name;
    await client.resource(pods, 'default').patch(name, { status: { phase: 'Failed' } }, { type: 'merge', subresource: 'status' });
    await clock.advance(5000);
    expect(places()).toEqual(['a agent:1', 'b agent:1', 'd agent:1']);
    expect(api.objects('pods').some(({ metadata }) => metadata.name === name)).toBe(false);
    expect(recorded).toContain(`Warning FailedDaemonPod agent: Found failed daemon pod default/${name} on node a, will try to kill it`);
  });

  it.each([
    ['one at a time', undefined, 2],
    ['several at a time', { maxUnavailable: 2 }, 1],
    ['with a surge', { maxSurge: 1, maxUnavailable: 0 }, 3],
  ])('update %s', async (_, rollingUpdate, fewest) => {
    const { api, clock, informers, image, places } = await running({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: rollingUpdate as never } });
    let least = 99;
    const look = (): void => void (least = Math.min(least, api.objects('pods').filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.conditions?.[0]?.status === 'True').length));
    informers.informer(pods).onChange({ added: look, updated: look, deleted: look });
    least = 99;
    await image();
    await clock.advance(30_000);
    expect(places()).toEqual(['a agent:2', 'b agent:2', 'd agent:2']);
    expect(least).toBe(fewest);
  });
});
