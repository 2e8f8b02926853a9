import { afterEach, describe, expect, it } from 'vitest';
import type { V1Deployment, V1Pod } from '../../cluster-host/api/generated/types.ts';
import { configMaps, deployments, endpoints, endpointSlices, namespaces, nodes, pods, replicaSets, services } from '../../cluster-host/client/resources.ts';
import { Simulation, type SimulationOptions } from './control-plane.ts';

let simulation: Simulation | undefined;
afterEach(() => simulation?.dispose());

async function start(options?: SimulationOptions): Promise<Simulation> {
  return (simulation = await Simulation.start(options));
}

function deployment(more: Partial<V1Deployment['spec']> = {}): V1Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } }, ...more },
  };
}

const list = async (simulation: Simulation, resource: typeof pods, namespace = 'default'): Promise<V1Pod[]> => (await simulation.user.client.resource(resource, namespace).list()).items;

describe('a simulated cluster', () => {
  it('brings a deployment and its service up', async () => {
    const { user } = await start();
    await user.client.resource(deployments, 'default').create(deployment());
    await user.client.resource(services, 'default').create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } });
    await simulation?.advance(5000);
    const { status } = await user.client.resource(deployments, 'default').get('web');
    expect(status).toMatchObject({ replicas: 4, readyReplicas: 4, availableReplicas: 4, updatedReplicas: 4, observedGeneration: 1 });
    const { items } = await user.client.resource(endpointSlices, 'default').list({ labelSelector: 'kubernetes.io/service-name=web' });
    expect(items.map(({ endpoints, ports }) => [endpoints?.length, ports])).toEqual([[4, [{ name: '', port: 8080, protocol: 'TCP' }]]]);
    const { subsets } = await user.client.resource(endpoints, 'default').get('web');
    expect(subsets?.map(({ addresses, ports }) => [addresses?.length, ports])).toEqual([[4, [{ port: 8080, protocol: 'TCP' }]]]);
    const { items: all } = await user.client.resource(nodes).list();
    expect(all.map(({ spec }) => spec?.podCIDR)).toEqual(['10.244.0.0/24', '10.244.1.0/24']);
    expect(simulation?.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('collects what a deleted owner leaves, in each of the three ways', async () => {
    const run = await start();
    for (const propagationPolicy of ['Background', 'Foreground', 'Orphan']) {
      await run.user.client.resource(deployments, 'default').create(deployment());
      await run.advance(5000);
      await run.user.client.resource(deployments, 'default').delete('web', { propagationPolicy });
      await run.advance(10_000);
      const left = [(await run.user.client.resource(deployments, 'default').list()).items.length, (await run.user.client.resource(replicaSets, 'default').list()).items.length, (await list(run, pods)).length];
      expect([propagationPolicy, ...left]).toEqual(propagationPolicy === 'Orphan' ? ['Orphan', 0, 1, 4] : [propagationPolicy, 0, 0, 0]);
    }
  });

  it('empties and removes a namespace', async () => {
    const run = await start();
    const { client } = run.user;
    await client.resource(namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await run.advance(1000);
    expect((await client.resource(configMaps, 'shop').get('kube-root-ca.crt')).data).toEqual({ 'ca.crt': 'CA' });
    await client.resource(deployments, 'shop').create({ ...deployment(), metadata: { name: 'web', namespace: 'shop' } });
    await client.resource(configMaps, 'shop').create({ metadata: { name: 'kept', finalizers: ['example.com/keep'] } });
    await run.advance(5000);
    await client.resource(namespaces).delete('shop');
    await run.advance(20_000);
    const { status } = await client.resource(namespaces).get('shop');
    expect(status?.phase).toBe('Terminating');
    expect(status?.conditions?.find(({ type }) => type === 'NamespaceFinalizersRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message: 'Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances',
    });
    await client.resource(configMaps, 'shop').patch('kept', { metadata: { finalizers: null } }, { type: 'merge' });
    await run.advance(10_000);
    await expect(client.resource(namespaces).get('shop')).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it('moves the pods of a lost node to another', async () => {
    const run = await start();
    await run.user.client.resource(deployments, 'default').create(deployment());
    await run.advance(5000);
    run.killNode(0);
    await run.advance(60_000);
    const lost = await run.user.client.resource(nodes).get('node-1');
    expect(lost.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' });
    expect(lost.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
    await run.advance(330_000);
    const alive = (await list(run, pods)).filter(({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
    expect(alive.map(({ spec }) => spec?.nodeName)).toEqual(['node-2', 'node-2', 'node-2', 'node-2']);
  });
});
