import { describe, expect, it } from 'vitest';
import type { V1Node, V1PersistentVolumeClaim, V1Pod } from '../../api/generated/types.ts';
import { selectorOfLabels } from '../../api/selectors/label-selector.ts';
import { seededRandom } from '../../platform/simulated/random.ts';
import { ClusterCache } from '../cluster-cache.ts';
import { findNode } from '../cycle.ts';
import { failureText } from '../failure.ts';
import { podInfoOf, type PodInfo } from '../pod-info.ts';
import { plugins } from '../plugins.ts';
import { node, pod } from '../testing/objects.ts';

/** The node that the pod gets, or why it gets none. */
function place(wanted: V1Pod, nodes: readonly V1Node[], placed: Readonly<Record<string, readonly V1Pod[]>> = {}): string {
  const cache = new ClusterCache();
  for (const one of nodes) cache.putNode(one);
  for (const [name, pods] of Object.entries(placed)) {
    for (const one of pods) cache.putPod({ ...one, metadata: { ...one.metadata, uid: `${name}/${one.metadata?.name}` }, spec: { containers: [], ...one.spec, nodeName: name } });
  }
  const none = () => undefined;
  const cluster = { nodes: cache.nodes, namespace: none, claim: (_: string, name: string) => claims[name], volume: none, volumes: () => [], storageClass: none, siblings: ({ labels }: PodInfo) => (labels['like'] === undefined ? undefined : selectorOfLabels({ like: labels['like'] })) };
  const result = findNode({ pod: podInfoOf(wanted), cluster, plugins, nominated: () => [], start: 0, random: seededRandom(1) });
  return 'failure' in result ? failureText(result.failure) : result.node;
}

const claims: Readonly<Record<string, V1PersistentVolumeClaim>> = {
  mine: { metadata: { name: 'mine', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }, spec: { volumeName: 'v', accessModes: ['ReadWriteOncePod'] } },
};
const mounts = (claimName: string) => ({ spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] } });
const onNodes = (...values: string[]) => ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }] } } });

const web = { labels: { app: 'web' } };
const selector = { matchLabels: { app: 'web' } };
const near = (topologyKey: string) => ({ labelSelector: selector, topologyKey });
const zones = ['a', 'b', 'c'].map((name) => node(name, { labels: { zone: name === 'c' ? 'z2' : 'z1' } }));
const spread = (maxSkew: number, whenUnsatisfiable: string) => ({ topologySpreadConstraints: [{ maxSkew, topologyKey: 'zone', whenUnsatisfiable, labelSelector: selector }] });
const affinity = (affinity: NonNullable<V1Pod['spec']>['affinity']) => ({ spec: { affinity } });

