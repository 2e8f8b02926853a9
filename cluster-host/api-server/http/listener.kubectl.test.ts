/** The HTTPS side with real sockets: plain requests, hostile ones, watches over both transports, and kubectl. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { decodeProtobuf } from '../../api/protobuf/codec.ts';
import { loadCredentials, type ClusterCredentials } from '../../pki/credentials.ts';
import { memoryDisk } from '../../platform/simulated/disk.ts';
import { nodePlatform } from '../../platform/node/platform.ts';
import { silentLogger } from '../../platform/node/logger.ts';
import { createMemoryStore } from '../../storage/memory/memory-store.ts';
import { createApiServer } from '../create.ts';
import type { ApiServer } from '../server.ts';

let server: ApiServer;
let credentials: ClusterCredentials;
let port = 0;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-server-'));
  const platform = { ...nodePlatform(silentLogger), disk: memoryDisk() };
  credentials = await loadCredentials(platform, '/pki', ['127.0.0.1', 'localhost']);
  const { authority, serving, serviceAccountKey, token } = credentials;
  server = await createApiServer({
    platform,
    store: createMemoryStore(),
    nodes: { node: () => undefined },
    serviceCidr: '10.96.0.0/16',
    nodePortRange: [30_000, 32_767],
    credentials: { caCertificate: authority.certificate, caKey: authority.key, servingCertificate: serving.certificate, servingKey: serving.key, serviceAccountKey },
    tokens: new Map([[token, { name: 'kubernetes-admin', groups: ['system:masters'] }]]),
    issuer: 'https://kubernetes.default.svc.cluster.local',
  });
  [port = 0] = await server.listen([{ host: '127.0.0.1', port: 0 }]);
  await server.handle({ user: { name: 'setup', groups: ['system:masters'] }, method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts', body: { metadata: { name: 'default' } } });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function send(method: string, path: string, options: RequestOptions & { readonly body?: string | Buffer } = {}): Promise<Reply> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const message = request({ host: '127.0.0.1', port, path, method, ca: credentials.authority.certificate, agent: false, ...rest }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('latin1') }));
    });
    message.on('error', reject);
    message.end(body);
  });
}

const certificate = (): RequestOptions => ({ cert: credentials.administrator.certificate, key: credentials.administrator.key });
const bearer = (): RequestOptions => ({ headers: { authorization: `Bearer ${credentials.token}`, 'content-type': 'application/json' } });

test('a client is known by certificate or token; a wrong token is refused, and none is anonymous', async () => {
  expect((await send('GET', '/api/v1/namespaces', certificate())).status).toBe(200);
  expect((await send('GET', '/api/v1/namespaces', bearer())).status).toBe(200);
  expect((await send('GET', '/api/v1/namespaces', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect(JSON.parse((await send('GET', '/api/v1/namespaces')).body).message).toContain('User "system:anonymous" cannot list resource "namespaces"');
});

test('answers are JSON, YAML, pretty or compressed, as asked', async () => {
  const yaml = await send('GET', '/api/v1/namespaces/default', { ...certificate(), headers: { accept: 'application/yaml' } });
  expect([yaml.headers['content-type'], yaml.body.split('\n')[1]]).toEqual(['application/yaml', 'apiVersion: v1']);
  expect((await send('GET', '/version?pretty=true', certificate())).body).toContain('{\n  "major": "1"');
  const document = await send('GET', '/openapi/v2', { ...certificate(), headers: { 'accept-encoding': 'gzip' } });
  expect([document.headers['content-encoding'], document.body.length < 300_000]).toEqual(['gzip', true]);
  const cached = await send('GET', '/openapi/v2', { ...certificate(), headers: { 'if-none-match': String(document.headers['etag']) } });
  expect([cached.status, cached.body]).toEqual([304, '']);
});

test('items of a list are without kind, and the bytes are valid JSON', async () => {
  const { body } = await send('GET', '/api/v1/namespaces', certificate());
  const list = JSON.parse(body);
  expect([list.kind, list.items.length, Object.keys(list.items[0]).sort()]).toEqual(['NamespaceList', 4, ['metadata', 'spec', 'status']]);
});

test('a body over the limit is refused, and the server goes on', async () => {
  const path = '/api/v1/namespaces/default/configmaps';
  const large = Buffer.alloc(3 * 1024 * 1024 + 1, 'x');
  const refused = await send('POST', path, { ...bearer(), body: large }).catch((error: NodeJS.ErrnoException) => ({ status: error.code === 'EPIPE' || error.code === 'ECONNRESET' ? 413 : 0 }));
  expect(refused.status).toBe(413);
  expect((await send('POST', path, { ...bearer(), body: '{"metadata":{"name":"small"}}' })).status).toBe(201);
});

test('what is no HTTP, no TLS, or breaks off harms nobody', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca: credentials.authority.certificate }, () => socket.end('no HTTP\r\n\r\n'));
    socket.on('close', () => resolve());
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve) => {
    const message = request({ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/namespaces', ca: credentials.authority.certificate, agent: false, headers: { 'content-length': 1000, authorization: `Bearer ${credentials.token}` } });
    message.on('error', () => undefined);
    message.on('close', () => resolve());
    message.write('{"half');
    setTimeout(() => message.destroy(), 50);
  });
  expect((await send('GET', '/api/v1/%zz', certificate())).status).toBe(400);
  expect((await send('GET', '/readyz', certificate())).body).toBe('ok');
});

test('a watch streams lines over HTTP and messages over WebSocket', async () => {
  const path = '/api/v1/namespaces/kube-public/configmaps?watch=true&timeoutSeconds=2';
  const lines = send('GET', path, certificate());
  const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, { ca: credentials.authority.certificate, headers: { authorization: `Bearer ${credentials.token}` } });
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  await new Promise((resolve) => socket.once('open', resolve));
  await send('POST', '/api/v1/namespaces/kube-public/configmaps', { ...bearer(), body: '{"metadata":{"name":"seen"}}' });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const seen = (await lines).body.trim().split('\n').map((line) => JSON.parse(line));
  await closed;
  expect(seen.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(['ADDED seen']);
  expect(messages.map((message) => JSON.parse(message))).toEqual(seen);
});

test('answers are protobuf for those who prefer it: objects, lists, refusals, watches', async () => {
  const accepting = (accept: string): RequestOptions => ({ ...certificate(), headers: { accept } });
  const protobuf = accepting('application/vnd.kubernetes.protobuf,application/json');
  const decoded = ({ body }: Reply, from = 0): unknown => decodeProtobuf(Buffer.from(body, 'latin1').subarray(from));
  const namespace = await send('GET', '/api/v1/namespaces/default', protobuf);
  expect(namespace.headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
  expect(decoded(namespace)).toMatchObject({ ok: true, value: { kind: 'Namespace', metadata: { name: 'default' }, status: { phase: 'Active' } } });
  const missing = await send('GET', '/api/v1/namespaces/none', protobuf);
  expect([missing.status, decoded(missing)]).toMatchObject([404, { value: { kind: 'Status', reason: 'NotFound', message: 'namespaces "none" not found' } }]);
  expect((await send('GET', '/api/v1/namespaces', protobuf)).body).toMatch(/^k8s\0[^]*NamespaceList[^]*default[^]*kube-system/);
  await send('POST', '/api/v1/namespaces/kube-public/secrets', { ...bearer(), body: '{"metadata":{"name":"watched"}}' });
  const watch = await send('GET', '/api/v1/namespaces/kube-public/secrets?watch=true&timeoutSeconds=1', protobuf);
  const events = Buffer.from(watch.body, 'latin1');
  expect([watch.headers['content-type'], events.readUInt32BE(0)]).toEqual(['application/vnd.kubernetes.protobuf;stream=watch', events.length - 4]);
  expect(decoded(watch, events.indexOf('k8s\0'))).toMatchObject({ value: { kind: 'Secret', metadata: { name: 'watched' } } });
});

test('a client that prefers protobuf gets JSON of what has no protobuf form, or 406', async () => {
  const get = (accept: string): Promise<Reply> => send('GET', '/apis', { ...certificate(), headers: { accept } });
  expect((await get('application/vnd.kubernetes.protobuf,application/json')).headers['content-type']).toBe('application/json');
  expect((await get('application/vnd.kubernetes.protobuf')).status).toBe(406);
});

test('an upgrade that is not allowed is answered with a Status', async () => {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/api/v1/pods?watch=true`, { ca: credentials.authority.certificate });
  const status = await new Promise((resolve) => socket.on('unexpected-response', (_request, response) => resolve(response.statusCode)));
  expect(status).toBe(403);
});

test('kubectl works: apply, get, patch, scale, wait, explain, delete', async () => {
  const config = join(folder, 'config');
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  const { authority, administrator } = credentials;
  await writeFile(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': encode(authority.certificate) } }],
      users: [{ name: 'u', user: { 'client-certificate-data': encode(administrator.certificate), 'client-key-data': encode(administrator.key) } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const kubectl = async (...words: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('kubectl', ['--kubeconfig', config, '--cache-dir', join(folder, 'cache'), ...words]);
    return stdout + stderr;
  };
  const manifest = join(folder, 'web.yaml');
  const write = (image: string): Promise<void> =>
    writeFile(
      manifest,
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: c, image: "${image}", ports: [{containerPort: 80}]}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n`,
    );
  await write('a:1');
  expect(await kubectl('apply', '-f', manifest)).toBe('deployment.apps/web created\nservice/web created\n');
  expect(await kubectl('apply', '-f', manifest)).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
  await write('a:2');
  expect(await kubectl('diff', '-f', manifest).catch((error: { stdout: string }) => error.stdout)).toContain('+      - image: a:2');
  expect(await kubectl('apply', '--server-side', '-f', manifest)).toContain('serverside-applied');
  expect(await kubectl('get', 'deployment,service', '-o', 'wide')).toMatch(/deployment\.apps\/web +0\/2 +0 +0 +\S+ +c +a:2 +app=web/);
  expect(await kubectl('scale', 'deployment', 'web', '--replicas=3')).toBe('deployment.apps/web scaled\n');
  expect(await kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas} {.metadata.generation}')).toBe('3 3');
  expect(await kubectl('label', 'service', 'web', 'x=y')).toBe('service/web labeled\n');
  expect(await kubectl('get', 'service', '-l', 'x=y', '-o', 'name')).toBe('service/web\n');
  expect(await kubectl('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas <integer>');
  expect(await kubectl('describe', 'service', 'web')).toMatch(/Selector: +app=web/);
  expect(await kubectl('delete', '-f', manifest, '--wait=false')).toContain('service "web" deleted');
  const invalid = await kubectl('create', '-f', manifest, '--namespace', 'none').catch((error: { stderr: string }) => error.stderr);
  expect(invalid).toContain('namespaces "none" not found');
});
