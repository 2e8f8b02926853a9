import { expect, test } from 'vitest';
import type { V1Container, V1Pod, V1PodSpec } from '../api/generated/types.ts';
import type { NodeConnection } from '../api-server/node-connection.ts';
import { nodes, pods } from '../client/resources.ts';
import { testSurroundings, type TestSurroundings } from '../client/testing/test-surroundings.ts';
import { memoryDisk } from '../platform/simulated/disk.ts';
import { createKubelet, type Kubelet } from './kubelet.ts';
import type { NetworkActions, ProbeOutcome } from './probes/probe-actions.ts';
import { SimulatedRuntime } from './runtime/simulated/simulated-runtime.ts';
import { noFiles } from './volumes/pod-files.ts';

interface Node extends TestSurroundings {
  readonly kubelet: Kubelet;
  readonly runtime: SimulatedRuntime;
  /** What HTTP probes say. */
  health: ProbeOutcome;
  readonly create: (name: string, spec: Partial<V1PodSpec> & { readonly main?: Partial<V1Container> }, annotations?: Record<string, string>) => Promise<void>;
  readonly pod: (name: string) => V1Pod | undefined;
}

async function node(podCidr: string | null = '10.244.1.0/24', files = noFiles): Promise<Node> {
  const around = testSurroundings();
  const runtime = new SimulatedRuntime({ clock: around.clock, pullTime: 500 });
  const outcome = (): Promise<ProbeOutcome> => Promise.resolve(made.health);
  const network: NetworkActions = { httpGet: outcome, tcpConnect: outcome, grpcCheck: outcome };
  const kubelet = createKubelet({
    ...around,
    platform: { clock: around.clock, random: around.random, log: around.log, disk: memoryDisk() },
    runtime,
    nodeName: 'node-1',
    nodeIp: '10.0.0.1',
    dns: { ip: '10.96.0.10', domain: 'cluster.local' },
    kubernetesVersion: 'v1.36.0',
    ...(podCidr === null ? {} : { podCidr }),
    storage: 1024 ** 3,
    machineId: 'id',
    files,
    network,
    dial: () => Promise.reject(new Error('no network')),
  });
  const made: Node = {
    ...around,
    kubelet,
    runtime,
    health: { result: 'success', output: '' },
    async create(name, { main, ...spec }, annotations = {}) {
      const containers = [{ name: 'main', image: 'nginx:1', ...main }, ...(spec.containers ?? [])];
      await around.client.resource(pods, 'default').create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', annotations }, spec: { terminationGracePeriodSeconds: 30, ...spec, nodeName: 'node-1', containers } });
      await around.clock.advance(0);
    },
    pod: (name) => around.api.objects('pods').find(({ metadata }) => metadata.name === name),
  };
  await kubelet.start();
  await around.clock.advance(0);
  return made;
}

const mainOf = (pod: V1Pod | undefined) => pod?.status?.containerStatuses?.[0];
const conditionOf = (pod: V1Pod | undefined, wanted: string) => pod?.status?.conditions?.find(({ type }) => type === wanted)?.status;
const exits = (after: number, code: number) => ({ 'main.simulation.kubicle.dev/exit-after': String(after), 'main.simulation.kubicle.dev/exit-code': String(code) });

test('the API server may use the connection as its own', async () => {
  const { kubelet } = await node();
  const connection: NodeConnection = kubelet.connection;
  await expect(connection.exec({ namespace: 'default', pod: 'none', container: 'c' }, ['true'], { tty: false }, new AbortController().signal)).rejects.toMatchObject({ name: 'NodeRequestError', code: 'NotFound' });
});

test('a pod is pulled, runs and is Ready; each step is told', async () => {
  const { create, pod, clock, recorded } = await node();
  await create('web', {});
  expect(mainOf(pod('web'))?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
  expect(pod('web')?.status).toMatchObject({ phase: 'Pending', hostIP: '10.0.0.1' });
  await clock.advance(500);
  expect(pod('web')?.status).toMatchObject({ phase: 'Running', podIP: '10.244.1.2' });
  expect(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => conditionOf(pod('web'), type))).toEqual(['True', 'True', 'True', 'True', 'True']);
  expect(recorded.filter((event) => event.includes(' web: '))).toEqual([
    'Normal Pulling web: Pulling image "nginx:1"',
    'Normal Pulled web: Successfully pulled image "nginx:1" in 500ms (500ms including waiting). Image size: 0 bytes.',
    'Normal Created web: Container created',
    'Normal Started web: Container started',
  ]);
});

