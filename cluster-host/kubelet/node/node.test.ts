import { expect, test } from 'vitest';
import type { V1ContainerPort, V1Node, V1Pod, V1PodSpec } from '../../api/generated/types.ts';
import { rejectionOf } from './admission.ts';
import { matchesNodeSelector } from './node-selector.ts';
import { PodAddresses } from './pod-addresses.ts';

const node: V1Node = { metadata: { name: 'n', labels: { zone: 'a', size: '5' } }, status: { allocatable: { 'example.com/d': '5' } } };
const allocatable = { cpu: '2', memory: '1Gi', pods: '3' };
const asking = (requests: Record<string, string>, spec: Partial<V1PodSpec> = {}): V1Pod => ({ spec: { containers: [{ name: 'c', resources: { requests } }], ...spec } });
const onPort = (port: Partial<V1ContainerPort>): V1Pod => ({ spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, ...port }] }] } });

test.each<[string, V1Pod, readonly V1Pod[], string | undefined]>([
  ['room for it', asking({ cpu: '500m' }), [asking({ cpu: '1500m' })], undefined],
  ['no cpu', asking({ cpu: '600m' }), [asking({ cpu: '1500m' })], "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000"],
  ['what the cluster counts and the node does not know', asking({ 'example.com/token': '1' }), [], undefined],
  ['what ended takes nothing', asking({ cpu: '2' }), [{ ...asking({ cpu: '2' }), status: { phase: 'Succeeded' } }], undefined],
  ['no place', asking({}), [asking({}), asking({}), asking({})], "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3"],
  ['another zone', asking({}, { nodeSelector: { zone: 'b' } }), [], "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"],
  ['a sysctl that others would feel', asking({}, { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }), [], 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted'],
  ['a port of the node that is taken', onPort({ hostPort: 80 }), [onPort({ hostPort: 80, hostIP: '127.0.0.1' })], "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"],
  ['a port that is taken on another address, or of another protocol', onPort({ hostPort: 80, hostIP: '10.0.0.1' }), [onPort({ hostPort: 80, hostIP: '127.0.0.1' }), onPort({ hostPort: 80, protocol: 'UDP' })], undefined],
  ['a device that the node has', asking({ 'example.com/d': '1' }), [asking({ 'example.com/d': '4' })], undefined],
  ['a device too many', asking({ 'example.com/d': '2' }), [asking({ 'example.com/d': '4' })], "Pod was rejected: Node didn't have enough resource: example.com/d, requested: 2, used: 4, capacity: 5"],
  ['a device that the node does not know', asking({ 'example.com/other': '2' }), [], undefined],
  ['a large init container', asking({ cpu: '1' }, { initContainers: [{ name: 'i', resources: { requests: { cpu: '3' } } }] }), [], "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000"],
])('%s', (_name, pod, others, message) => {
  expect(rejectionOf(pod, others, node, allocatable)?.message).toBe(message);
});

test.each([
  ['In', ['a', 'b'], true],
  ['NotIn', ['a'], false],
  ['Exists', [], true],
  ['DoesNotExist', [], false],
])('node affinity %s', (operator, values, expected) => {
  const terms = [{ matchExpressions: [{ key: 'zone', operator, values }] }];
  const pod: V1Pod = { spec: { containers: [], affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } } };
  expect(matchesNodeSelector(pod, node)).toBe(expected);
});

test('addresses are given in turn, once each, and come round again', () => {
  const addresses = new PodAddresses();
  expect(addresses.take('x')).toBeUndefined();
  addresses.adopt('old', '10.244.1.3');
  addresses.useRange('10.244.1.0/29');
  expect(['a', 'b', 'a', 'c', 'd'].map((uid) => addresses.take(uid))).toEqual(['10.244.1.4', '10.244.1.5', '10.244.1.4', '10.244.1.6', '10.244.1.2']);
  expect(addresses.take('e')).toBeUndefined();
  addresses.release('b');
  expect(addresses.take('e')).toBe('10.244.1.5');
});
