/** Who owns what, through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const container = { name: 'c', image: 'i' };
const deployment = (more: object = {}, name = 'd'): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } }, ...more },
});

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

const apply = (path: string, manager: string, body: unknown, query = '') => it.call('PATCH', `${path}?fieldManager=${manager}${query}`, body, { headers: { 'content-type': 'application/apply-patch+yaml' } });
const merge = (path: string, body: object, manager = '') => it.call('PATCH', `${path}${manager === '' ? '' : `?fieldManager=${manager}`}`, body, { headers: { 'content-type': 'application/merge-patch+json', 'user-agent': 'tool/1.0 (linux)' } });
const owners = async (path: string) => {
  const { body } = await it.call('GET', path);
  return Object.fromEntries(((body.metadata.managedFields ?? []) as readonly any[]).map((one) => [[one.manager, one.operation, one.apiVersion, one.subresource].filter(Boolean).join(' '), one.fieldsV1]));
};

describe('managers', () => {
  test('are named by the request, else by the program that sends it', async () => {
    await it.call('POST', deployments, deployment(), { headers: { 'user-agent': 'some\u0007tool/v1 (x)' } });
    await merge(`${deployments}/d`, { metadata: { labels: { x: 'y' } } });
    await merge(`${deployments}/d?fieldManager=`, { metadata: { labels: { z: 'y' } } });
    await merge(`${deployments}/d`, { metadata: { labels: { w: 'y' } } }, 'named');
    expect(Object.keys(await owners(`${deployments}/d`)).toSorted()).toEqual(['named Update apps/v1', 'sometool Update apps/v1', 'tool Update apps/v1']);
  });

  test('are told apart by subresource; each request owns what it can set', async () => {
    await it.call('POST', deployments, deployment());
    await merge(`${deployments}/d/status`, { status: { replicas: 1 }, spec: { replicas: 9 }, metadata: { labels: { x: 'y' }, annotations: { n: 'm' } } }, 'controller');
    const all = await owners(`${deployments}/d`);
    expect(all['controller Update apps/v1 status']).toEqual({ 'f:metadata': { 'f:annotations': { '.': {}, 'f:n': {} } }, 'f:status': { 'f:replicas': {} } });
  });

  test('of a pod are not those who bind it', async () => {
    await it.create('/api/v1/namespaces/default/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
    await it.create('/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [container] } });
    const before = await owners('/api/v1/namespaces/default/pods/p');
    await it.call('POST', '/api/v1/namespaces/default/pods/p/binding', { metadata: { name: 'p' }, target: { name: 'n' } });
    expect(await owners('/api/v1/namespaces/default/pods/p')).toEqual(before);
  });
});

test('owners that are named twice are named once, with a warning', async () => {
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'u1' };
  const maps = '/api/v1/namespaces/default/configmaps';
  const { body, headers } = await it.call('POST', maps, { metadata: { name: 'a', ownerReferences: [owner, owner] } });
  expect(body.metadata.ownerReferences).toEqual([owner]);
  expect(headers['warning']).toContain('.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u1');
  const patched = await merge(`${maps}/a`, { metadata: { ownerReferences: [owner, { ...owner, uid: 'u2' }, owner] } });
  expect(patched.body.metadata.ownerReferences).toHaveLength(2);
  expect(patched.headers['warning']).toContain('contains duplicate entries after mutating admission happens; API server');
});

describe('scale', () => {
  const replicas = { 'f:spec': { 'f:replicas': {} } };

  test('moves the replicas to whoever scales', async () => {
    await apply(`${deployments}/d`, 'owner', deployment({ replicas: 1 }));
    await merge(`${deployments}/d/scale`, { spec: { replicas: 3 } }, 'scaler');
    const all = await owners(`${deployments}/d`);
    expect(all['owner Apply apps/v1']['f:spec']).not.toHaveProperty('f:replicas');
    expect(all['scaler Update apps/v1 scale']).toEqual(replicas);
    const conflict = await apply(`${deployments}/d`, 'owner', deployment({ replicas: 1 }));
    expect(conflict.body.message).toBe('Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas');
  });

  test('can be applied, forced, and shared', async () => {
    const scale = (count: number): object => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd' }, spec: { replicas: count } });
    await apply(`${deployments}/d`, 'owner', deployment({ replicas: 1 }));
    const refused = await apply(`${deployments}/d/scale`, 'scaler', scale(2));
    expect([refused.status, refused.body.message]).toEqual([409, 'Apply failed with 1 conflict: conflict with "owner": .spec.replicas']);
    expect((await apply(`${deployments}/d/scale`, 'scaler', scale(2), '&force=true')).body).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
    expect((await owners(`${deployments}/d`))['scaler Apply apps/v1 scale']).toEqual(replicas);
    await apply(`${deployments}/d`, 'owner', deployment({ replicas: 2 }));
    expect((await owners(`${deployments}/d`))['owner Apply apps/v1']['f:spec']).toHaveProperty('f:replicas');
    expect(Object.keys(await owners(`${deployments}/d`))).toContain('scaler Apply apps/v1 scale');
  });
});

describe('versions', () => {
  const v1 = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
  const v2 = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
  const config = (version: string, spec: object): object => ({ apiVersion: `autoscaling/${version}`, kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' }, ...spec } });

  test('see the same owners', async () => {
    await apply(`${v2}/h`, 'one', config('v2', { maxReplicas: 3, minReplicas: 2 }));
    await merge(`${v1}/h`, { spec: { targetCPUUtilizationPercentage: 50 } }, 'two');
    expect(await owners(`${v2}/h`)).toMatchObject({ 'one Apply autoscaling/v2': { 'f:spec': { 'f:maxReplicas': {}, 'f:minReplicas': {} } }, 'two Update autoscaling/v1': { 'f:spec': { 'f:targetCPUUtilizationPercentage': {} } } });
    const refused = await apply(`${v1}/h`, 'three', config('v1', { maxReplicas: 4 }));
    expect([refused.status, refused.body.message]).toEqual([409, 'Apply failed with 1 conflict: conflict with "one": .spec.maxReplicas']);
    await apply(`${v1}/h`, 'one', config('v1', { maxReplicas: 3 }));
    const { body } = await it.call('GET', `${v2}/h`);
    expect(body.spec).toMatchObject({ maxReplicas: 3, metrics: [{ resource: { target: { averageUtilization: 50 } } }] });
    expect(Object.keys(await owners(`${v2}/h`)).toSorted()).toEqual(['one Apply autoscaling/v1', 'two Update autoscaling/v1']);
  });
});

describe('apply', () => {
  const path = '/api/v1/namespaces/default/configmaps/a';

  test.each([
    ['', 400, 'invalid object type: /, Kind='],
    ['[]', 400, 'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['a: b: c', 400, 'error decoding YAML: error converting YAML to JSON: yaml: line 1: '],
    ['{apiVersion: v1, kind: ConfigMap, data: {a: 1}}', 500, 'failed to create typed patch object (/; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}'],
    ['{apiVersion: v1, kind: ConfigMap, data: [a]}', 500, 'failed to create typed patch object (/; /v1, Kind=ConfigMap): .data: expected map, got &{[a]}'],
    ['{apiVersion: v1, kind: ConfigMap, immutable: x}', 500, 'failed to create typed patch object (/; /v1, Kind=ConfigMap): .immutable: expected boolean, got &{x}'],
    ['{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}', 400, 'the name of the object (b) does not match the name on the URL (a)'],
  ])('refuses %s', async (body, code, message) => {
    const answer = await apply(path, 'one', body);
    expect([answer.status, answer.body.message]).toEqual([code, expect.stringContaining(message)]);
  });

  test('remarks doubled keys', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: v\n  k: w\n';
    const text = 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "k" already set in map';
    expect((await apply(path, 'one', body, '&fieldValidation=Strict')).body).toMatchObject({ code: 400, message: `error strict decoding YAML: ${text}` });
    expect((await apply(path, 'one', body)).headers['warning']).toContain('already set in map');
    expect((await it.call('GET', path)).body.data).toEqual({ k: 'w' });
  });

  test('needs a manager, and leaves force to itself', async () => {
    expect((await it.call('PATCH', path, {}, { headers: { 'content-type': 'application/apply-patch+yaml' } })).body.message).toBe('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
    expect((await merge(`${path}?force=true`, {})).body.message).toBe('PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch');
  });

  test('in a dry run changes nothing', async () => {
    expect((await apply(path, 'one', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, '&dryRun=All')).status).toBe(201);
    expect((await it.call('GET', path)).status).toBe(404);
  });

  test('needs the right to create what is not there', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    await it.create(`${rbac}/roles`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] }] });
    await it.create(`${rbac}/rolebindings`, { metadata: { name: 'r' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }] });
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    const asJane = () => it.call('PATCH', `${path}?fieldManager=one`, config, { user: { name: 'jane', groups: ['system:authenticated'] }, headers: { 'content-type': 'application/apply-patch+yaml' } });
    await expect.poll(async () => (await asJane()).body.message).toBe('configmaps "a" is forbidden: User "jane" cannot create resource "configmaps" in API group "" in the namespace "default"');
    await apply(path, 'one', config);
    expect((await asJane()).status).toBe(200);
  });
});
