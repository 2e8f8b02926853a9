/** Acting as somebody else, through the whole request chain. */
import { beforeEach, expect, test } from 'vitest';
import type { UserInfo } from '../server.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const bob: UserInfo = { name: 'bob', groups: ['system:authenticated'] };
const group = 'authentication.k8s.io';
const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

async function allow(...rules: object[]): Promise<void> {
  await it.create('/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'r' }, rules });
  await it.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { metadata: { name: 'b' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' }, subjects: [{ kind: 'User', name: 'bob' }] });
}

const self = async (headers: Record<string, string>, user = bob): Promise<any> => {
  const { status, body } = await it.call('POST', reviews, {}, { user, headers });
  return status === 201 ? body.status.userInfo : body.message;
};

test.each([
  [{ 'Impersonate-User': 'eve' }, { username: 'eve', groups: ['system:authenticated'] }],
  [{ 'Impersonate-User': 'eve', 'Impersonate-Group': 'a,b\nc' }, { username: 'eve', groups: ['a,b', 'c', 'system:authenticated'] }],
  [{ 'Impersonate-User': 'eve', 'Impersonate-Uid': '7' }, { username: 'eve', uid: '7', groups: ['system:authenticated'] }],
  [{ 'Impersonate-User': 'eve', 'Impersonate-Extra-acme.com%2fteam': 'x\ny' }, { username: 'eve', groups: ['system:authenticated'], extra: { 'acme.com/team': ['x', 'y'] } }],
  // The administrator may act as a node in the constrained way, which knows a node's group.
  [{ 'Impersonate-User': 'system:node:n' }, { username: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] }],
])('%j makes the administrator %j', async (headers, expected) => {
  expect(await self(headers, { name: 'admin', groups: ['system:masters', 'system:authenticated'] })).toEqual(expected);
});

test.each<Record<string, string>>([{ 'Impersonate-User': 'system:anonymous' }, { 'Impersonate-User': 'eve', 'Impersonate-Group': 'system:unauthenticated' }])('%j is not authenticated', async (headers) => {
  expect(await self(headers, { name: 'admin', groups: ['system:masters', 'system:authenticated'] })).toBe(
    `selfsubjectreviews.authentication.k8s.io is forbidden: User "${headers['Impersonate-User']}" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope`,
  );
});

test('the old verb suffices, for whom it names', async () => {
  await allow({ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['eve'] });
  expect(await self({ 'Impersonate-User': 'eve' })).toMatchObject({ username: 'eve' });
  // Who succeeded that way before is told what it lacks there.
  expect(await self({ 'Impersonate-User': 'mallory' })).toBe('users "mallory" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope');
});

test('the constrained verbs allow a request, and a user for it', async () => {
  await allow(
    { apiGroups: [group], resources: ['selfsubjectreviews'], verbs: ['impersonate-on:user-info:create'] },
    { apiGroups: [group], resources: ['users'], verbs: ['impersonate:user-info'], resourceNames: ['eve'] },
  );
  expect(await self({ 'Impersonate-User': 'eve' })).toMatchObject({ username: 'eve' });
  const other = await it.call('GET', '/api', undefined, { user: bob, headers: { 'Impersonate-User': 'eve' } });
  expect(other.body.message).toBe('forbidden: User "bob" cannot impersonate-on:user-info:get path "/api"');
  expect(await self({ 'Impersonate-User': 'eve', 'Impersonate-Group': 'system:masters' })).toBe('groups.authentication.k8s.io "system:masters" is forbidden: User "bob" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed');
});

test('a service account acts as the node that it runs on', async () => {
  const account: UserInfo = { name: 'system:serviceaccount:ns:agent', groups: ['system:authenticated'], extra: { 'authentication.kubernetes.io/node-name': ['n'] } };
  await it.create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    metadata: { name: 'r' },
    rules: [
      { apiGroups: [group], resources: ['selfsubjectreviews'], verbs: ['impersonate-on:associated-node:create'] },
      { apiGroups: [group], resources: ['nodes'], verbs: ['impersonate:associated-node'] },
    ],
  });
  await it.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { metadata: { name: 'b' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' }, subjects: [{ kind: 'ServiceAccount', name: 'agent', namespace: 'ns' }] });
  expect(await self({ 'Impersonate-User': 'system:node:n' }, account)).toEqual({ username: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] });
  expect(await self({ 'Impersonate-User': 'system:node:m' }, account)).toContain('cannot impersonate-on:arbitrary-node:create');
});

test('groups without a user are no request', async () => {
  expect(await self({ 'Impersonate-Group': 'a' })).toBe('requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string(nil)} without impersonating a user name');
});
