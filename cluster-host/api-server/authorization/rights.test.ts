/** Who may do what, through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { UserInfo } from '../server.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { covers } from './rules.ts';

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const bob: UserInfo = { name: 'bob', groups: ['system:authenticated'] };
const rbac = '/apis/rbac.authorization.k8s.io/v1';

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

const status = async (user: UserInfo, method: 'GET' | 'POST', path: string, body?: unknown): Promise<number> => (await it.call(method, path, body, { user })).status;
const bind = (name: string, role: string, subject: object, namespace?: string): Promise<unknown> =>
  it.create(namespace === undefined ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${namespace}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [subject],
  });
const user = (name: string): object => ({ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' });

test('strangers see the version and the health, nothing else', async () => {
  expect(await status(anonymous, 'GET', '/version')).toBe(200);
  expect(await status(anonymous, 'GET', '/healthz')).toBe(200);
  const discovery = await it.call('GET', '/api', undefined, { user: anonymous });
  expect([discovery.status, discovery.body.message]).toEqual([403, 'forbidden: User "system:anonymous" cannot get path "/api"']);
  const list = await it.call('GET', '/api/v1/pods', undefined, { user: anonymous });
  expect(list.body.message).toBe('pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope');
  const one = await it.call('GET', '/api/v1/namespaces/default/pods/x/log', undefined, { user: anonymous });
  expect(one.body.message).toBe('pods "x" is forbidden: User "system:anonymous" cannot get resource "pods/log" in API group "" in the namespace "default"');
});

test('a role counts where it is bound, as soon as it is', async () => {
  expect(await status(bob, 'GET', '/api')).toBe(200);
  expect(await status(bob, 'GET', '/api/v1/namespaces/default/pods')).toBe(403);
  await bind('b', 'view', user('bob'), 'default');
  expect(await status(bob, 'GET', '/api/v1/namespaces/default/pods')).toBe(200);
  expect(await status(bob, 'GET', '/api/v1/namespaces/default/secrets')).toBe(403);
  expect(await status(bob, 'GET', '/api/v1/namespaces/kube-system/pods')).toBe(403);
  await bind('c', 'view', user('bob'));
  expect(await status(bob, 'GET', '/api/v1/pods')).toBe(200);
  await it.call('DELETE', `${rbac}/clusterrolebindings/c`);
  expect(await status(bob, 'GET', '/api/v1/pods')).toBe(403);
});

test('nobody hands out more than he has', async () => {
  await bind('b', 'admin', user('bob'), 'default');
  const role = (verbs: string[], resources: string[]): object => ({ metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources, verbs }] });
  const roles = `${rbac}/namespaces/default/roles`;
  const refused = await it.call('POST', roles, role(['get', 'list'], ['nodes']), { user: bob });
  expect([refused.status, refused.body.message]).toEqual([
    403,
    'roles.rbac.authorization.k8s.io "r" is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}',
  ]);
  expect(await status(bob, 'POST', roles, role(['get', 'delete'], ['pods']))).toBe(201);
  const binding = (name: string): object => ({ metadata: { name }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }, subjects: [user('eve')] });
  expect(await status(bob, 'POST', `${rbac}/namespaces/default/rolebindings`, binding('cluster-admin'))).toBe(403);
  expect(await status(bob, 'POST', `${rbac}/namespaces/default/rolebindings`, binding('edit'))).toBe(201);
  expect(await status(bob, 'POST', `${rbac}/namespaces/default/rolebindings`, binding('nowhere'))).toBe(404);
  await it.create(`${rbac}/clusterroles`, { metadata: { name: 'writer' }, rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['create'] }] });
  await bind('w', 'writer', user('bob'));
  const gathering = await it.call('POST', `${rbac}/clusterroles`, { metadata: { name: 'g' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }, { user: bob });
  expect(gathering.body.message).toBe('clusterroles.rbac.authorization.k8s.io "g" is forbidden: must have cluster-admin privileges to use an aggregationRule');
});

describe('reviews', () => {
  const review = async (spec: object, asked = bob): Promise<any> =>
    (await it.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }, { user: asked })).body.status;

  test('of rights', async () => {
    expect(await review({ resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } })).toEqual({ allowed: false });
    await bind('b', 'view', user('bob'), 'default');
    expect(await review({ resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } })).toEqual({ allowed: true, reason: 'RBAC: allowed by RoleBinding "b/default" of ClusterRole "view" to User "bob"' });
    expect(await review({ nonResourceAttributes: { verb: 'get', path: '/api' } })).toEqual({ allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"' });
    const other = await it.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'default' } } });
    expect(other.body.status.allowed).toBe(true);
  });

  test('understand what selectors say, and tell what they do not understand', async () => {
    const list = (more: object): object => ({ resourceAttributes: { verb: 'list', resource: 'pods', ...more } });
    const kubelet: UserInfo = { name: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] };
    const onNode = (...values: string[]): object => ({ fieldSelector: { requirements: [{ key: 'spec.nodeName', operator: 'In', values }] } });
    expect(await review(list(onNode('n')), kubelet)).toEqual({ allowed: true });
    expect(await review(list({ fieldSelector: { rawSelector: 'spec.nodeName=n' } }), kubelet)).toEqual({ allowed: true });
    expect(await review(list(onNode('n', 'm')), kubelet)).toEqual({
      allowed: false,
      reason: 'can only list/watch pods with spec.nodeName field selector',
      evaluationError: 'spec.resourceAttributes.fieldSelector ignored due to parse error',
    });
    const both = await it.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: list({ labelSelector: { rawSelector: 'a', requirements: [{ key: 'a', operator: 'Exists' }] } }) });
    expect([both.status, both.body.message]).toEqual([
      422,
      'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.labelSelector.rawSelector: Invalid value: "a": may not specified at the same time as requirements',
    ]);
  });

  test('of all rights in a namespace, and of roles that are not there', async () => {
    await bind('lost', 'nowhere', user('bob'), 'default');
    const { body } = await it.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'default' } }, { user: bob });
    expect(body).toMatchObject({ spec: {}, status: { incomplete: false, evaluationError: 'clusterrole.rbac.authorization.k8s.io "nowhere" not found' } });
    expect(body.status.nonResourceRules[0]).toMatchObject({ verbs: ['get'], nonResourceURLs: expect.arrayContaining(['/api']) });
    const refused = await it.call('GET', '/api/v1/namespaces/default/pods', undefined, { user: bob });
    expect(refused.body.message).toBe('pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "nowhere" not found');
  });

  test('of oneself, and of somebody one acts as', async () => {
    const { body } = await it.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { user: bob });
    expect(body.status.userInfo).toEqual({ username: 'bob', groups: ['system:authenticated'] });
    const acted = await it.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { headers: { 'Impersonate-User': 'system:serviceaccount:ns:sa' } });
    expect(acted.body.status.userInfo).toMatchObject({ username: 'system:serviceaccount:ns:sa', groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'] });
    const refused = await it.call('GET', '/api', undefined, { user: bob, headers: { 'Impersonate-User': 'eve' } });
    expect([refused.status, refused.body.message]).toEqual([403, 'forbidden: User "bob" cannot impersonate-on:user-info:get path "/api"']);
  });
});

describe('service account tokens', () => {
  const account = '/api/v1/namespaces/default/serviceaccounts';
  const tokenOf = async (spec: object = {}): Promise<string> => (await it.call('POST', `${account}/robot/token`, { spec })).body.status?.token;
  const reviewed = async (token: string, audiences: string[] = []): Promise<any> => (await it.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } })).body.status;

  beforeEach(() => it.create(account, { metadata: { name: 'robot' } }));

  test('say whose they are, until they expire', async () => {
    const token = await tokenOf();
    expect(await reviewed(token)).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'] } });
    // Clocks may differ by a minute.
    await it.clock.advance(3_661_000);
    expect(await reviewed(token)).toEqual({ user: {}, error: '[invalid bearer token, service account token has expired]' });
    expect(await reviewed('nonsense')).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  test('end with their account', async () => {
    const token = await tokenOf();
    await it.call('DELETE', `${account}/robot`);
    await it.create(account, { metadata: { name: 'robot' } });
    expect(await reviewed(token)).not.toMatchObject({ authenticated: true });
  });

  test('are for their audience, and of this cluster', async () => {
    const token = await tokenOf({ audiences: ['vault'] });
    expect(await reviewed(token)).not.toMatchObject({ authenticated: true });
    expect(await reviewed(token, ['vault', 'x'])).toMatchObject({ authenticated: true, audiences: ['vault'] });
    expect(await reviewed(`${token}x`, ['vault'])).not.toMatchObject({ authenticated: true });
    expect(await reviewed('secret')).toMatchObject({ user: { username: 'kubernetes-admin' } });
  });

  test('are bound to a pod of the account', async () => {
    await it.create('/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] } });
    const token = await tokenOf({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
    expect((await reviewed(token)).user.extra['authentication.kubernetes.io/pod-name']).toEqual(['p']);
    await it.call('DELETE', '/api/v1/namespaces/default/pods/p');
    expect(await reviewed(token)).not.toMatchObject({ authenticated: true });
    expect((await it.call('POST', `${account}/robot/token`, { spec: { expirationSeconds: 1 } })).status).toBe(422);
  });
});

test.each([
  [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, true],
  [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }, true],
  [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }, false],
  [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'], resourceNames: ['a'] }, false],
  [{ apiGroups: [''], resources: ['*/log', 'pods'], verbs: ['*'] }, true],
])('%j covers get and list of pods and their logs: %s', (rule, expected) => {
  expect(covers([rule], { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] })).toBe(expected);
});
