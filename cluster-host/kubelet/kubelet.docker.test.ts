import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { V1Container, V1Pod, V1PodSpec } from '../api/generated/types.ts';
import { configMaps, nodes, pods } from '../client/resources.ts';
import { systemClock } from '../platform/node/clock.ts';
import { collector, readAll } from './runtime/runtime-suite.ts';
import { type DockerCluster, dockerCluster } from './testing/docker-cluster.ts';

let cluster: DockerCluster;
const signal = new AbortController().signal;

beforeAll(async () => {
  cluster = await dockerCluster('kubelet-test', '10.195');
  await cluster.kubelet.start();
});
afterAll(() => cluster.dispose());

function podOf(name: string, container: Partial<V1Container>, spec: Partial<V1PodSpec> = {}, metadata: object = {}): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { terminationGracePeriodSeconds: 1, ...spec, containers: [{ name: 'main', image: cluster.image, imagePullPolicy: 'IfNotPresent', ...container }, ...(spec.containers ?? [])] },
  };
}

const sleeps = ['sleep', '3600'];
const isReady = (pod: V1Pod): boolean => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
const mainOf = (pod: V1Pod) => pod.status?.containerStatuses?.[0];
const eventsOf = (name: string): readonly string[] => cluster.events.filter((event) => event.split(' ')[2] === name);

async function run(pod: string, command: readonly string[], container = 'main'): Promise<string> {
  const out = collector();
  await cluster.kubelet.connection.exec({ namespace: 'default', pod, container }, command, { stdout: out, stderr: out, tty: false }, signal);
  return out.text;
}

function log(pod: string, options: object = {}): Promise<string> {
  return cluster.kubelet.connection.logs({ namespace: 'default', pod, container: 'main' }, options, signal).then(readAll);
}

test('the node says what it is and is ready', async () => {
  await expect.poll(async () => (await cluster.client.resource(nodes).get('node-1')).status?.nodeInfo).toBeDefined();
  const node = await cluster.client.resource(nodes).get('node-1');
  expect(node.status?.nodeInfo).toMatchObject({ containerRuntimeVersion: expect.stringMatching(/^docker:\/\//), kubeletVersion: 'v1.36.0' });
  expect(node.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(cluster.events).not.toContainEqual(expect.stringContaining('NodeNotReady'));
});

test('a pod runs, is deleted gracefully and leaves nothing', async () => {
  await cluster.create(podOf('plain', { command: ['sh', '-c', 'trap "echo bye; exit 0" TERM; echo hello; while true; do sleep 0.1; done'] }, { terminationGracePeriodSeconds: 10 }));
  const pod = await cluster.until('plain', isReady, 'ready');
  expect(pod.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.195\.1\./), qosClass: 'BestEffort', hostIP: '10.195.0.1' });
  // Until its trap is set, the first process of a container does not hear TERM.
  await expect.poll(() => log('plain'), { timeout: 20_000 }).toBe('hello\n');
  await cluster.client.resource(pods, 'default').delete('plain');
  const ended = await cluster.until('plain', (found) => mainOf(found)?.state?.terminated !== undefined, 'terminated');
  expect(ended.status?.phase).toBe('Succeeded');
  await cluster.gone('plain');
  expect(eventsOf('plain').map((event) => event.replace(/^(\w+ \w+) \S+ /, '$1 '))).toEqual([
    `Normal Pulled spec.containers{main}: Container image "${cluster.image}" already present on machine and can be accessed by the pod`,
    'Normal Created spec.containers{main}: Container created',
    'Normal Started spec.containers{main}: Container started',
    'Normal Killing spec.containers{main}: Stopping container main',
  ]);
});

test('a container that fails is started again, then waits; its log before is kept', async () => {
  await cluster.create(podOf('crash', { command: ['sh', '-c', 'echo run; echo why > /dev/termination-log; exit 3'] }));
  const pod = await cluster.until('crash', (found) => mainOf(found)?.state?.waiting?.reason === 'CrashLoopBackOff', 'backing off');
  expect(mainOf(pod)).toMatchObject({
    ready: false,
    restartCount: 1,
    state: { waiting: { message: `back-off 10s restarting failed container=main pod=crash_default(${pod.metadata?.uid})` } },
    lastState: { terminated: { exitCode: 3, reason: 'Error', message: 'why\n' } },
  });
  expect(pod.status?.phase).toBe('Running');
  expect(eventsOf('crash')).toContainEqual(expect.stringContaining('Back-off restarting failed container main in pod crash_default('));
  expect(await log('crash', { previous: true })).toBe('run\n');
});

test('pods that end by themselves succeed or fail', async () => {
  await cluster.create(podOf('succeeds', { command: ['true'] }, { restartPolicy: 'Never' }));
  await cluster.create(podOf('fails', { command: ['sh', '-c', 'exit 7'] }, { restartPolicy: 'Never' }));
  const good = await cluster.until('succeeds', ({ status }) => status?.phase === 'Succeeded', 'succeeded');
  expect(good.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
  const bad = await cluster.until('fails', ({ status }) => status?.phase === 'Failed', 'failed');
  expect(mainOf(bad)?.state?.terminated).toMatchObject({ exitCode: 7, reason: 'Error' });
});

test('what cannot start says why', async () => {
  await cluster.create(podOf('noimage', { image: 'nosuch.invalid/x:1' }));
  await cluster.create(podOf('badname', { image: 'UPPER/Case' }));
  await cluster.create(podOf('never', { image: 'kubicle-test/absent:1', imagePullPolicy: 'Never' }));
  await cluster.create(podOf('nocommand', { command: ['/nosuch'] }, { restartPolicy: 'Never' }));
  await cluster.create(podOf('noconfig', { command: sleeps, env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'late', key: 'a' } } }] }));
  await cluster.until('noimage', (pod) => mainOf(pod)?.state?.waiting?.reason === 'ErrImagePull', 'failing to pull');
  const backOff = await cluster.until('noimage', (pod) => mainOf(pod)?.state?.waiting?.reason === 'ImagePullBackOff', 'backing off');
  expect(mainOf(backOff)?.state?.waiting?.message).toMatch(/^Back-off pulling image "nosuch\.invalid\/x:1": ErrImagePull: /);
  await cluster.until('badname', (pod) => mainOf(pod)?.state?.waiting?.reason === 'InvalidImageName', 'invalid');
  await cluster.until('never', (pod) => mainOf(pod)?.state?.waiting?.reason === 'ErrImageNeverPull', 'never pulled');
  const noCommand = await cluster.until('nocommand', ({ status }) => status?.phase === 'Failed', 'failed');
  expect(mainOf(noCommand)?.state?.terminated).toMatchObject({ reason: 'ContainerCannotRun', exitCode: 127 });
  const noConfig = await cluster.until('noconfig', (pod) => mainOf(pod)?.state?.waiting?.reason === 'CreateContainerConfigError', 'without its configMap');
  expect(mainOf(noConfig)?.state?.waiting?.message).toBe('configmap "late" not found');
  await cluster.client.resource(configMaps, 'default').create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: 'default' }, data: { a: '1' } });
  await cluster.until('noconfig', isReady, 'ready');
  expect(eventsOf('noconfig')).toContain('Warning Failed noconfig spec.containers{main}: Error: configmap "late" not found');
});

