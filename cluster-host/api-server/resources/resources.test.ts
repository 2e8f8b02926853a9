/** What kinds need of the server, and admission, through the whole request chain. */
import { jane, masters } from '../../api/certificates/testing/requests.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { admin, createTestServer, type TestServer } from '../testing/test-server.ts';

const space = '/api/v1/namespaces/default';
const merge = { headers: { 'content-type': 'application/merge-patch+json' } };

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
});

describe('namespaces', () => {
  test('the system has its own, and they stay', async () => {
    const { body } = await it.call('GET', '/api/v1/namespaces');
    expect(body.items.map((item: any) => item.metadata.name)).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    const refused = await it.call('DELETE', '/api/v1/namespaces/default');
    expect([refused.status, refused.body.message]).toEqual([403, 'namespaces "default" is forbidden: this namespace may not be deleted']);
  });

  test('go away when they are finalized, and take nothing new before', async () => {
    await it.create('/api/v1/namespaces', { metadata: { name: 'x' } });
    const { status, body } = await it.call('DELETE', '/api/v1/namespaces/x');
    expect([status, body.status.phase, body.spec.finalizers]).toEqual([200, 'Terminating', ['kubernetes']]);
    const late = await it.call('POST', '/api/v1/namespaces/x/configmaps', { metadata: { name: 'a' } });
    expect([late.status, late.body.details.causes[0].reason]).toEqual([403, 'NamespaceTerminating']);
    expect((await it.call('PUT', '/api/v1/namespaces/x/finalize', { ...body, spec: {} })).status).toBe(200);
    expect((await it.call('GET', '/api/v1/namespaces/x')).status).toBe(404);
  });
});

test('the components are healthy', async () => {
  const { body } = await it.call('GET', '/api/v1/componentstatuses');
  expect(body.items.map((item: any) => [item.metadata.name, item.conditions[0].status])).toEqual([['controller-manager', 'True'], ['etcd-0', 'True'], ['scheduler', 'True']]);
});

