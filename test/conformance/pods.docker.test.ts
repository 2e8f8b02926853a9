/** What pods and services promise, seen from outside: two nodes on a real engine, and a real kubectl. */
import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

const cluster = new TestCluster('conformance', 'docker');
const kubectl = new Kubectl(cluster.kubeconfig);

beforeAll(async () => {
  await ensureSampleImages();
  await cluster.up('--nodes', '2');
});

afterAll(() => cluster[Symbol.asyncDispose]());

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { timeout: 2000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

const pod = (name: string, spec: string, container: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { name: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  ${spec}
  containers:
  - name: main
    image: kubicle-sample/worker:1
    ${container}
---`;
const serve = (text: string): string => `command: [sh, -c, 'mkdir /w; echo -n ${text} >/w/text; exec httpd -f -p 8080 -h /w']`;

test('a host port is free once on each node, and answers on that node’s address alone', async () => {
  const edge = (node: string): string => pod(`edge-${node}`, `nodeName: ${node}`, `${serve(node)}\n    ports: [{ containerPort: 8080, hostPort: 34323 }]`);
  await kubectl.apply(edge('node-1') + edge('node-2'));
  await kubectl.run('wait', '--for=condition=Ready', 'pod/edge-node-1', 'pod/edge-node-2', '--timeout=60s');
  for (const node of ['node-1', 'node-2']) {
    const { status } = await kubectl.json('get', 'node', node);
    const address = status.addresses.find(({ type }: { type: string }) => type === 'InternalIP').address;
    expect(await eventually('an answer', () => fetchText(`http://${address}:34323/text`))).toBe(node);
  }
});

test('a load balancer has an address that answers outside the cluster', async () => {
  await kubectl.apply(`${pod('balanced', '', serve('balanced'))}
apiVersion: v1
kind: Service
metadata: { name: balanced }
spec: { type: LoadBalancer, selector: { name: balanced }, ports: [{ port: 8099, targetPort: 8080 }] }`);
  const address = await eventually('an address', async () => (await kubectl.json('get', 'service', 'balanced')).status.loadBalancer?.ingress?.[0]?.ip as string | undefined);
  expect(await eventually('an answer', () => fetchText(`http://${address}:8099/text`))).toBe('balanced');
});

test('a pod is resized where it is', async () => {
  await kubectl.apply(pod('resized', '', 'command: [sleep, "1000"]\n    resources: { requests: { cpu: 100m, memory: 50Mi }, limits: { cpu: 200m, memory: 100Mi } }'));
  await kubectl.run('wait', '--for=condition=Ready', 'pod/resized', '--timeout=60s');
  const resources = { requests: { cpu: '150m', memory: '60Mi' }, limits: { cpu: '300m', memory: '120Mi' } };
  await kubectl.run('patch', 'pod', 'resized', '--subresource=resize', '-p', JSON.stringify({ spec: { containers: [{ name: 'main', resources }] } }));
  const [status] = await eventually('the resize', async () => {
    const { containerStatuses } = (await kubectl.json('get', 'pod', 'resized')).status;
    return containerStatuses[0].resources.limits.memory === '120Mi' && containerStatuses;
  });
  expect(status).toMatchObject({ resources, restartCount: 0 });
  const limit = await kubectl.run('exec', 'resized', '--', 'sh', '-c', 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes');
  expect(Number(limit)).toBe(120 * 1024 * 1024);
});

test('what an optional volume is made of may come, change and go', async () => {
  await kubectl.apply(pod('reader', 'volumes: [{ name: v, configMap: { name: late, optional: true } }]', 'command: [sleep, "1000"]\n    volumeMounts: [{ name: v, mountPath: /v }]'));
  await kubectl.run('wait', '--for=condition=Ready', 'pod/reader', '--timeout=60s');
  const shows = (text: string): Promise<boolean> => eventually(`"${text}" in the volume`, async () => (await kubectl.run('exec', 'reader', '--', 'sh', '-c', 'cat /v/key 2>/dev/null || echo -n nothing')) === text);
  await shows('nothing');
  await kubectl.run('create', 'configmap', 'late', '--from-literal=key=one');
  await shows('one');
  await kubectl.run('patch', 'configmap', 'late', '-p', '{"data":{"key":"two"}}');
  await shows('two');
  await kubectl.run('delete', 'configmap', 'late');
  await shows('nothing');
});

test('a claim that a pod uses stays until the pod is gone, and its volume with it', async () => {
  await kubectl.apply(`${pod('user', 'volumes: [{ name: v, persistentVolumeClaim: { claimName: data } }]', 'command: [sleep, "1000"]\n    volumeMounts: [{ name: v, mountPath: /v }]')}
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }`);
  await kubectl.run('wait', '--for=condition=Ready', 'pod/user', '--timeout=60s');
  await kubectl.run('delete', 'pvc', 'data', '--wait=false');
  expect((await kubectl.json('get', 'pvc', 'data')).metadata).toMatchObject({ deletionTimestamp: expect.any(String), finalizers: ['kubernetes.io/pvc-protection'] });
  await kubectl.run('delete', 'pod', 'user');
  await eventually('the end of the claim and its volume', async () => (await kubectl.run('get', 'pvc,pv', '-o', 'name')) === '');
});

test('a path in a volume that leads out of it is refused when its variables are known', async () => {
  await kubectl.apply(pod('out', 'volumes: [{ name: v, emptyDir: {} }]', 'command: ["true"]\n    env: [{ name: P, value: /tmp }]\n    volumeMounts: [{ name: v, mountPath: /v, subPathExpr: $(P) }]'));
  const waiting = await eventually('the refusal', async () => (await kubectl.json('get', 'pod', 'out')).status.containerStatuses?.[0]?.state.waiting?.message as string | undefined);
  expect(waiting).toBe('error SubPath `/tmp` must not be an absolute path');
});
