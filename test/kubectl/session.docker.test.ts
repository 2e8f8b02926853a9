/** A morning with kubectl: a real one, against containers on a real engine, one step after the other. */
import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, finished, TestCluster } from '../support/kubicle.ts';

const web = `
apiVersion: v1
kind: ConfigMap
metadata: { name: page }
data: { index.html: "hello from a pod\\n" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: httpd
        image: kubicle-sample/web:1
        ports: [{ name: http, containerPort: 8080 }]
        readinessProbe: { httpGet: { path: /, port: http }, periodSeconds: 1 }
        volumeMounts: [{ name: page, mountPath: /www }]
      volumes: [{ name: page, configMap: { name: page } }]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: NodePort
  selector: { app: web }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: v1
kind: Pod
metadata: { name: worker, labels: { app: worker } }
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: kubicle-sample/worker:1
    command: [sh, -c, 'i=0; while true; do i=$((i+1)); echo "tick $i"; sleep 0.2; done']
`;

const cluster = new TestCluster('session', 'docker');
const kubectl = new Kubectl(cluster.kubeconfig);

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

function engine(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' });
}

beforeAll(async () => {
  await ensureSampleImages();
  await cluster.up('--nodes', '3');
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

describe('a session with kubectl', () => {
  test('get nodes', async () => {
    const lines = (await kubectl.run('get', 'nodes')).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines.slice(1)) expect(line).toMatch(/^node-[123]\s+Ready\s+\S+\s+\S+\s+v1\.36\.0$/);
  });

  test('describe node', async () => {
    const text = await kubectl.run('describe', 'node', 'node-1');
    expect(text).toMatch(/Container Runtime Version:\s+docker:\/\//);
    expect(text).toMatch(/Ready\s+True\s.*KubeletReady/);
    expect(text).toMatch(/Allocatable:\n\s+cpu:/);
  });

  test('apply', async () => {
    expect(await kubectl.apply(web)).toBe('configmap/page created\ndeployment.apps/web created\nservice/web created\npod/worker created\n');
    expect(await kubectl.run('rollout', 'status', 'deployment/web', '--timeout=60s')).toContain('deployment "web" successfully rolled out');
    expect(await kubectl.apply(web)).toBe('configmap/page unchanged\ndeployment.apps/web unchanged\nservice/web unchanged\npod/worker unchanged\n');
  });

  test('get -o wide', async () => {
    const text = await kubectl.run('get', 'pods', '-o', 'wide', '-l', 'app=web');
    expect(text).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES\n/);
    expect(text.match(/1\/1\s+Running\s+0\s+\S+\s+10\.\d+\.\d+\.\d+\s+node-\d\s+<none>\s+<none>/g)).toHaveLength(2);
  });

  test('describe pod', async () => {
    // Of several objects at once kubectl shows no events.
    const [pod = ''] = (await kubectl.run('get', 'pods', '-l', 'app=web', '-o', 'name')).split('\n');
    const text = await kubectl.run('describe', pod);
    for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started']) expect(text).toMatch(new RegExp(`Normal\\s+${reason}\\s`));
    expect(text).toMatch(/Controlled By:\s+ReplicaSet\/web-/);
  });

  test('logs -f', async () => {
    const child = kubectl.spawn('logs', '-f', 'worker');
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const first = await eventually('the first lines', async () => /tick (\d+)/.exec(text)?.[1]);
    await eventually('later lines', async () => text.includes(`tick ${Number(first) + 3}\n`));
    child.kill();
    expect(await kubectl.run('logs', 'worker', '--tail=1')).toMatch(/^tick \d+\n$/);
  });

  test('exec', async () => {
    expect(await kubectl.run('exec', 'worker', '--', 'sh', '-c', 'echo $((6*7)); hostname')).toBe('42\nworker\n');
    const failing = await kubectl.try(['exec', 'worker', '--', 'sh', '-c', 'exit 3']);
    expect(failing).toMatchObject({ code: 3, err: 'command terminated with exit code 3\n' });
    const echoed = await kubectl.try(['exec', '-i', 'worker', '--', 'cat'], 'through the pod\n');
    expect(echoed).toMatchObject({ code: 0, out: 'through the pod\n' });
  });

  test('port-forward', async () => {
    const child = kubectl.spawn('port-forward', 'service/web', ':80');
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const port = await eventually('the local port', async () => /127\.0\.0\.1:(\d+) ->/.exec(text)?.[1]);
    expect(await fetchText(`http://127.0.0.1:${port}/`)).toBe('hello from a pod\n');
    const ended = finished(child);
    child.kill();
    await ended;
  });

  test('services: by name and address from a pod, by node port from here', async () => {
    const service = await kubectl.json('get', 'service', 'web');
    expect(await kubectl.run('exec', 'worker', '--', 'wget', '-q', '-O', '-', 'http://web/')).toBe('hello from a pod\n');
    expect(await kubectl.run('exec', 'worker', '--', 'wget', '-q', '-O', '-', 'http://web.default.svc.cluster.local/')).toBe('hello from a pod\n');
    expect(await kubectl.run('exec', 'worker', '--', 'wget', '-q', '-O', '-', `http://${service.spec.clusterIP}/`)).toBe('hello from a pod\n');
    const nodes = await kubectl.json('get', 'nodes');
    for (const node of nodes.items) {
      const address = node.status.addresses.find((entry: any) => entry.type === 'InternalIP').address;
      expect(await fetchText(`http://${address}:${service.spec.ports[0].nodePort}/`)).toBe('hello from a pod\n');
    }
  });

  test('pods reach each other across nodes', async () => {
    const pods = await kubectl.json('get', 'pods', '-l', 'app=web');
    for (const pod of pods.items) {
      expect(await kubectl.run('exec', 'worker', '--', 'wget', '-q', '-O', '-', `http://${pod.status.podIP}:8080/`)).toBe('hello from a pod\n');
    }
  });

  test('rollout: a new image that does not exist stops, undo mends it', async () => {
    await kubectl.run('set', 'image', 'deployment/web', 'httpd=registry.invalid/none:1');
    await eventually('the failing pull', async () => (await kubectl.run('get', 'pods', '-l', 'app=web')).match(/ErrImagePull|ImagePullBackOff/) !== null, 60_000);
    expect((await kubectl.json('get', 'deployment', 'web')).status.availableReplicas).toBe(2);
    expect(await kubectl.run('rollout', 'undo', 'deployment/web')).toContain('rolled back');
    expect(await kubectl.run('rollout', 'status', 'deployment/web', '--timeout=60s')).toContain('successfully rolled out');
  });

  test('a container that exits at once ends up in CrashLoopBackOff', async () => {
    await kubectl.run('run', 'crash', '--image=kubicle-sample/worker:1', '--command', '--', 'sh', '-c', 'echo dying; exit 1');
    await eventually('the back-off', async () => (await kubectl.run('get', 'pod', 'crash')).includes('CrashLoopBackOff'), 60_000);
    expect(await kubectl.run('logs', 'crash', '--previous')).toBe('dying\n');
    await kubectl.run('delete', 'pod', 'crash', '--now');
  });

  test('a restarted host adopts what runs', async () => {
    const running = () => engine('ps', '-q', '--no-trunc', '--filter', 'label=io.kubernetes.pod.name', '--filter', 'status=running').split('\n').sort();
    const before = running();
    const pods = await kubectl.json('get', 'pods');
    process.kill(cluster.file.pid, 'SIGKILL');
    await cluster.up();
    await eventually('the nodes', async () => (await kubectl.run('get', 'nodes')).match(/ Ready /g)?.length === 3);
    await kubectl.run('rollout', 'status', 'deployment/web', '--timeout=30s');
    expect(running()).toEqual(before);
    const after = await kubectl.json('get', 'pods');
    const restarts = (list: any) => list.items.map((pod: any) => [pod.metadata.uid, pod.status.containerStatuses[0].restartCount]);
    expect(restarts(after)).toEqual(restarts(pods));
  });

  test('delete', async () => {
    await kubectl.run('delete', 'deployment/web', 'service/web', 'configmap/page', 'pod/worker');
    await eventually('the end of the pods', async () => (await kubectl.json('get', 'pods')).items.length === 0);
  });

  test('down --delete leaves nothing on the engine', async () => {
    const id = engine('network', 'ls', '--format', '{{.Label "dev.kubicle.cluster"}}').split('\n').find((label) => label.startsWith('session'));
    expect(id).toBeDefined();
    await cluster.run('down', '--delete');
    for (const kind of ['container', 'network', 'volume']) {
      expect([kind, engine(kind, 'ls', ...(kind === 'container' ? ['-a'] : []), '-q', '--filter', `label=dev.kubicle.cluster=${id}`)]).toEqual([kind, '']);
    }
  });
});