describe('services', () => {
  const service = (name: string, spec: object): object => ({ metadata: { name }, spec: { selector: { app: 'x' }, ports: [{ port: 80 }], ...spec } });
  const services = `${space}/services`;

  test('the first address is that of the API server', async () => {
    expect((await it.call('GET', `${services}/kubernetes`)).body.spec).toMatchObject({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  });

  test('addresses are handed out once, and given back', async () => {
    const one = await it.create(services, service('a', { clusterIP: '10.96.7.7' }));
    expect(one['spec'].clusterIPs).toEqual(['10.96.7.7']);
    const taken = await it.call('POST', services, service('b', { clusterIP: '10.96.7.7' }));
    expect([taken.status, taken.body.message]).toEqual([
      422,
      'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated',
    ]);
    expect((await it.call('POST', services, service('b', { clusterIP: '10.1.0.1' }))).status).toBe(422);
    await it.call('DELETE', `${services}/a`);
    expect((await it.call('POST', services, service('b', { clusterIP: '10.96.7.7' }))).status).toBe(201);
    const any = await it.create(services, service('c', {}));
    expect(any['spec'].clusterIP).toMatch(/^10\.96\./);
  });

  test('a creation that fails, or is a dry run, keeps nothing', async () => {
    expect((await it.call('POST', `${services}?dryRun=All`, service('a', { clusterIP: '10.96.8.8' }))).status).toBe(201);
    expect((await it.call('POST', services, service('A!', { clusterIP: '10.96.8.8' }))).status).toBe(422);
    expect((await it.call('POST', services, service('a', { clusterIP: '10.96.8.8' }))).status).toBe(201);
  });

  test('node ports come, stay and go with the type', async () => {
    const made = await it.create(services, service('a', { type: 'NodePort', ports: [{ name: 'p0', port: 80 }] }));
    const [{ nodePort }] = made['spec'].ports;
    expect(nodePort).toBeGreaterThanOrEqual(30_000);
    const kept = await it.call('PUT', `${services}/a`, service('a', { type: 'NodePort', ports: [{ port: 80 }, { port: 81, name: 'b', nodePort: 31_000 }].map((port, index) => ({ name: `p${index}`, ...port })) }));
    expect(kept.body.spec.ports.map((port: any) => port.nodePort)).toEqual([nodePort, 31_000]);
    expect((await it.call('POST', services, service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 31_000 }] }))).body.message).toContain('provided port is already allocated');
    const plain = await it.call('PATCH', `${services}/a`, { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } }, merge);
    expect(plain.body.spec.ports[0].nodePort).toBeUndefined();
    expect((await it.call('POST', services, service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 31_000 }] }))).status).toBe(201);
  });

  test('ports of one number share a node port', async () => {
    const ports = [{ name: 'u', port: 53, protocol: 'UDP' }, { name: 't', port: 53, protocol: 'TCP', nodePort: 31_053 }];
    expect((await it.create(services, service('a', { type: 'NodePort', ports })))['spec'].ports.map((port: any) => port.nodePort)).toEqual([31_053, 31_053]);
  });

  test('a dry run counts free node ports up, and does not look whether an address is free', async () => {
    await it.create(services, service('a', { clusterIP: '10.96.7.7', type: 'NodePort', ports: [{ port: 80, nodePort: 31_000 }] }));
    const dry = (ports: object[], spec: object = {}): ReturnType<TestServer['call']> => it.call('POST', `${services}?dryRun=All`, service('b', { type: 'NodePort', clusterIP: '10.96.7.7', ...spec, ports }));
    const guessed = async (...ports: object[]): Promise<unknown> => (await dry(ports)).body.spec.ports.map((port: any) => port.nodePort);
    expect(await guessed({ port: 80 })).toEqual([32_769]);
    expect(await guessed({ name: 'x', port: 80, nodePort: 30_080 }, { name: 'y', port: 81 })).toEqual([30_080, 30_081]);
    expect((await dry([{ port: 80, nodePort: 31_000 }])).body.message).toContain('provided port is already allocated');
    expect((await dry([{ port: 80 }], { clusterIP: '10.1.0.1' })).body.message).toContain('is not in the valid range');
  });

  test.each([
    [{ ipFamilyPolicy: 'RequireDualStack' }, 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'],
    [{ ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }, `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`],
    [{ clusterIPs: ['10.96.7.7'] }, 'spec.clusterIPs: Invalid value: ["10.96.7.7"]: must be empty when `clusterIP` is not specified'],
  ])('addresses that do not go together are told before anything else: %j', async (spec, message) => {
    const { body } = await it.call('POST', services, service('a', { ...spec, sessionAffinity: 'Wrong' }));
    expect(body.message).toBe(`Service "a" is invalid: ${message}`);
  });

  test('headless services without selector may have any families', async () => {
    const families = async (spec: object): Promise<unknown> => {
      const { body } = await it.call('POST', `${services}?dryRun=All`, service('a', { clusterIP: 'None', selector: {}, ...spec }));
      return [body.spec.ipFamilyPolicy, body.spec.ipFamilies];
    };
    expect(await families({})).toEqual(['RequireDualStack', ['IPv4', 'IPv6']]);
    expect(await families({ ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' })).toEqual(['SingleStack', ['IPv6']]);
    expect(await families({ selector: { a: 'b' } })).toEqual(['SingleStack', ['IPv4']]);
  });

  test('headless and external ones have no address', async () => {
    expect((await it.create(services, service('a', { clusterIP: 'None' })))['spec'].clusterIPs).toEqual(['None']);
    expect((await it.create(services, service('b', { type: 'ExternalName', externalName: 'x.example', ports: [] })))['spec'].clusterIP).toBeUndefined();
  });
});

describe('pods', () => {
  const pods = `${space}/pods`;
  const pod = (name: string, spec: object = {}): any => ({ metadata: { name, labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
  beforeEach(() => it.create(`${space}/serviceaccounts`, { metadata: { name: 'default' } }));
  const bind = (name: string, node: string): ReturnType<TestServer['call']> => it.call('POST', `${pods}/${name}/binding`, { metadata: { name }, target: { kind: 'Node', name: node } });

  test('run as a service account, with tolerations and a priority', async () => {
    const { spec } = await it.create(pods, pod('a', { priorityClassName: 'system-node-critical' }));
    expect(spec).toMatchObject({ serviceAccountName: 'default', priority: 2_000_001_000, preemptionPolicy: 'PreemptLowerPriority' });
    expect(spec.tolerations.map(({ key }: any) => key)).toEqual(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);
    const [volume] = spec.volumes;
    expect(volume.name).toMatch(/^kube-api-access-/);
    expect(spec.containers[0].volumeMounts).toEqual([{ name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]);
    expect((await it.call('POST', pods, pod('b', { priorityClassName: 'none' }))).body.message).toBe('pods "b" is forbidden: no PriorityClass with name none was found');
    expect((await it.call('POST', pods, pod('b', { serviceAccountName: 'none' }))).body.message).toBe('pods "b" is forbidden: error looking up service account default/none: serviceaccount "none" not found');
  });

  test('are bound once', async () => {
    await it.create(pods, pod('a'));
    expect((await bind('a', 'n1')).status).toBe(201);
    const { body } = await it.call('GET', `${pods}/a`);
    expect([body.spec.nodeName, body.status.conditions[0]]).toEqual(['n1', { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }]);
    const again = await bind('a', 'n2');
    expect([again.status, again.body.message]).toEqual([409, 'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n1"']);
  });

  test('that run have time to end; a second deletion may only shorten it', async () => {
    await it.create(pods, pod('a'));
    await it.create(pods, pod('b'));
    await bind('a', 'n1');
    const first = await it.call('DELETE', `${pods}/a`);
    expect([first.body.metadata.deletionGracePeriodSeconds, first.body.metadata.deletionTimestamp]).toEqual([30, '2026-01-01T00:00:30Z']);
    expect((await it.call('DELETE', `${pods}/a?gracePeriodSeconds=60`)).body.metadata.deletionGracePeriodSeconds).toBe(30);
    expect((await it.call('DELETE', `${pods}/a?gracePeriodSeconds=5`)).body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:05Z');
    expect((await it.call('DELETE', `${pods}/a?gracePeriodSeconds=0`)).body.kind).toBe('Pod');
    await it.call('DELETE', `${pods}/b`);
    expect((await it.call('GET', pods)).body.items).toEqual([]);
  });

  test('can be evicted, as far as a budget allows', async () => {
    await it.create(pods, pod('a'));
    await bind('a', 'n1');
    expect((await it.call('POST', `${pods}/a/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } })).status).toBe(201);
    expect((await it.call('GET', `${pods}/a`)).body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:30Z');
  });

  test('status is written apart from the rest', async () => {
    await it.create(pods, pod('a'));
    const patched = await it.call('PATCH', `${pods}/a/status`, { status: { phase: 'Running' }, spec: { nodeName: 'sneaked' } }, merge);
    expect([patched.body.status.phase, patched.body.spec.nodeName]).toEqual(['Running', undefined]);
    expect((await it.call('PATCH', `${pods}/a`, { status: { phase: 'Failed' } }, merge)).body.status.phase).toBe('Running');
  });
});

describe('scale', () => {
  test('reads and writes the replicas of a deployment', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    await it.create(deployments, { metadata: { name: 'a' }, spec: { replicas: 2, selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } } });
    const { body } = await it.call('GET', `${deployments}/a/scale`);
    expect([body.kind, body.apiVersion, body.spec, body.status]).toEqual(['Scale', 'autoscaling/v1', { replicas: 2 }, { replicas: 0, selector: 'app=x' }]);
    expect((await it.call('PUT', `${deployments}/a/scale`, { ...body, spec: { replicas: 5 } })).body.spec).toEqual({ replicas: 5 });
    expect((await it.call('PATCH', `${deployments}/a/scale`, { spec: { replicas: 1 } }, merge)).body.spec).toEqual({ replicas: 1 });
    const { body: scaled } = await it.call('GET', `${deployments}/a`);
    expect([scaled.spec.replicas, scaled.metadata.generation]).toEqual([1, 3]);
    expect((await it.call('PUT', `${deployments}/a/scale`, body)).status).toBe(409);
    expect((await it.call('PATCH', `${deployments}/a/scale`, { spec: { replicas: -1 } }, merge)).status).toBe(422);
  });
});

describe('events', () => {
  test('are one object with two faces', async () => {
    await it.create(`${space}/events`, { metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' }, message: 'hello', reason: 'Started' });
    expect((await it.call('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e')).body).toMatchObject({ apiVersion: 'events.k8s.io/v1', kind: 'Event', regarding: { name: 'p' }, note: 'hello' });
  });
});

describe('server-side apply', () => {
  const apply = (manager: string, object: object, more = ''): ReturnType<TestServer['call']> =>
    it.call('PATCH', `${space}/configmaps/a?fieldManager=${manager}${more}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...object }, { headers: { 'content-type': 'application/apply-patch+yaml' } });

  test('creates, owns, conflicts, and is forced', async () => {
    expect((await apply('one', { data: { k: '1' } })).status).toBe(201);
    expect((await apply('one', { data: { k: '2' } })).status).toBe(200);
    const conflict = await apply('two', { data: { k: '3' } });
    expect([conflict.status, conflict.body.message]).toEqual([409, 'Apply failed with 1 conflict: conflict with "one": .data.k']);
    const { body } = await apply('two', { data: { k: '3' } }, '&force=true');
    expect(body.metadata.managedFields.map(({ manager, operation }: any) => [manager, operation])).toEqual([['two', 'Apply']]);
    expect((await apply('', { data: {} })).status).toBe(422);
  });

  test('of what is there already changes nothing', async () => {
    const first = await apply('one', { data: { k: '1' } });
    await it.clock.advance(5000);
    expect((await apply('one', { data: { k: '1' } })).body).toEqual(first.body);
  });
});

test('who writes is on record', async () => {
  const { body } = await it.call('POST', `${space}/configmaps`, { metadata: { name: 'a' }, data: { k: 'v' } }, { user: admin, headers: { 'User-Agent': 'kubectl/v1.36.0 (linux/amd64)' } });
  expect(body.metadata.managedFields).toMatchObject([{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } } }]);
});

test('a certificate signing request names who asks, and only approval decides it', async () => {
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const request = btoa(jane);
  const made: any = await it.create(path, { metadata: { name: 'c' }, spec: { request, signerName: 'example.com/x', usages: ['client auth'], username: 'somebody-else' } });
  expect(made.spec).toMatchObject({ username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] });
  const verdict = (type: string): object => ({ ...made, status: { conditions: [{ type, status: 'True', reason: 'r' }] } });
  const throughStatus = await it.call('PUT', `${path}/c/status`, verdict('Approved'));
  expect([throughStatus.status, throughStatus.body.message]).toEqual([422, 'CertificateSigningRequest.certificates.k8s.io "c" is invalid: status.conditions: Forbidden: updates may not add a condition of type "Approved"']);
  const approved = await it.call('PUT', `${path}/c/approval`, { ...verdict('Approved'), metadata: { name: 'c', annotations: { by: 'me' } } });
  expect(approved.body.metadata).toMatchObject({ annotations: { by: 'me' }, uid: made.metadata.uid });
  expect([approved.status, approved.body.status.conditions[0]]).toMatchObject([200, { type: 'Approved', status: 'True', lastUpdateTime: expect.any(String) }]);
  const failed = await it.call('PUT', `${path}/c/status`, { ...made, metadata: { name: 'c' }, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'other' }, { type: 'Failed', status: 'True' }] } });
  expect([failed.status, failed.body.status.conditions]).toMatchObject([200, [approved.body.status.conditions[0], { type: 'Failed', lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) }]]);
  expect((await it.call('PUT', `${path}/c/approval`, { ...verdict('Denied'), metadata: { name: 'c' } })).status).toBe(422);
  // A byte of the key is another one.
  const forged = await it.call('POST', path, { metadata: { name: 'd' }, spec: { request: btoa(jane.replace('G5r6MvYu', 'G5r6MvYv')), signerName: 'example.com/x', usages: ['client auth'] } });
  expect([forged.status, forged.body.details.causes[0].field]).toEqual([422, 'spec.request']);
  const root = await it.call('POST', path, { metadata: { name: 'e' }, spec: { request: btoa(masters), signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] } });
  expect(root.body.message).toBe('certificatesigningrequests.certificates.k8s.io "e" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed');
});