const cases: readonly [string, V1Pod, readonly V1Node[], Readonly<Record<string, readonly V1Pod[]>>, string][] = [
  ['resources', pod('p', { memory: '6Gi' }), [node('a'), node('b')], { a: [pod('x', { memory: '4Gi' })] }, 'b'],
  ['several resources', pod('p', { cpu: '3', memory: '6Gi' }), [node('a')], { a: [pod('x', { cpu: '2', memory: '4Gi' })] }, '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.'],
  ['least allocated', pod('p', { cpu: '1' }), [node('a'), node('b')], { a: [pod('x', { cpu: '1', memory: '1Gi' })] }, 'b'],
  ['init containers', pod('p', { spec: { initContainers: [{ name: 'i', resources: { requests: { cpu: '5' } } }] } }), [node('a')], {}, '0/1 nodes are available: 1 Insufficient cpu.'],
  ['extended resources', pod('p', { spec: { containers: [{ name: 'c', resources: { requests: { 'x.io/gpu': '1' } } }] } }), [node('a')], {}, '0/1 nodes are available: 1 Insufficient x.io/gpu.'],
  ['node selector', pod('p', { spec: { nodeSelector: { zone: 'z2' } } }), zones, {}, 'c'],
  ['no node of the selector', pod('p', { spec: { nodeSelector: { zone: 'z9' } } }), zones, {}, "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."],
  [
    'node affinity',
    pod('p', affinity({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }] } } })),
    zones,
    {},
    'b',
  ],
  [
    'preferred node affinity',
    pod('p', affinity({ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z2'] }] } }] } })),
    zones,
    {},
    'c',
  ],
  ['host ports', pod('p', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] } }), [node('a'), node('b')], { a: [pod('x', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80, hostIP: '127.0.0.1' }] }] } })] }, 'b'],
  ['soft taints', pod('p'), [node('a', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } }), node('b')], {}, 'b'],
  ['tolerated taints', pod('p', { spec: { tolerations: [{ key: 'k', operator: 'Exists' }] } }), [node('a', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } })], {}, 'a'],
  ['pod affinity', pod('p', affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('zone')] } })), zones, { c: [pod('x', web)] }, 'c'],
  ['pod affinity of the first of its kind', pod('p', { ...web, ...affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('zone')] } }) }), [node('a', { labels: { zone: 'z' } })], {}, 'a'],
  ['pod affinity without a partner', pod('p', affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('zone')] } })), zones, {}, "0/3 nodes are available: 3 node(s) didn't match pod affinity rules."],
  ['pod anti-affinity', pod('p', affinity({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('zone')] } })), zones, { a: [pod('x', web)] }, 'c'],
  [
    'the anti-affinity of those there',
    pod('p', web),
    zones.slice(0, 2),
    { a: [pod('x', affinity({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('zone')] } }))] },
    "0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules.",
  ],
  ['preferred pod affinity', pod('p', affinity({ podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: near('zone') }] } })), zones, { c: [pod('x', { ...web, cpu: '1' })] }, 'c'],
  ['topology spread', pod('p', { ...web, spec: spread(1, 'DoNotSchedule') }), zones, { a: [pod('x', web)] }, 'c'],
  [
    'topology spread without room',
    pod('p', { ...web, spec: { ...spread(1, 'DoNotSchedule') } }),
    [...zones.slice(0, 2), node('c', { pods: '0', labels: { zone: 'z2' } })],
    { a: [pod('x', web)] },
    "0/3 nodes are available: 1 Too many pods, 2 node(s) didn't match pod topology spread constraints.",
  ],
  ['soft topology spread', pod('p', { ...web, spec: spread(1, 'ScheduleAnyway') }), zones, { a: [pod('x', web)], b: [pod('y', web)] }, 'c'],
  ['a node by its name that is full', pod('p', { cpu: '8', ...affinity(onNodes('b')) }), zones, {}, "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]."],
  ['a node by its name that is not there', pod('p', affinity(onNodes('x'))), zones, {}, "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]."],
  ['pods of one kind, which are spread unasked', pod('p', { labels: { like: 'x' } }), [node('a'), node('b')], { a: [pod('x', { labels: { like: 'x' } })], b: [pod('y', { cpu: '500m', memory: '1Gi' })] }, 'b'],
  ['a claim of one pod alone', pod('p', mounts('mine')), [node('a'), node('b')], { a: [pod('x', mounts('mine'))] }, '0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.'],
  ['a claim that is not there', pod('p', mounts('none')), [node('a')], {}, '0/1 nodes are available: persistentvolumeclaim "none" not found.'],
  ['devices', pod('p', { spec: { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] } }), [node('a')], {}, '0/1 nodes are available: 1 cannot allocate all claims.'],
  ['images that are there', pod('p'), [node('a'), node('b', { images: [{ names: ['main:latest'], sizeBytes: 800_000_000 }] })], {}, 'b'],
];

describe('scheduling plugins', () => {
  it.each(cases)('%s', (_, wanted, nodes, placed, expected) => {
    expect(place(wanted, nodes, placed)).toBe(expected);
  });
});
