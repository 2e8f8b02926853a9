/** The official JavaScript client, unchanged, with the kubeconfig that `up` wrote. */
import { PassThrough } from 'node:stream';
import { createServer, type AddressInfo } from 'node:net';
import { get } from 'node:http';
import { AppsV1Api, CoreV1Api, Exec, KubeConfig, Log, PortForward, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

const cluster = new TestCluster('client-node', 'docker');
const config = new KubeConfig();
const namespace = 'default';

beforeAll(async () => {
  await ensureSampleImages();
  await cluster.up();
  config.loadFromFile(cluster.kubeconfig);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

test('creates a pod and sees it run on a watch', async () => {
  const api = config.makeApiClient(CoreV1Api);
  const running = Promise.withResolvers<void>();
  const watch = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    {},
    (_type, pod) => {
      if (pod.metadata.name === 'web' && pod.status?.phase === 'Running') running.resolve();
    },
    () => undefined,
  );
  const container = { name: 'main', image: 'kubicle-sample/web:1', command: ['sh', '-c', 'mkdir -p /www; echo hello > /www/index.html; echo started; exec httpd -f -p 8080 -h /www'] };
  await api.createNamespacedPod({ namespace, body: { metadata: { name: 'web', labels: { app: 'web' } }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } } });
  await running.promise;
  watch.abort();
  const pods = await api.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  expect(pods.items.map((pod) => pod.metadata?.name)).toEqual(['web']);
  expect(pods.items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date);
});

test('reads a log', async () => {
  const text = await eventually('the first line', async () => {
    const stream = new PassThrough();
    let read = '';
    stream.on('data', (chunk: Buffer) => (read += chunk.toString()));
    await new Log(config).log(namespace, 'web', 'main', stream, { follow: false });
    await new Promise((resolve) => stream.once('end', resolve));
    return read === '' ? undefined : read;
  });
  expect(text).toBe('started\n');
});

test('runs a command, and hears of its failure', async () => {
  const run = (command: string[]) =>
    new Promise<{ out: string; status: string | undefined }>((resolve, reject) => {
      const out = new PassThrough();
      let text = '';
      out.on('data', (chunk: Buffer) => (text += chunk.toString()));
      new Exec(config).exec(namespace, 'web', 'main', command, out, null, null, false, (status) => resolve({ out: text, status: status.status })).catch(reject);
    });
  expect(await run(['sh', '-c', 'echo $((6*7))'])).toEqual({ out: '42\n', status: 'Success' });
  expect((await run(['sh', '-c', 'exit 3'])).status).toBe('Failure');
});

test('forwards a port', async () => {
  const forward = new PortForward(config);
  const server = createServer((socket) => void forward.portForward(namespace, 'web', [8080], socket, null, socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const text = await new Promise<string>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/', agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });
  server.close();
  expect(text).toBe('hello\n');
});

test('an error carries the Status', async () => {
  const api = config.makeApiClient(AppsV1Api);
  const body = { metadata: { name: 'Wrong_Name' }, spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } } };
  await expect(api.createNamespacedDeployment({ namespace, body })).rejects.toMatchObject({ code: 422 });
});