test('a volume follows its configMap; init containers and sidecars come first', async () => {
  const maps = cluster.client.resource(configMaps, 'default');
  await maps.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { color: 'red' } });
  const mounts = [
    { name: 'settings', mountPath: '/settings' },
    { name: 'work', mountPath: '/work' },
  ];
  const helper = { image: cluster.image, imagePullPolicy: 'IfNotPresent', volumeMounts: mounts };
  await cluster.create(
    podOf('volumes', { command: sleeps, volumeMounts: [...mounts, { name: 'work', mountPath: '/part', subPath: 'deep/part' }] }, {
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }, { name: 'work', emptyDir: {} }],
      initContainers: [
        { name: 'first', command: ['sh', '-c', 'cat /settings/color > /work/seen; mkdir -p /work/deep/part; echo in > /work/deep/part/file'], ...helper },
        { name: 'sidecar', restartPolicy: 'Always', command: ['sh', '-c', 'echo side >> /work/seen; exec sleep 3600'], startupProbe: { exec: { command: ['cat', '/work/seen'] }, periodSeconds: 1 }, ...helper },
      ],
    }),
  );
  const pod = await cluster.until('volumes', isReady, 'ready');
  expect(pod.status?.initContainerStatuses).toMatchObject([{ name: 'first', ready: true, state: { terminated: { reason: 'Completed' } } }, { name: 'sidecar', ready: true, started: true }]);
  expect(await run('volumes', ['cat', '/work/seen'])).toBe('redside\n');
  expect(await run('volumes', ['cat', '/part/file'])).toBe('in\n');
  await maps.patch('settings', { data: { color: 'blue' } }, { type: 'merge' });
  let color = '';
  for (let tries = 0; tries < 100 && color !== 'blue'; tries++) {
    color = await run('volumes', ['cat', '/settings/color']);
    await systemClock.sleep(20);
  }
  expect(color).toBe('blue');
});

