/** Webhooks through the whole request chain, answered by an HTTPS server of this test. */
import { createServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAuthority, issueCertificate } from '../../../pki/certificates.ts';
import { httpsCaller } from './sockets/https-caller.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let it: TestServer;
let hooks: Server;
let url: string;
let caBundle: string;
/** What was asked since the test began. */
let asked: any[];
/** By path: what a webhook answers to a request. */
let answers: Record<string, (request: any) => object>;

beforeAll(async () => {
  const authority = createAuthority('test', Date.now());
  const { certificate, key } = issueCertificate(authority, { commonName: 'hook', usage: 'server', hosts: ['127.0.0.1', 'hook.default.svc'] }, Date.now());
  caBundle = Buffer.from(authority.certificate).toString('base64');
  hooks = createServer({ cert: certificate, key }, (message, response) => {
    void text(message).then((body) => {
      const { request, apiVersion } = JSON.parse(body);
      const path = new URL(message.url ?? '', 'https://hook').pathname;
      asked.push({ ...request, path, apiVersion });
      const answer = answers[path];
      if (answer === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify({ kind: 'AdmissionReview', apiVersion, response: { uid: request.uid, allowed: true, ...answer(request) } }));
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(hooks.address() as { port: number }).port}`;
});
afterAll(() => void hooks.close());
beforeEach(async () => {
  asked = [];
  answers = {};
  it = await createTestServer();
});

const maps = '/api/v1/namespaces/default/configmaps';
const patch = (...operations: object[]): object => ({ patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') });
const rules = [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];

async function configure(type: 'Mutating' | 'Validating', name: string, paths: readonly string[], more: object = {}): Promise<void> {
  const webhooks = paths.map((path) => ({ name: `${path.slice(1)}.example.com`, clientConfig: { url: url + path, caBundle }, rules, sideEffects: 'None', admissionReviewVersions: ['v1'], ...more }));
  await it.create(`/apis/admissionregistration.k8s.io/v1/${type.toLowerCase()}webhookconfigurations`, { metadata: { name }, webhooks });
}

async function post(data?: object, query = ''): Promise<[number, any, string | undefined]> {
  const { status, body, headers } = await it.call('POST', maps + query, { metadata: { name: 'm' }, ...(data && { data }) });
  return [status, status < 300 ? body : body.message, headers['warning']];
}

test('mutating webhooks change the object one after the other, in the order of names', async () => {
  answers = { '/one': () => patch({ op: 'add', path: '/data', value: { one: '1' } }), '/two': ({ object }) => patch({ op: 'add', path: '/data/two', value: JSON.stringify(object.data) }) };
  await configure('Mutating', 'b', ['/two']);
  await configure('Mutating', 'a', ['/one']);
  const [, made] = await post();
  expect(made.data).toEqual({ one: '1', two: '{"one":"1"}' });
  expect(asked[0]).toMatchObject({ operation: 'CREATE', kind: { group: '', version: 'v1', kind: 'ConfigMap' }, resource: { resource: 'configmaps' }, name: 'm', namespace: 'default', userInfo: { username: 'kubernetes-admin' }, oldObject: null, dryRun: false, options: { kind: 'CreateOptions' } });
});

test('who wants to be is asked again when others changed the object', async () => {
  answers = { '/one': ({ object }) => (object.data?.two === undefined ? {} : patch({ op: 'add', path: '/data/one', value: 'again' })), '/two': () => patch({ op: 'add', path: '/data', value: { two: '2' } }) };
  await configure('Mutating', 'a', ['/one'], { reinvocationPolicy: 'IfNeeded' });
  await configure('Mutating', 'b', ['/two']);
  const [, made] = await post();
  expect(made.data).toEqual({ one: 'again', two: '2' });
  expect(asked.map(({ path }) => path)).toEqual(['/one', '/two', '/one']);
});

test('validating webhooks refuse, on creation, update and deletion', async () => {
  answers = { '/deny': ({ object, oldObject }) => ((object ?? oldObject).data?.bad === undefined ? {} : { allowed: false, status: { message: 'bad data' } }) };
  await configure('Validating', 'a', ['/deny']);
  expect(await post({ bad: 'x' })).toEqual([400, 'admission webhook "deny.example.com" denied the request: bad data', undefined]);
  expect((await post({ good: 'x' }))[0]).toBe(201);
  expect((await it.call('PUT', `${maps}/m`, { metadata: { name: 'm' }, data: { bad: 'x' } })).status).toBe(400);
  expect((await it.call('DELETE', `${maps}/m`)).status).toBe(200);
  expect(asked.map(({ operation }) => operation)).toEqual(['CREATE', 'CREATE', 'UPDATE', 'DELETE']);
});

test('a webhook that cannot be called fails the request, or is passed over', async () => {
  await configure('Validating', 'a', ['/missing']);
  expect(await post()).toEqual([500, 'Internal error occurred: failed calling webhook "missing.example.com": failed to call webhook: the server could not find the requested resource', undefined]);
  await it.call('DELETE', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/a');
  await configure('Validating', 'b', ['/missing'], { failurePolicy: 'Ignore' });
  expect((await post())[0]).toBe(201);
});

test('certificates are checked, and services must be there', async () => {
  await configure('Validating', 'a', ['/x'], { clientConfig: { url } });
  expect((await post())[1]).toContain(`Post "${url}?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority`);
  await it.call('DELETE', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/a');
  await configure('Validating', 'b', ['/x'], { clientConfig: { service: { name: 'hook', namespace: 'default', path: '/x' } } });
  expect((await post())[1]).toBe('Internal error occurred: failed calling webhook "x.example.com": failed to call webhook: Post "https://hook.default.svc:443/x?timeout=10s": service "hook" not found');
});

test('dry runs go only to webhooks without side effects; warnings reach the client', async () => {
  answers = { '/warn': () => ({ warnings: ['take care'] }) };
  await configure('Validating', 'a', ['/warn']);
  expect((await post({}, '?dryRun=All'))[2]).toContain('take care');
  expect(asked[0].dryRun).toBe(true);
});

test('what a webhook adds beyond the schema is dropped, and defaults are filled in after it', async () => {
  answers = { '/add': () => patch({ op: 'add', path: '/spec/ports/0/name', value: 'http' }, { op: 'add', path: '/spec/unknown', value: 1 }, { op: 'remove', path: '/spec/ports/0/protocol' }) };
  await configure('Mutating', 'a', ['/add'], { rules: [{ ...rules[0], resources: ['services'] }] });
  const made = await it.create('/api/v1/namespaces/default/services', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  expect(made['spec'].ports[0]).toMatchObject({ name: 'http', protocol: 'TCP' });
  expect(made['spec'].unknown).toBeUndefined();
});

test('connections to a pod can be refused', async () => {
  answers = { '/attach': ({ kind, operation, subResource }) => ({ allowed: false, status: { message: `${operation} ${subResource} ${kind.kind}` } }) };
  await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await it.create('/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  await configure('Validating', 'a', ['/attach'], { rules: [{ ...rules[0], operations: ['CONNECT'], resources: ['pods/attach'] }] });
  expect((await it.call('POST', '/api/v1/namespaces/default/pods/p/attach?stdin=true')).body.message).toBe('admission webhook "attach.example.com" denied the request: CONNECT attach PodAttachOptions');
});

test('a scale and a binding are shown as what they are', async () => {
  answers = { '/see': () => ({}), '/more': ({ object }) => patch({ op: 'replace', path: '/spec/replicas', value: object.spec.replicas + 1 }) };
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await it.create('/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'd' }, spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template } });
  await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await it.create('/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: template.spec });
  const scales = { operations: ['UPDATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments/scale'] };
  await configure('Mutating', 'a', ['/more'], { rules: [scales] });
  await configure('Validating', 'b', ['/see'], { rules: [scales, { ...rules[0], resources: ['pods/binding'] }] });
  const scaled = await it.call('PUT', '/apis/apps/v1/namespaces/default/deployments/d/scale', { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'd', namespace: 'default' }, spec: { replicas: 3 } });
  expect(scaled.body.spec.replicas).toBe(4);
  expect(asked[1]).toMatchObject({ kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, resource: { group: 'apps', resource: 'deployments' }, subResource: 'scale', operation: 'UPDATE', object: { spec: { replicas: 4 } }, oldObject: { spec: { replicas: 1 } } });
  await it.call('POST', '/api/v1/namespaces/default/pods/p/binding', { kind: 'Binding', apiVersion: 'v1', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } });
  expect(asked[2]).toMatchObject({ kind: { kind: 'Binding' }, resource: { resource: 'pods' }, subResource: 'binding', operation: 'CREATE', object: { target: { kind: 'Node', name: 'n' } }, oldObject: null });
});

test('a service is reached at its place, under its own name', async () => {
  answers = { '/x': () => ({ warnings: ['reached'] }) };
  const port = Number(new URL(url).port);
  const endpoint = { url: 'https://hook.default.svc:443/x', place: { host: '127.0.0.1', port, node: '' }, authorities: Buffer.from(caBundle, 'base64').toString() };
  const caller = httpsCaller({ node: () => undefined });
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u' } };
  expect(await caller.post(endpoint, review, 5)).toMatchObject({ response: { uid: 'u', warnings: ['reached'] } });
  await expect(caller.post({ ...endpoint, place: { host: '127.0.0.1', port: 1, node: '' } }, review, 5)).rejects.toThrow('failed to call webhook: Post "https://hook.default.svc:443/x": dial tcp 127.0.0.1:1: connect: connection refused');
});