test('a crashing container waits 10 s, then 20 s, doubling', async () => {
  const { create, pod, clock } = await node();
  await create('crash', {}, exits(100, 1));
  await clock.advance(1000);
  expect(mainOf(pod('crash'))).toMatchObject({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff', message: expect.stringMatching(/^back-off 10s restarting failed container=main pod=crash_default\(/) } } });
  await clock.advance(9_000);
  expect(mainOf(pod('crash'))?.restartCount).toBe(1);
  await clock.advance(1_000);
  expect(mainOf(pod('crash'))).toMatchObject({ restartCount: 2, state: { waiting: { message: expect.stringMatching(/^back-off 20s/) } }, lastState: { terminated: { exitCode: 1 } } });
  await clock.advance(30 * 60_000);
  expect(mainOf(pod('crash'))?.state?.waiting?.message).toMatch(/^back-off 5m0s/);
  expect(pod('crash')?.status?.phase).toBe('Running');
});

test('an image that does not exist', async () => {
  const { create, pod, clock, recorded } = await node();
  await create('bad', { main: { image: 'nosuch.example/x:1' } });
  await clock.advance(600);
  expect(mainOf(pod('bad'))?.state?.waiting).toMatchObject({ reason: 'ErrImagePull' });
  await clock.advance(1000);
  expect(mainOf(pod('bad'))?.state?.waiting).toEqual({ reason: 'ImagePullBackOff', message: 'Back-off pulling image "nosuch.example/x:1": ErrImagePull: no such image: nosuch.example/x:1' });
  expect(recorded.filter((event) => event.includes(' bad: '))).toEqual([
    'Normal Pulling bad: Pulling image "nosuch.example/x:1"',
    'Warning Failed bad: Failed to pull image "nosuch.example/x:1": no such image: nosuch.example/x:1',
    'Warning Failed bad: Error: ErrImagePull',
    'Normal BackOff bad: Back-off pulling image "nosuch.example/x:1"',
    'Warning Failed bad: Error: ImagePullBackOff',
  ]);
});

test('jobs: a pod that succeeds, and one that fails for good', async () => {
  const { create, pod, clock } = await node();
  await create('good', { restartPolicy: 'Never' }, exits(10, 0));
  await create('bad', { restartPolicy: 'OnFailure' }, exits(10, 1));
  await clock.advance(2000);
  expect(pod('good')?.status?.phase).toBe('Succeeded');
  expect(conditionOf(pod('good'), 'Ready')).toBe('False');
  expect(pod('bad')?.status?.phase).toBe('Running');
});

test('readiness follows its probe, within its thresholds', async () => {
  const world = await node();
  const { create, pod, clock, recorded } = world;
  world.health = { result: 'failure', output: 'HTTP probe failed with statuscode: 500' };
  await create('web', { main: { ports: [{ containerPort: 80 }], readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 2, periodSeconds: 5 } } });
  await clock.advance(3_000);
  expect(conditionOf(pod('web'), 'Ready')).toBe('False');
  expect(recorded).toContain('Warning Unhealthy web: Readiness probe failed: HTTP probe failed with statuscode: 500');
  world.health = { result: 'success', output: '' };
  await clock.advance(5_000);
  expect(conditionOf(pod('web'), 'Ready')).toBe('True');
  world.health = { result: 'failure', output: 'x' };
  await clock.advance(10_000);
  expect(conditionOf(pod('web'), 'Ready')).toBe('True');
  await clock.advance(5_000);
  expect(conditionOf(pod('web'), 'Ready')).toBe('False');
});

test('liveness waits for the startup probe and then restarts the container', async () => {
  const world = await node();
  const { create, pod, clock } = world;
  world.health = { result: 'failure', output: 'x' };
  const probe = { httpGet: { port: 80 }, periodSeconds: 1 };
  await create('web', { main: { startupProbe: { ...probe, failureThreshold: 10 }, livenessProbe: { ...probe, failureThreshold: 2 } } });
  await clock.advance(5_000);
  expect(mainOf(pod('web'))).toMatchObject({ started: false, restartCount: 0 });
  world.health = { result: 'success', output: '' };
  await clock.advance(1_000);
  expect(mainOf(pod('web'))).toMatchObject({ started: true, ready: true });
  world.health = { result: 'failure', output: 'x' };
  await clock.advance(3_000);
  expect(mainOf(pod('web'))?.restartCount).toBe(1);
});

test('a deleted pod ends, and its address and records are free again', async () => {
  const { create, pod, clock, client, runtime } = await node();
  await create('web', {});
  await clock.advance(1000);
  await client.resource(pods, 'default').delete('web');
  await clock.advance(1000);
  expect(pod('web')).toBeUndefined();
  expect(await runtime.listContainers()).toEqual([]);
  expect(await runtime.listSandboxes()).toEqual([]);
});

test('a pod deleted while its image is pulled never runs', async () => {
  const { create, pod, clock, client, runtime } = await node();
  await create('web', {});
  await clock.advance(100);
  await client.resource(pods, 'default').delete('web');
  await clock.advance(5000);
  expect(pod('web')).toBeUndefined();
  expect(await runtime.listContainers()).toEqual([]);
});

test('without a range of addresses the node is not ready, and pods wait', async () => {
  const { create, pod, clock, client } = await node(null);
  const ready = async () => (await client.resource(nodes).get('node-1')).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  expect(await ready()).toBe('False');
  await create('web', {});
  await clock.advance(1000);
  expect(pod('web')?.status?.phase).toBe('Pending');
  await client.resource(nodes).patch('node-1', { spec: { podCIDR: '10.244.7.0/24' } }, { type: 'merge' });
  await clock.advance(5000);
  expect(await ready()).toBe('True');
  expect(pod('web')?.status).toMatchObject({ phase: 'Running', podIP: '10.244.7.2' });
});

test('the node has a lease that is renewed every ten seconds', async () => {
  const { api, clock } = await node();
  const renewed = () => api.objects('leases')[0]?.spec.renewTime;
  const first = renewed();
  await clock.advance(10_000);
  expect(renewed()).not.toBe(first);
});

test('a node reports every five minutes, and tells once that it is ready', async () => {
  const { api, clock, recorded } = await node();
  const ready = () => api.objects('nodes')[0].status.conditions.find(({ type }: { type: string }) => type === 'Ready');
  const since: string = ready().lastTransitionTime;
  await clock.advance(11 * 60_000);
  expect(ready()).toMatchObject({ status: 'True', lastTransitionTime: since, lastHeartbeatTime: '2026-01-01T00:10:00Z' });
  expect(recorded.filter((event) => event.includes('status is now: NodeReady'))).toHaveLength(1);
});

test('the kubelet tells what its pods use, and answers for itself', async () => {
  const { create, pod, clock, kubelet } = await node();
  await create('web', { main: { resources: { requests: { cpu: '400m', memory: '64Mi' } } } }, { 'main.simulation.kubicle.dev/cpu': '250m', 'main.simulation.kubicle.dev/memory': '32Mi' });
  await clock.advance(1_000);
  const ask = async (path: string, query = '') => {
    const answer = kubelet.connection.request({ method: 'GET', path, query: new URLSearchParams(query) }, new AbortController().signal);
    await clock.advance(1_000);
    return answer;
  };
  const json = async (path: string) => JSON.parse((await ask(path)).body as string);
  const summary = await json('/stats/summary');
  expect(summary.pods).toMatchObject([{ podRef: { name: 'web', namespace: 'default' }, containers: [{ name: 'main', cpu: { usageNanoCores: 250_000_000 }, memory: { workingSetBytes: 32 * 1024 ** 2 } }] }]);
  expect(summary.node).toMatchObject({ nodeName: 'node-1', cpu: { usageNanoCores: 250_000_000 } });
  expect((await ask('/metrics/resource')).body).toContain('pod_memory_working_set_bytes{namespace="default",pod="web"} 33554432');
  expect((await ask('/healthz')).body).toBe('ok');
  expect((await json('/pods/')).items).toEqual([pod('web')]);
  expect(await ask('/nothing')).toMatchObject({ status: 404, body: '404 page not found\n' });
  expect(await ask('/containerLogs/default/none/main')).toMatchObject({ status: 404 });
});

test('a resize is done, put off until there is room, or never', async () => {
  const { create, pod, clock, client, recorded } = await node();
  const asking = (cpu: string) => ({ main: { resources: { requests: { cpu } } } });
  await create('web', asking('1'));
  await create('other', asking('6'));
  await clock.advance(1_000);
  const resize = async (cpu: string) => {
    await client.resource(pods, 'default').patch('web', { spec: { containers: [{ name: 'main', resources: { requests: { cpu } } }] } }, { type: 'strategic' });
    await clock.advance(100);
    const main = mainOf(pod('web'));
    const conditions = (pod('web')?.status?.conditions ?? []).filter(({ type }) => type.startsWith('PodResize')).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
    return [main?.allocatedResources?.['cpu'], main?.resources?.requests?.['cpu'], ...conditions];
  };
  expect(await resize('1500m')).toEqual(['1500m', '1500m']);
  expect(await resize('3')).toEqual(['1500m', '1500m', "PodResizePending Deferred: Node didn't have enough resource: cpu, requested: 3000, used: 6000, capacity: 8000"]);
  expect(await resize('9')).toEqual(['1500m', '1500m', "PodResizePending Infeasible: Node didn't have enough capacity: cpu, requested: 9000, capacity: 8000"]);
  await resize('3');
  await client.resource(pods, 'default').delete('other', { gracePeriodSeconds: 0 });
  await clock.advance(100);
  expect(mainOf(pod('web'))).toMatchObject({ allocatedResources: { cpu: '3' }, resources: { requests: { cpu: '3' } }, restartCount: 0 });
  expect(pod('web')?.status?.conditions?.some(({ type }) => type.startsWith('PodResize'))).toBe(false);
  const told = recorded.filter((event) => event.includes('Resize')).map((event) => event.replace(/,"generation":\d+/, ''));
  expect(told.slice(0, 3)).toEqual([
    'Normal ResizeStarted web: Pod resize started: {"containers":[{"name":"main","resources":{"requests":{"cpu":"1500m"}}}]}',
    'Normal ResizeCompleted web: Pod resize completed: {"containers":[{"name":"main","resources":{"requests":{"cpu":"1500m"}}}]}',
    `Warning ResizeDeferred web: Pod resize Deferred: {"containers":[{"name":"main","resources":{"requests":{"cpu":"3"}}}],"error":"Node didn't have enough resource: cpu, requested: 3000, used: 6000, capacity: 8000"}`,
  ]);
});

test('what the node cannot do for a pod is refused, naming it', async () => {
  const { create, clock, recorded, api } = await node();
  api.seed([{ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'vm' }, handler: 'kata' }], 'runtimeclasses');
  await create('mapped', { hostUsers: false });
  await create('vm', { runtimeClassName: 'vm' });
  await clock.advance(100);
  expect(recorded).toContain("Warning FailedCreatePodSandBox mapped: Failed to create pod sandbox: can't set `spec.hostUsers: false`, runtime does not support user namespaces");
  expect(recorded).toContain('Warning FailedCreatePodSandBox vm: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "kata" is configured');
});

