import { describe, expect, it } from 'vitest';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import { customResourceDefinitions, deployments, endpointSlices, events, namespaces, nodes, pods, replicaSets, services } from '../../../cluster-host/client/resources.ts';
import { explorerResources } from '../../clusters/resources.ts';
import type { ExplorerCluster } from './children.ts';
import { Contributions } from './contributions.ts';
import { ExplorerModel } from './model.ts';
import type { ExplorerNode } from './node.ts';

function cluster(objects: ReadonlyMap<Resource<any>, readonly KubeObject[]>): ExplorerCluster {
  return {
    context: 'here',
    state: { phase: 'connected', version: 'v1.36.0' },
    namespace: 'default',
    loaded: () => true,
    serves: (resource) => objects.has(resource),
    lister(resource) {
      const found = objects.get(resource);
      if (found === undefined) return undefined;
      const indexes = explorerResources.find((row) => row.resource === resource)?.indexes ?? {};
      return {
        get: (namespace, name) => found.find(({ metadata }) => metadata?.name === name && (metadata.namespace ?? '') === namespace) as never,
        list: (namespace) => found.filter(({ metadata }) => namespace === undefined || metadata?.namespace === namespace) as never,
        byIndex: (index, value) => found.filter((object) => indexes[index]?.(object).includes(value)) as never,
      };
    },
  };
}

function named(name: string, more: KubeObject = {}, owner?: { readonly kind: string; readonly name: string }): KubeObject {
  const ownerReferences = owner && [{ apiVersion: 'apps/v1', kind: owner.kind, name: owner.name, uid: owner.name, controller: true }];
  return { ...more, metadata: { name, uid: name, namespace: 'default', ...(ownerReferences ? { ownerReferences } : {}) } };
}

