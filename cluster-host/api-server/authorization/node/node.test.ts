/** What a node may do, through the whole request chain. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { UserInfo } from '../../server.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';
import { NodeGraph } from './graph.ts';

const kubelet: UserInfo = { name: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] };
const none = `no relationship found between node 'n' and this object`;

let it: TestServer;
beforeEach(async () => {
  it = await createTestServer();
  for (const name of ['used', 'other']) {
    await it.create('/api/v1/namespaces/default/secrets', { metadata: { name } });
    await it.create('/api/v1/namespaces/default/configmaps', { metadata: { name } });
    await it.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
  }
  await it.create('/api/v1/namespaces/default/persistentvolumeclaims', { metadata: { name: 'used' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } });
  await it.create('/api/v1/persistentvolumes', { metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' }, claimRef: { namespace: 'default', name: 'used' } } });
  await it.create('/api/v1/namespaces/default/pods', {
    metadata: { name: 'mine' },
    spec: {
      nodeName: 'n',
      serviceAccountName: 'used',
      imagePullSecrets: [{ name: 'used' }],
      containers: [{ name: 'c', image: 'i', envFrom: [{ configMapRef: { name: 'used' } }] }],
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'used' } }],
    },
  });
  await it.create('/api/v1/namespaces/default/pods', { metadata: { name: 'theirs' }, spec: { nodeName: 'm', serviceAccountName: 'other', containers: [{ name: 'c', image: 'i' }] } });
});

const asked = async (method: 'GET' | 'POST', path: string): Promise<number | string> => {
  const { status, body } = await it.call(method, path, method === 'POST' ? {} : undefined, { user: kubelet });
  return status === 403 ? String(body.message).replace(/^.*at the cluster scope(?:: )?|^.*in the namespace "[^"]*"(?:: )?/, '') : status;
};
const inDefault = '/api/v1/namespaces/default';

test.each([
  [`${inDefault}/secrets/used`, 200],
  [`${inDefault}/secrets/other`, none],
  [`${inDefault}/secrets`, 'No Object name found'],
  [`${inDefault}/secrets?fieldSelector=metadata.name%3Dused`, 200],
  ['/api/v1/secrets', 'can only read namespaced object of this type'],
  [`${inDefault}/configmaps/used`, 200],
  [`${inDefault}/configmaps/other`, none],
  [`${inDefault}/serviceaccounts/used`, 200],
  [`${inDefault}/serviceaccounts/other`, none],
  [`${inDefault}/persistentvolumeclaims/used`, 200],
  [`${inDefault}/persistentvolumeclaims`, 'can only get individual resources of this type'],
  ['/api/v1/persistentvolumes/v', 200],
  ['/api/v1/persistentvolumes', 'can only get individual resources of this type'],
  [`${inDefault}/pods/mine`, 200],
  [`${inDefault}/pods/theirs`, none],
  ['/api/v1/pods', 'can only list/watch pods with spec.nodeName field selector'],
  ['/api/v1/pods?fieldSelector=spec.nodeName%3Dn', 200],
  ['/api/v1/pods?fieldSelector=spec.nodeName%3Dm', 'can only list/watch pods with spec.nodeName field selector'],
  ['/api/v1/nodes', `node 'n' cannot read all nodes, only its own Node object`],
  ['/api/v1/nodes/m', `node 'n' cannot read 'm', only its own Node object`],
  ['/api/v1/nodes?fieldSelector=metadata.name%3Dn', 200],
  ['/api/v1/services', 200],
  ['/api/v1/namespaces', ''],
  ['/apis/coordination.k8s.io/v1/namespaces/default/leases/n', 'can only access leases in the "kube-node-lease" system namespace'],
  ['/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/m', 'can only access node lease with the same name as the requesting node'],
  ['/apis/storage.k8s.io/v1/csinodes/m', 'can only access CSINode with the same name as the requesting node'],
])('GET %s: %s', async (path, answer) => {
  expect(await asked('GET', path)).toBe(answer);
});

test('what a pod refers to is the node’s as long as the pod is', async () => {
  await it.call('DELETE', `${inDefault}/pods/mine?gracePeriodSeconds=0`);
  expect(await asked('GET', `${inDefault}/secrets/used`)).toBe(none);
});

describe('the graph', () => {
  const pod = (name: string, annotations = {}) => ({ metadata: { namespace: 'a', name, annotations }, spec: { nodeName: 'n', containers: [], volumes: [{ name: 'v', secret: { secretName: 's' } }] } });

  test('counts pods', () => {
    const graph = new NodeGraph();
    graph.put('/pods', pod('p'));
    graph.put('/pods', pod('q'));
    graph.put('/pods', pod('q'));
    graph.remove('/pods', pod('p'));
    expect(graph.isRelated('n', 'secrets', 'a', 's')).toBe(true);
    graph.remove('/pods', pod('q'));
    expect([graph.isRelated('n', 'secrets', 'a', 's'), graph.isRelated('n', 'pods', 'a', 'q')]).toEqual([false, false]);
  });

  test('gives nothing for a mirror pod', () => {
    const graph = new NodeGraph();
    graph.put('/pods', pod('p', { 'kubernetes.io/config.mirror': 'x' }));
    expect([graph.isRelated('n', 'pods', 'a', 'p'), graph.isRelated('n', 'secrets', 'a', 's')]).toEqual([true, false]);
  });

  test('knows the secrets of volumes', () => {
    const graph = new NodeGraph();
    const volume = { metadata: { name: 'v' }, spec: { claimRef: { namespace: 'a', name: 'c' }, csi: { driver: 'd', volumeHandle: 'h', nodeStageSecretRef: { namespace: 'k', name: 's' } } } };
    graph.put('/persistentvolumes', volume);
    graph.put('/pods', { metadata: { namespace: 'a', name: 'p' }, spec: { nodeName: 'n', containers: [], volumes: [{ name: 'x', persistentVolumeClaim: { claimName: 'c' } }] } });
    expect([graph.isRelated('n', 'secrets', 'k', 's'), graph.isRelated('m', 'secrets', 'k', 's'), graph.isRelated('n', 'persistentvolumes', '', 'v')]).toEqual([true, false, true]);
    graph.remove('/persistentvolumes', volume);
    expect(graph.isRelated('n', 'secrets', 'k', 's')).toBe(false);
  });
});