test('what a pod shows of itself in a volume follows it, even while the volume is being written', async () => {
  const written: string[] = [];
  const writing = Promise.withResolvers<string>();
  const payload: typeof noFiles.payload = (_uid, _plugin, volume, files) => {
    written.push(...[...files.values()].map(({ content }) => Buffer.from(content).toString()));
    return written.length === 1 ? writing.promise : Promise.resolve(`/${volume}`);
  };
  const { create, client, clock } = await node('10.244.1.0/24', { ...noFiles, payload });
  const item = { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } };
  const annotate = async (color: string): Promise<void> => {
    await client.resource(pods, 'default').patch('web', { metadata: { annotations: { color } } }, { type: 'merge' });
    await clock.advance(1000);
  };
  await create('web', { volumes: [{ name: 'self', downwardAPI: { items: [item] } }] }, { color: 'red' });
  await annotate('green');
  expect(written).toEqual(['color="red"']);
  writing.resolve('/self');
  await clock.advance(1000);
  await annotate('blue');
  expect(written).toEqual(['color="red"', 'color="green"', 'color="blue"']);
});

test('what others give the node is allocatable until they take it back', async () => {
  const { api, client, clock } = await node();
  const give = async (amount: string | null): Promise<void> => {
    await client.resource(nodes).patch('node-1', { status: { capacity: { 'example.com/d': amount } } }, { type: 'merge', subresource: 'status' });
    await clock.advance(1000);
  };
  const status = () => api.objects('nodes')[0].status;
  await give('5');
  expect(status()).toMatchObject({ capacity: { 'example.com/d': '5' }, allocatable: { 'example.com/d': '5', pods: '110' } });
  await give(null);
  expect(Object.keys(status().allocatable)).toEqual(Object.keys(status().capacity));
});
