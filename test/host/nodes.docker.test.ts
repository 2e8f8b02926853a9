/** Nodes that stop, start, come and go while the cluster runs. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectControl } from '../../cluster-host/control/client.ts';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';
import { remainsOf } from '../support/remains.ts';

type Control = Awaited<ReturnType<typeof connectControl>>['control'];

const cluster = new TestCluster('nodes', 'docker');
const kubectl = new Kubectl(cluster.kubeconfig);
let control: Control;

/** One pod a node, which follows it only for a second after the node is gone. */
const spread = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: spread }
spec:
  replicas: 3
  selector: { matchLabels: { app: spread } }
  template:
    metadata: { labels: { app: spread } }
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: spread } } }]
      tolerations:
      - { key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 1 }
      - { key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 1 }
      containers: [{ name: main, image: kubicle-sample/worker:1, command: [sleep, '1000000'] }]
`;

const containersOn = (node: string, ...more: readonly string[]): string => execFileSync('docker', ['ps', '-q', '--filter', `label=dev.kubicle.cluster`, '--filter', `name=spread`, '--filter', `label=dev.kubicle.node=${node}`, ...more], { encoding: 'utf8' });

async function nodesOfPods(): Promise<readonly string[]> {
  const { items } = await kubectl.json('get', 'pods', '-l', 'app=spread');
  return items.filter(({ metadata, status }: any) => metadata.deletionTimestamp === undefined && status.phase === 'Running').map(({ spec }: any) => spec.nodeName).sort();
}

async function connect(): Promise<void> {
  ({ control } = await connectControl(cluster.file, 'commandLine'));
}

beforeAll(async () => {
  await ensureSampleImages();
  await cluster.up('--nodes', '3');
  await connect();
  await kubectl.apply(spread);
  await kubectl.run('rollout', 'status', 'deployment/spread', '--timeout=60s');
});

afterAll(async () => {
  control.close();
  await cluster[Symbol.asyncDispose]();
});

test('pods of a node that is switched off, and of one that is removed, are replaced elsewhere; neither leaves containers', async () => {
  expect(await nodesOfPods()).toEqual(['node-1', 'node-2', 'node-3']);
  expect(await control.request('nodes/add', {})).toMatchObject({ name: 'node-4', ready: true });
  await control.request('nodes/remove', { name: 'node-2' });
  expect(containersOn('node-2', '-a')).toBe('');
  expect((await kubectl.run('get', 'nodes', '-o', 'name')).trim().split('\n')).toEqual(['node/node-1', 'node/node-3', 'node/node-4']);
  await expect(control.request('nodes/remove', { name: 'node-2' })).rejects.toThrow('there is no node "node-2"');

  await control.request('nodes/stop', { name: 'node-3' });
  expect(containersOn('node-3')).toBe('');
  const ready = async () => (await kubectl.json('get', 'node', 'node-3')).status.conditions.find(({ type }: any) => type === 'Ready');
  await eventually('NotReady', async () => (await ready()).status === 'Unknown', 70_000);
  expect(await ready()).toMatchObject({ reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' });
  await eventually('pods elsewhere', async () => {
    const nodes = await nodesOfPods();
    return nodes.length === 3 && !nodes.includes('node-2') && !nodes.includes('node-3');
  }, 70_000);
  expect(await control.request('nodes/start', { name: 'node-3' })).toMatchObject({ name: 'node-3', ready: true });
  await eventually('the end of the old pods', async () => (await kubectl.json('get', 'pods', '-l', 'app=spread')).items.length === 3);
});

test('--nodes with fewer takes the others away', async () => {
  const addresses = async () => (await kubectl.json('get', 'nodes')).items.map(({ metadata, status }: any) => [metadata.name, status.addresses[0].address]);
  const before = await addresses();
  control.close();
  await cluster.run('down');
  await cluster.up('--nodes', '2');
  await connect();
  await eventually('two nodes', async () => (await addresses()).length === 2);
  expect(await addresses()).toEqual(before.slice(0, 2));
  expect(containersOn('node-4', '-a')).toBe('');
  await kubectl.run('rollout', 'status', 'deployment/spread', '--timeout=60s');
});

test('down --delete after a crash leaves nothing', async () => {
  control.close();
  expect((await remainsOf(cluster)).length).toBeGreaterThan(3);
  process.kill(cluster.file.pid, 'SIGKILL');
  await cluster.run('down', '--delete');
  expect(await remainsOf(cluster)).toEqual([]);
});
