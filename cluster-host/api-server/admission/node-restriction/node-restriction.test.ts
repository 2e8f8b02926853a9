/** What a node may change, through the whole request chain; messages are Kubernetes' own. */
import { beforeEach, describe, expect, test } from 'vitest';
import { nodeServing } from '../../../api/certificates/testing/requests.ts';
import type { UserInfo } from '../../server.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

const node = (name: string): UserInfo => ({ name: `system:node:${name}`, groups: ['system:nodes', 'system:authenticated'] });
const inDefault = '/api/v1/namespaces/default';
const container = { name: 'c', image: 'i' };

let it: TestServer;
let nodeUid: string;
let podUid: string;

beforeEach(async () => {
  it = await createTestServer();
  for (const name of ['default', 'robot']) await it.create(`${inDefault}/serviceaccounts`, { metadata: { name } });
  nodeUid = (await it.create('/api/v1/nodes', { metadata: { name: 'n', labels: { 'kubernetes.io/hostname': 'n' } } })).metadata?.uid ?? '';
  const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } }];
  const pod = await it.create(`${inDefault}/pods`, { metadata: { name: 'mine' }, spec: { nodeName: 'n', serviceAccountName: 'robot', automountServiceAccountToken: false, containers: [container], volumes } });
  podUid = pod.metadata?.uid ?? '';
  await it.create(`${inDefault}/pods`, { metadata: { name: 'theirs' }, spec: { nodeName: 'm', serviceAccountName: 'robot', containers: [container] } });
});

/** The status code, or why not. */
async function said(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object, user = node('n')): Promise<number | string> {
  const headers = method === 'PATCH' ? { headers: { 'content-type': 'application/merge-patch+json' } } : {};
  const { status, body: answer } = await it.call(method, path, body === undefined ? undefined : method === 'PATCH' ? JSON.stringify(body) : body, { user, ...headers });
  return status < 400 ? status : String(answer.message).replace(/^.*? is forbidden: /, '');
}