test('probes make a pod ready, and start a container again', async () => {
  const serve = ['sh', '-c', 'mkdir -p /www; echo ok > /www/index.html; touch /alive; exec httpd -f -p 8080 -h /www'];
  await cluster.create(
    podOf('probed', {
      command: serve,
      ports: [{ name: 'http', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/index.html', port: 'http' }, periodSeconds: 1 },
      livenessProbe: { exec: { command: ['cat', '/alive'] }, periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1 },
    }),
  );
  const { status } = await cluster.until('probed', isReady, 'ready');
  const { input, output } = await cluster.kubelet.connection.connect(status?.podIP ?? '', 8080, signal);
  await input.write(Buffer.from('GET /index.html HTTP/1.0\r\n\r\n'));
  expect(await readAll(output)).toMatch(/ok\n$/);
  await run('probed', ['busybox', 'rm', '/alive']);
  const again = await cluster.until('probed', (pod) => mainOf(pod)?.restartCount === 1 && isReady(pod), 'restarted');
  expect(mainOf(again)?.lastState?.terminated).toBeDefined();
  expect(eventsOf('probed')).toContain('Normal Killing probed spec.containers{main}: Container main failed liveness probe, will be restarted');
  expect(eventsOf('probed').filter((event) => event.includes('Liveness')).at(0)).toMatch(/Liveness probe failed: cat: .*No such file or directory/);
});

test('a restart of the host touches nothing, and finds what ended meanwhile', async () => {
  const before = await cluster.until('probed', isReady, 'ready');
  await cluster.restart();
  await cluster.create(podOf('later', { command: sleeps }));
  await cluster.until('later', isReady, 'ready');
  const after = await cluster.client.resource(pods, 'default').get('probed');
  expect(mainOf(after)?.containerID).toBe(mainOf(before)?.containerID);
  expect(after.status).toEqual(before.status);
  expect(await log('probed')).toBe('');
});

test('commands around a container: hooks', async () => {
  const hooks = { postStart: { exec: { command: ['sh', '-c', 'echo post > /dev/termination-log'] } }, preStop: { exec: { command: ['sh', '-c', 'echo pre >> /dev/termination-log'] } } };
  await cluster.create(podOf('hooks', { command: ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 0.1; done'], lifecycle: hooks }, { terminationGracePeriodSeconds: 10 }));
  await cluster.until('hooks', isReady, 'ready');
  await cluster.client.resource(pods, 'default').delete('hooks');
  const pod = await cluster.until('hooks', (found) => mainOf(found)?.state?.terminated !== undefined, 'terminated');
  expect(mainOf(pod)?.state?.terminated?.message).toBe('post\npre\n');
  await cluster.gone('hooks');
});

test('a deadline ends a pod, a full node refuses one', async () => {
  await cluster.create(podOf('deadline', { command: sleeps }, { activeDeadlineSeconds: 1 }));
  await cluster.create(podOf('toolarge', { command: sleeps, resources: { requests: { cpu: '4000' } } }));
  const large = await cluster.until('toolarge', ({ status }) => status?.phase === 'Failed', 'failed');
  expect(large.status).toMatchObject({ reason: 'OutOfcpu', message: expect.stringMatching(/^Pod was rejected: Node didn't have enough resource: cpu, requested: 4000000, used: \d+, capacity: \d+$/) });
  const late = await cluster.until('deadline', ({ status }) => status?.phase === 'Failed', 'failed');
  expect(late.status).toMatchObject({ reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' });
});

test('a sandbox that is gone is made again', async () => {
  await cluster.create(podOf('phoenix', { command: sleeps }));
  const before = await cluster.until('phoenix', isReady, 'ready');
  await cluster.killSandbox(before.metadata?.uid ?? '');
  const after = await cluster.until('phoenix', (pod) => isReady(pod) && mainOf(pod)?.restartCount === 1, 'made again');
  expect(mainOf(after)?.containerID).not.toBe(mainOf(before)?.containerID);
  expect(eventsOf('phoenix')).toContainEqual(expect.stringContaining('SandboxChanged'));
});

test('a static pod runs and has a mirror', async () => {
  const folder = join(cluster.root, 'manifests');
  await mkdir(folder, { recursive: true });
  const manifest = podOf('fixed', { command: sleeps });
  await writeFile(join(folder, 'fixed.yaml'), JSON.stringify(manifest));
  const mirror = await cluster.until('fixed-node-1', isReady, 'ready');
  expect(mirror.metadata?.annotations?.['kubernetes.io/config.mirror']).toMatch(/^[0-9a-f]{32}$/);
  expect(await run('fixed-node-1', ['echo', 'in'])).toBe('in\n');
  await rm(join(folder, 'fixed.yaml'));
  await cluster.gone('fixed-node-1');
});

test('the files of a pod lie where a kubelet keeps them', async () => {
  const { metadata } = await cluster.until('volumes', isReady, 'ready');
  const file = join(cluster.root, 'pods', metadata?.uid ?? '', 'volumes', 'kubernetes.io~configmap', 'settings', 'color');
  expect(await readFile(file, 'utf8')).toBe('blue');
});

test('a pod that is deleted while its image is pulled leaves nothing', async () => {
  await cluster.create(podOf('early', { image: 'nosuch.invalid/slow:1' }));
  await cluster.until('early', ({ status }) => status?.phase === 'Pending' && status.startTime !== undefined, 'seen');
  await cluster.client.resource(pods, 'default').delete('early');
  await cluster.gone('early');
});
