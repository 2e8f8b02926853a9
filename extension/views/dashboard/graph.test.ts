import { expect, it } from 'vitest';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import { configMaps, deployments, ingresses, pods, replicaSets, services } from '../../../cluster-host/client/resources.ts';
import { explorerResources } from '../../clusters/resources.ts';
import type { DiagnosisSource } from '../../diagnosis/diagnose.ts';
import { graphOf } from './graph.ts';

function source(objects: ReadonlyMap<Resource<any>, readonly KubeObject[]>): DiagnosisSource {
  return {
    lister(resource) {
      const found = objects.get(resource) ?? [];
      const indexes = explorerResources.find((row) => row.resource === resource)?.indexes ?? {};
      return {
        get: (_namespace, name) => found.find(({ metadata }) => metadata?.name === name) as never,
        list: () => found as never,
        byIndex: (index, value) => found.filter((object) => indexes[index]?.(object).includes(value)) as never,
      };
    },
  };
}

const object = (name: string, rest: object = {}, owner?: string): KubeObject => ({
  ...rest,
  metadata: { name, uid: name, namespace: 'shop', labels: { app: 'web' }, ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: owner === 'web' ? 'Deployment' : 'ReplicaSet', name: owner, uid: owner, controller: true }] }) },
});
const template = { spec: { containers: [{ name: 'web', image: 'x', envFrom: [{ configMapRef: { name: 'greeting' } }] }] } };
const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [] };

const shop = new Map<Resource<any>, readonly KubeObject[]>([
  [ingresses, [object('front', { spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'web' } } }] } }] } })]],
  [services, [object('web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })]],
  [deployments, [object('web', { spec: { replicas: 7, template }, status: { readyReplicas: 7 } })]],
  [replicaSets, [object('web-1', { spec: { replicas: 7, template }, status: { readyReplicas: 7 } }, 'web'), object('web-0', { spec: { replicas: 0, template } }, 'web')]],
  [pods, Array.from({ length: 7 }, (_, at) => object(`web-1-${at}`, { spec: template.spec, status: running }, 'web-1'))],
  [configMaps, [object('greeting'), object('unused')]],
]);

it('draws what leads where, few pods of many, and only configuration that is used', () => {
  const { nodes, edges } = graphOf(source(shop), 'shop');
  expect(nodes.map(({ ref, column, row, more }) => [ref.kind, ref.name, column, row, more ?? 0])).toEqual([
    ['Ingress', 'front', 0, 0, 0],
    ['Service', 'web', 1, 0, 0],
    ['Deployment', 'web', 2, 0, 0],
    ['ConfigMap', 'greeting', 5, 0, 0],
    ['ReplicaSet', 'web-1', 3, 0, 2],
    ...[0, 1, 2, 3, 4].map((at) => ['Pod', `web-1-${at}`, 4, at, 0]),
  ]);
  expect(edges.slice(0, 4).map((edge) => edge.map((id) => id.replace('/shop', '')).join(' → '))).toEqual(['Ingress/front → Service/web', 'Service/web → Deployment/web', 'Deployment/web → ConfigMap/greeting', 'Deployment/web → ReplicaSet/web-1']);
  expect(edges).toHaveLength(9);
});