const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [] };
const shop = new Map<Resource<any>, readonly KubeObject[]>([
  [namespaces, ['kube-system', 'default', 'apps'].map((name) => ({ metadata: { name, uid: name } }))],
  [nodes, [{ metadata: { name: 'n1', uid: 'n1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }]],
  [deployments, [named('web', { spec: { replicas: 1 }, status: { readyReplicas: 1 } })]],
  [replicaSets, [named('web-1', { spec: { replicas: 1 }, status: {} }, { kind: 'Deployment', name: 'web' }), named('web-0', { spec: { replicas: 0 }, status: {} }, { kind: 'Deployment', name: 'web' })]],
  [
    pods,
    [
      named('web-1-x', { spec: { nodeName: 'n1', containers: [{ name: 'httpd', image: 'web:1' }] }, status: running }, { kind: 'ReplicaSet', name: 'web-1' }),
      named('lonely', { spec: { nodeName: 'n1', containers: [{ name: 'main' }] }, status: { phase: 'Pending' } }),
    ],
  ],
  [services, [named('web', { spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] } })]],
  [
    endpointSlices,
    [
      {
        metadata: { name: 'web-abc', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
        ports: [{ port: 8080 }],
        endpoints: [{ addresses: ['10.244.0.2'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1-x' } }],
      },
    ],
  ],
]);

function modelOf(...clusters: readonly ExplorerCluster[]): ExplorerModel {
  return new ExplorerModel(() => clusters, () => ({ favourites: [], namespaces: [] }));
}

/** The whole tree as indented lines. */
function drawn(model: ExplorerModel): readonly string[] {
  const draw = (node: ExplorerNode, depth: number): readonly string[] => {
    const { label, description = '' } = model.item(node);
    return [`${'  '.repeat(depth)}${label}${description === '' ? '' : ` [${description}]`}`, ...model.children(node).flatMap((child) => draw(child, depth + 1))];
  };
  return model.roots().flatMap((node) => draw(node, 0));
}

describe('ExplorerModel', () => {
  it('shows owners above what they own, once', () => {
    expect(drawn(modelOf(cluster(shop)))).toEqual([
      'default [active]',
      '  Workloads [1/2 pods ready]',
      '    web [1/1 ready]',
      '      web-1 [0/1 ready]',
      '        web-1-x [Running 0/1]',
      '          httpd [waiting · web:1]',
      '    lonely [Pending 0/1]',
      '      main [waiting · ]',
      '  Services [1]',
      '    web [ClusterIP 10.96.0.9 · 80]',
      '      10.244.0.2 [8080/TCP · web-1-x]',
      'apps',
      'kube-system',
      'Nodes [1]',
      '  n1 [Ready · 2 pods]',
      '    lonely [Pending 0/1]',
      '      main [waiting · ]',
      '    web-1-x [Running 0/1]',
      '      httpd [waiting · web:1]',
    ]);
  });

  it('filters by any text, keeping what is above and below a match', () => {
    const model = modelOf(cluster(shop));
    model.filter = 'LONE';
    expect(drawn(model)).toEqual([
      'default [active]',
      '  Workloads [1/2 pods ready]',
      '    lonely [Pending 0/1]',
      '      main [waiting · ]',
      'Nodes [1]',
      '  n1 [Ready · 2 pods]',
      '    lonely [Pending 0/1]',
      '      main [waiting · ]',
    ]);
  });

  it('gives every node an id of its own', () => {
    const model = modelOf(cluster(shop));
    const ids: string[] = [];
    const walk = (nodes: readonly ExplorerNode[]): void => {
      for (const node of nodes) {
        ids.push(model.item(node).id);
        walk(model.children(node));
      }
    };
    walk(model.roots());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says what to do next in an empty namespace', () => {
    const empty = new Map<Resource<any>, readonly KubeObject[]>([[namespaces, [{ metadata: { name: 'default', uid: 'default' } }]], [pods, []]]);
    expect(drawn(modelOf(cluster(empty)))).toEqual(['default [active]', '  Nothing runs here yet [apply a manifest, or write a first one]']);
  });

  it('says why something is not healthy, above what it is made of', () => {
    const broken = named('web-1-x', { spec: { containers: [{ name: 'httpd' }] }, status: { phase: 'Pending', containerStatuses: [{ name: 'httpd', image: 'web:2', restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }] } });
    const namespace = { metadata: { name: 'default', uid: 'default' } };
    expect(drawn(modelOf(cluster(new Map<Resource<any>, readonly KubeObject[]>([[namespaces, [namespace]], [pods, [broken]]])))).slice(2)).toEqual([
      '    web-1-x [ImagePullBackOff 0/1]',
      '      The image "web:2" of "httpd" does not exist.',
      '      httpd [ImagePullBackOff · ]',
    ]);
  });

  it('shows custom resources in their namespaces, and events newest first', () => {
    const definition = { metadata: { name: 'gadgets.example.com', uid: 'crd' }, spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Gadget', plural: 'gadgets' }, versions: [{ name: 'v1', served: true, storage: true }] }, status: { conditions: [{ type: 'Established', status: 'True' }] } };
    const event = (name: string, time: string): KubeObject => named(name, { reason: name, message: 'm', lastTimestamp: time, involvedObject: { kind: 'Pod', name: 'a' } });
    const objects = new Map<Resource<any>, readonly KubeObject[]>([
      [namespaces, [{ metadata: { name: 'default', uid: 'default' } }]],
      [pods, []],
      [customResourceDefinitions, [definition]],
      [events, [event('Old', '2026-01-01T00:00:00Z'), event('New', '2026-01-02T00:00:00Z')]],
    ]);
    const base = cluster(objects);
    const lister: ExplorerCluster['lister'] = (resource) => (resource.plural === 'gadgets' ? base.lister({ ...resource, plural: '' }) ?? { get: () => undefined, list: () => [named('g')] as never, byIndex: () => [] } : base.lister(resource));
    expect(drawn(modelOf({ ...base, lister })).filter((line) => /Custom|  g|Old|New|Gadget/.test(line))).toEqual([
      '  Custom Resources [1]',
      '    g',
      '    New [pod/a · m]',
      '    Old [pod/a · m]',
      'Custom Resources [1]',
      '  Gadget [example.com]',
    ]);
  });

  it('shows several clusters at once, one that is away without anything in it', () => {
    const away: ExplorerCluster = { ...cluster(shop), context: 'there', state: { phase: 'away', message: 'connect ECONNREFUSED' } };
    const lines = drawn(modelOf(cluster(shop), away));
    expect(lines.slice(0, 2)).toEqual(['here [v1.36.0]', '  default [active]']);
    expect(lines.at(-1)).toBe('there [does not answer]');
  });

  it('shows favourites first, and only the namespaces that are wanted', () => {
    const favourite = { group: 'apps', plural: 'deployments', namespace: 'default', name: 'web' };
    const model = new ExplorerModel(() => [cluster(shop)], () => ({ favourites: [favourite, { ...favourite, name: 'gone' }], namespaces: ['apps'] }));
    expect(model.roots().map((node) => model.item(node).label)).toEqual(['Favourites', 'apps', 'Nodes']);
    expect(drawn(model)[1]).toBe('  web [1/1 ready]');
  });

  it('shows what other extensions add below objects, and goes on where one throws', () => {
    const contributions = new Contributions();
    contributions.add({ kind: 'Service', nodes: () => { throw new Error('theirs'); } });
    const mine = contributions.add({ kind: 'Service', nodes: ({ metadata }, { kind }) => [{ label: `${kind} ${metadata?.name ?? ''}`, description: 'by another', command: 'other.open' }] });
    const model = new ExplorerModel(() => [cluster(shop)], () => ({ favourites: [], namespaces: [] }), contributions);
    expect(drawn(model).map((line) => line.trim())).toContain('Service web [by another]');
    mine.dispose();
    expect(drawn(model).map((line) => line.trim())).not.toContain('Service web [by another]');
  });

  it('is empty without a cluster', () => expect(modelOf().roots()).toEqual([]));
});
