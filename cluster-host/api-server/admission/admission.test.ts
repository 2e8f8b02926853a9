/** What admission adds and refuses, through the whole request chain. */
import { beforeEach, expect, test } from 'vitest';
import type { InProcessResponse } from '../server.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
  await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

const pods = '/api/v1/namespaces/default/pods';
const pod = (resources?: object, rest: object = {}): object => ({ metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i', ...(resources === undefined ? {} : { resources }) }], ...rest } });
const post = async (path: string, object: unknown): Promise<[number, any]> => {
  const { status, body } = await it.call('POST', path, object);
  return [status, status < 300 ? body : body.message];
};

const warningsOf = ({ headers }: InProcessResponse): unknown[] => [...(headers['warning'] ?? '').matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map(([, text = '']) => JSON.parse(text));

test('LimitRanger gives defaults and says so', async () => {
  await it.create('/api/v1/namespaces/default/limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m', memory: '1Mi' } }] } });
  const [, made] = await post(pods, pod());
  expect(made.spec.containers[0].resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m', memory: '1Mi' } });
  expect(made.metadata.annotations['kubernetes.io/limit-ranger']).toBe('LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c');
});

test.each([
  [{ min: { cpu: '100m' } }, undefined, 'minimum cpu usage per Pod is 100m.  No request is specified'],
  [{ max: { cpu: '1' } }, undefined, 'maximum cpu usage per Pod is 1.  No limit is specified'],
  [{ max: { cpu: '1' } }, { limits: { cpu: '1500m' } }, 'maximum cpu usage per Pod is 1, but limit is 1500m'],
  [{ min: { memory: '1Gi' } }, { requests: { memory: '512Mi' } }, 'minimum memory usage per Pod is 1Gi, but request is 512Mi'],
  [{ maxLimitRequestRatio: { cpu: '2' } }, { requests: { cpu: '100m' }, limits: { cpu: '300m' } }, 'cpu max limit to request ratio per Pod is 2, but provided ratio is 3.000000'],
  [{ min: { cpu: '1', memory: '1' } }, undefined, '[minimum cpu usage per Pod is 1.  No request is specified, minimum memory usage per Pod is 1.  No request is specified]'],
])('LimitRanger: %j refuses %j', async (limit, resources, message) => {
  await it.create('/api/v1/namespaces/default/limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type: 'Pod', ...limit }] } });
  expect(await post(pods, pod(resources))).toEqual([403, `pods "p" is forbidden: ${message}`]);
});

test('DefaultStorageClass names the default class', async () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  await it.create('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'fast', annotations }, provisioner: 'p' });
  const claim = (name: string, spec: object): object => ({ metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } });
  expect((await post('/api/v1/namespaces/default/persistentvolumeclaims', claim('a', {})))[1].spec.storageClassName).toBe('fast');
  expect((await post('/api/v1/namespaces/default/persistentvolumeclaims', claim('b', { storageClassName: '' })))[1].spec.storageClassName).toBe('');
});

test('RuntimeClass brings overhead and scheduling', async () => {
  expect(await post(pods, pod(undefined, { runtimeClassName: 'r' }))).toEqual([403, 'pods "p" is forbidden: pod rejected: RuntimeClass "r" not found']);
  const scheduling = { nodeSelector: { a: 'b' }, tolerations: [{ key: 'k', operator: 'Exists' }] };
  await it.create('/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'r' }, handler: 'h', overhead: { podFixed: { cpu: '10m' } }, scheduling });
  const [, made] = await post(pods, pod(undefined, { runtimeClassName: 'r' }));
  expect(made.spec).toMatchObject({ overhead: { cpu: '10m' }, nodeSelector: { a: 'b' }, tolerations: expect.arrayContaining([{ key: 'k', operator: 'Exists' }]) });
  const other = { ...pod(undefined, { runtimeClassName: 'r', overhead: { cpu: '1' } }), metadata: { name: 'q' } };
  expect(await post(pods, other)).toEqual([403, `pods "q" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`]);
});

test('PodSecurity refuses, warns, and looks at what is there', async () => {
  const labels = (level: string): object => ({ metadata: { name: 'n', labels: { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/warn': 'restricted' } } });
  await it.create('/api/v1/namespaces', labels('baseline'));
  await it.create('/api/v1/namespaces/n/serviceaccounts', { metadata: { name: 'default' } });
  const refused = await post('/api/v1/namespaces/n/pods', pod(undefined, { hostNetwork: true, containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }] }));
  expect(refused).toEqual([403, 'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), privileged (container "c" must not set securityContext.privileged=true)']);
  const restricted =
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
  const warned = await it.call('POST', '/api/v1/namespaces/n/pods', pod());
  expect([warned.status, warningsOf(warned)]).toEqual([201, [`would violate PodSecurity "restricted:latest": ${restricted}`]]);
  const stricter = await it.call('PUT', '/api/v1/namespaces/n', labels('restricted'));
  expect(warningsOf(stricter)).toEqual([
    'existing pods in namespace "n" violate the new PodSecurity enforce level "restricted:latest"',
    'p: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  ]);
  expect(await post('/api/v1/namespaces/n/pods', pod())).toEqual([403, `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${restricted}`]);
  expect((await it.call('PUT', '/api/v1/namespaces/n', labels('tight'))).status).toBe(422);
});

test('ResourceQuota grants no more than it has, to many at once either', async () => {
  const quotas = '/api/v1/namespaces/default/resourcequotas';
  const hard = { pods: '3', 'requests.cpu': '250m' };
  await it.create(quotas, { metadata: { name: 'q' }, spec: { hard } });
  await it.call('PATCH', `${quotas}/q/status`, { status: { hard, used: { pods: '0', 'requests.cpu': '0' } } }, { headers: { 'content-type': 'application/merge-patch+json' } });
  expect(await post(pods, pod())).toEqual([403, 'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: c']);
  const asking = (name: string): object => ({ ...pod({ requests: { cpu: '100m' } }), metadata: { name } });
  const results = await Promise.all(['a', 'b', 'c', 'd'].map((name) => post(pods, asking(name))));
  expect(results.filter(([status]) => status === 201)).toHaveLength(2);
  expect(results.find(([status]) => status === 403)?.[1]).toMatch(/^pods "[a-d]" is forbidden: exceeded quota: q, requested: requests.cpu=100m, used: requests.cpu=200m, limited: requests.cpu=250m$/);
  expect((await it.call('GET', `${quotas}/q`)).body.status.used).toEqual({ pods: '2', 'requests.cpu': '200m' });
});