describe('its Node', () => {
  test.each([
    [{ metadata: { labels: { 'example.com/own': 'x', 'node.kubernetes.io/kind': 'y', 'topology.kubernetes.io/zone': 'z' } } }, 200],
    [{ metadata: { labels: { 'node-role.kubernetes.io/master': '' } } }, 'is not allowed to modify labels: node-role.kubernetes.io/master'],
    [{ metadata: { labels: { 'a.node-restriction.kubernetes.io/b': '', 'x.k8s.io/y': '' } } }, 'is not allowed to modify labels: a.node-restriction.kubernetes.io/b, x.k8s.io/y'],
    [{ spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }, 'node "n" is not allowed to modify taints'],
    [{ metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u' }] } }, 'node "n" is not allowed to modify ownerReferences'],
  ])('changed by %j: %s', async (patch, answer) => {
    expect(await said('PATCH', '/api/v1/nodes/n', patch)).toBe(answer);
  });

  test('and no other one', async () => {
    expect(await said('PATCH', '/api/v1/nodes/n/status', { status: { phase: 'Running' } }, node('m'))).toBe('node "m" is not allowed to modify node "n"');
    expect(await said('POST', '/api/v1/nodes', { metadata: { name: 'o', labels: { 'node-role.kubernetes.io/x': '' } } }, node('o'))).toBe('node "o" is not allowed to set the following labels: node-role.kubernetes.io/x');
    expect(await said('POST', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', { metadata: { name: 'm' } })).toBe('can only access node lease with the same name as the requesting node');
  });
});

describe('pods', () => {
  const owner = (more = {}) => ({ apiVersion: 'v1', kind: 'Node', name: 'n', uid: nodeUid, controller: true, ...more });
  const mirror = (spec: object, owners: readonly object[], annotations: object = { 'kubernetes.io/config.mirror': 'x' }): object => ({ metadata: { name: 'p', annotations, ownerReferences: owners }, spec: { nodeName: 'n', containers: [container], ...spec } });

  test.each<[string, () => object, number | string]>([
    ['a mirror pod', () => mirror({}, [owner()]), 201],
    ['any other pod', () => mirror({}, [owner()], {}), 'pod does not have "kubernetes.io/config.mirror" annotation, node "n" can only create mirror pods'],
    ['one for another node', () => mirror({ nodeName: 'm' }, [owner()]), 'node "n" can only create pods with spec.nodeName set to itself'],
    ['one without an owner', () => mirror({}, []), 'node "n" can only create pods with an owner reference set to itself'],
    ['one that is not controlled', () => mirror({}, [owner({ controller: false })]), 'node "n" can only create pods with a controller owner reference set to itself'],
    ['one of an older node of the name', () => mirror({}, [owner({ uid: 'old' })]), 'node n UID mismatch: expected old got '],
    ['one with a secret', () => mirror({ volumes: [{ name: 'v', secret: { secretName: 's' } }] }, [owner()]), 'node "n" can not create pods that reference "secrets (via secret volumes)"'],
    ['one with a configMap', () => mirror({ containers: [{ ...container, envFrom: [{ configMapRef: { name: 'c' } }] }] }, [owner()]), 'node "n" can not create pods that reference "configmaps"'],
    ['one with an account', () => mirror({ serviceAccountName: 'robot' }, [owner()]), 'node "n" can not create pods that reference a service account'],
  ])('%s may be made or not', async (_what, pod, answer) => {
    const outcome = await said('POST', `${inDefault}/pods`, pod());
    if (typeof answer === 'string') expect(outcome).toContain(answer);
    else expect(outcome).toBe(answer);
  });

  test('of others are left alone', async () => {
    expect(await said('DELETE', `${inDefault}/pods/theirs`)).toBe('node "n" can only delete pods with spec.nodeName set to itself');
    expect(await said('PATCH', `${inDefault}/pods/theirs/status`, { status: { phase: 'Failed' } })).toBe('node "n" can only update pod status for pods with spec.nodeName set to itself');
    expect(await said('PATCH', `${inDefault}/pods/mine/status`, { metadata: { labels: { a: 'b' } } })).toBe('node "n" cannot update labels through pod status');
    expect(await said('PATCH', `${inDefault}/pods/mine/status`, { status: { phase: 'Running' } })).toBe(200);
    expect(await said('POST', `${inDefault}/pods/theirs/eviction`, { metadata: { name: 'theirs' } })).toBe('node n can only evict pods with spec.nodeName set to itself');
  });
});

describe('tokens', () => {
  const bound = (name: string, uid: string): object => ({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } });
  const ask = (spec: object): Promise<number | string> => said('POST', `${inDefault}/serviceaccounts/robot/token`, { spec });

  test('are for its own pods, and for what these have to do with', async () => {
    expect(await ask({})).toBe('node requested token not bound to a pod');
    expect(await ask(bound('mine', ''))).toBe('node requested token with a pod binding without a uid');
    expect(await ask(bound('mine', 'other'))).toContain('the UID in the bound object reference (other) does not match the UID in record');
    expect(await ask({ ...bound('mine', podUid), audiences: ['vault'] })).toBe(201);
    expect(await ask({ ...bound('mine', podUid), audiences: ['bank'] })).toBe('audience "bank" not found in pod spec volume, system:node:n is not authorized to request tokens for this audience');
    expect(await ask({ ...bound('mine', podUid), audiences: ['vault', 'bank'] })).toBe('node may only request 0 or 1 audiences');
    const theirs = (await it.call('GET', `${inDefault}/pods/theirs`)).body.metadata.uid;
    expect(await ask(bound('theirs', theirs))).toBe('node requested token bound to a pod scheduled on a different node');
  });
});

test('certificates are asked for in its own name', async () => {
  const request = { metadata: { name: 'c' }, spec: { request: btoa(nodeServing), signerName: 'kubernetes.io/kubelet-serving', usages: ['server auth'] } };
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  expect(await said('POST', path, request, node('m'))).toBe('can only create a node CSR with CN=system:node:m');
  expect(await said('POST', path, request)).toBe(201);
});
