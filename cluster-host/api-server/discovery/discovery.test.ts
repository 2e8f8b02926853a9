/** Discovery as clients read it. */
import { beforeAll, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let it: TestServer;
beforeAll(async () => {
  it = await createTestServer();
});

const get = async (path: string, accept?: string): Promise<any> => (await it.call('GET', path, undefined, accept === undefined ? {} : { headers: { accept } })).body;

test('groups and versions', async () => {
  expect((await get('/api')).versions).toEqual(['v1']);
  const { groups } = await get('/apis');
  expect(groups.find(({ name }: any) => name === 'apps')).toEqual({ name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }], preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } });
  expect((await get('/apis/autoscaling')).versions.map(({ version }: any) => version)).toEqual(['v2', 'v1']);
  expect((await it.call('GET', '/apis/none')).status).toBe(404);
});

test('resources with their subresources', async () => {
  const { groupVersion, resources } = await get('/api/v1');
  expect(groupVersion).toBe('v1');
  expect(resources.find(({ name }: any) => name === 'pods')).toMatchObject({ singularName: 'pod', namespaced: true, kind: 'Pod', shortNames: ['po'], categories: ['all'] });
  expect(resources.find(({ name }: any) => name === 'pods/eviction')).toMatchObject({ group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] });
  expect((await get('/apis/authorization.k8s.io/v1')).resources).toHaveLength(4);
});

test('all at once, for clients that take it so', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const { kind, apiVersion, items } = await get('/apis', accept);
  expect([kind, apiVersion]).toEqual(['APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2']);
  const [deployments] = items.find(({ metadata }: any) => metadata.name === 'apps').versions[0].resources.filter(({ resource }: any) => resource === 'deployments');
  expect(deployments).toMatchObject({ scope: 'Namespaced', responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' }, singularResource: 'deployment' });
  expect(deployments.subresources.map(({ subresource }: any) => subresource)).toEqual(['scale', 'status']);
  expect((await get('/api', accept)).items[0].versions[0].version).toBe('v1');
});

test('OpenAPI: an index with hashes, and a document a group-version', async () => {
  const { paths } = await get('/openapi/v3');
  const { serverRelativeURL } = paths['apis/apps/v1'];
  expect(serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
  const { status, headers, body } = await it.call('GET', serverRelativeURL);
  expect([status, headers['cache-control'], Object.keys(body.paths).includes('/apis/apps/v1/namespaces/{namespace}/deployments/{name}')]).toEqual([200, 'public, immutable', true]);
});

test('the hash of a stored form is the one that Kubernetes has for it', async () => {
  const { resources } = await get('/apis/apps/v1');
  expect(resources.find(({ name }: { name: string }) => name === 'deployments').storageVersionHash).toBe('8aSe+NMegvE=');
});

test('version, health, metrics, keys of the token issuer', async () => {
  expect((await get('/version')).gitVersion).toBe('v1.36.0');
  expect(await get('/readyz?verbose')).toMatch(/^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd ok\n[\s\S]*\[\+\]poststarthook\/rbac\/bootstrap-roles ok\n[\s\S]*\nreadyz check passed\n$/);
  expect(await get('/readyz/poststarthook/rbac/bootstrap-roles')).toBe('ok');
  expect(await get('/livez/ping')).toBe('ok');
  expect(await get('/metrics')).toMatch(/^apiserver_request_total\{code="200",.*verb="GET".*\} \d+$/m);
  expect(JSON.parse(JSON.stringify(await get('/.well-known/openid-configuration'))).issuer).toBe('https://kubernetes.default.svc.cluster.local');
});
