/** APIServices: those of this server, and where those of others are. */
import { describe, expect, test } from 'vitest';
import type { V1APIService, V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import { kinds } from '../../api/kinds/kinds.ts';
import { createTestServer } from '../testing/test-server.ts';
import { withRemoteGroups, withRemoteVersions } from './discovery.ts';
import { localChanges, localServices } from './local-services.ts';
import { discoveredVersion, placeOf, withAvailability } from './remote-service.ts';

const remote: V1APIService = { metadata: { name: 'v1.wardle.example.com' }, spec: { group: 'wardle.example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, service: { name: 'ext', namespace: 'default', port: 443 } } };

describe('services of this server', () => {
  test('there is one for each group and version, but for APIServices themselves', () => {
    const local = localServices(kinds);
    expect(local.get('v1.')?.spec).toEqual({ version: 'v1', groupPriorityMinimum: 18_000, versionPriority: 1 });
    expect(local.get('v2.autoscaling')?.spec).toEqual({ group: 'autoscaling', version: 'v2', groupPriorityMinimum: 17_500, versionPriority: 30 });
    expect(local.has('v1.apiregistration.k8s.io')).toBe(false);
  });

  test('what is registered stays, what stands for nothing goes', () => {
    const live = [...localServices(kinds).values()].filter(({ metadata }) => metadata?.name !== 'v1.apps');
    const gone: V1APIService = { metadata: { name: 'v1.gone.example.com', labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } } };
    const { missing, stale } = localChanges(kinds, [...live, gone, remote]);
    expect(missing.map(({ metadata }) => metadata?.name)).toEqual(['v1.apps']);
    expect(stale).toEqual(['v1.gone.example.com']);
  });
});

describe('the place of another server', () => {
  const service = (port: number): V1Service => ({ metadata: { name: 'ext' }, spec: { ports: [{ name: 'https', port }] } });
  const slice = (ready: boolean): V1EndpointSlice => ({ addressType: 'IPv4', metadata: { labels: { 'kubernetes.io/service-name': 'ext' } }, ports: [{ name: 'https', port: 8443 }], endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }] });

  test.each([
    [undefined, [], 'ServiceNotFound', 'service/ext in "default" is not present'],
    [service(80), [], 'ServicePortError', 'service/ext in "default" is not listening on port 443'],
    [service(443), [], 'EndpointsNotFound', 'cannot find endpointslices for service/ext in "default"'],
    [service(443), [slice(false)], 'MissingEndpoints', 'endpointslices for service/ext in "default" have no addresses with port name "https"'],
  ])('%#', (found, slices, reason, message) => {
    expect(placeOf(remote, found, slices, () => 0)).toEqual({ status: 'False', reason, message });
  });

  test('is that of an endpoint', () => {
    expect(placeOf(remote, service(443), [slice(true)], () => 0)).toMatchObject({ host: '10.0.0.1', port: 8443 });
  });

  test('its condition changes its time with its status only', () => {
    const failing = withAvailability(remote, { status: 'False', reason: 'ServiceNotFound', message: 'a' }, 'then');
    const later = withAvailability({ ...remote, status: failing }, { status: 'False', reason: 'MissingEndpoints', message: 'b' }, 'now');
    expect(later.conditions).toEqual([{ type: 'Available', status: 'False', lastTransitionTime: 'then', reason: 'MissingEndpoints', message: 'b' }]);
    expect(withAvailability({ ...remote, status: later }, { status: 'False', reason: 'MissingEndpoints', message: 'b' }, 'later')).toBe(later);
  });
});

test('discovery has what other servers serve', () => {
  const resources = { kind: 'APIResourceList', resources: [{ name: 'flunders', singularName: 'flunder', namespaced: true, kind: 'Flunder', verbs: ['get'] }, { name: 'flunders/status', kind: 'Flunder', verbs: ['get'] }] };
  const other = { service: remote, isAvailable: true, resources };
  expect(withRemoteGroups([{ name: 'apps', versions: ['v1'] }], [other])).toEqual([{ name: 'apps', versions: ['v1'] }, { name: 'wardle.example.com', versions: ['v1'] }]);
  const version = { version: 'v1', freshness: 'Current', resources: [{ resource: 'flunders', scope: 'Namespaced', singularResource: 'flunder', verbs: ['get'], responseKind: { kind: 'Flunder' }, subresources: [{ subresource: 'status' }] }] };
  expect(discoveredVersion({ group: 'wardle.example.com', version: 'v1' }, resources)).toMatchObject(version);
  expect(withRemoteVersions({ items: [] }, [other])).toMatchObject({ items: [{ metadata: { name: 'wardle.example.com' }, versions: [version] }] });
  expect(withRemoteVersions({ items: [] }, [{ ...other, isAvailable: false }])).toMatchObject({ items: [{ versions: [{ freshness: 'Stale' }] }] });
});

test('a service that cannot be reached says so, and answers nothing', async () => {
  const it = await createTestServer();
  await it.create('/apis/apiregistration.k8s.io/v1/apiservices', remote);
  const condition = async (): Promise<any> => (await it.call('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1.wardle.example.com')).body.status?.conditions?.[0];
  await expect.poll(condition).toMatchObject({ type: 'Available', status: 'False', reason: 'ServiceNotFound' });
  const { status, body } = await it.call('GET', '/apis/wardle.example.com/v1/flunders');
  expect([status, body]).toEqual([503, 'service unavailable\n']);
  await it.server.close();
});

test('custom resources have one as long as they are defined', async () => {
  const it = await createTestServer();
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  await it.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { metadata: { name: 'hosts.example.com' }, spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'hosts', kind: 'Host' }, versions } });
  const found = async (): Promise<any> => (await it.call('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com')).body;
  await expect.poll(async () => (await found()).spec).toEqual({ group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 });
  await it.call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/hosts.example.com');
  await expect.poll(async () => (await found()).code).toBe(404);
  await it.server.close();
});
