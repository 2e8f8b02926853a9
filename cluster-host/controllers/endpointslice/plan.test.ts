import { describe, expect, it } from 'vitest';
import type { V1EndpointSlice, V1Pod, V1Service } from '../../api/generated/types.ts';
import { planSlices } from './plan.ts';

const service = (more: Partial<V1Service['spec']> = {}): V1Service => ({ metadata: { name: 'web', namespace: 'default', uid: 's' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...more } });
const pod = (index: number, more: { ready?: boolean; dying?: boolean; port?: number; phase?: string } = {}): V1Pod => ({
  metadata: { name: `p${index}`, namespace: 'default', uid: `u${index}`, labels: { app: 'web' }, ...(more.dying === true ? { deletionTimestamp: 'now' } : {}) },
  spec: { nodeName: 'a', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: more.port ?? 8080 }] }] },
  status: { phase: more.phase ?? 'Running', podIP: `10.0.0.${index}`, conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }] },
});
const pods = (count: number) => Array.from({ length: count }, (_, index) => pod(index + 1));
const none = () => undefined;
const named = (slices: readonly V1EndpointSlice[]): V1EndpointSlice[] => slices.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `web-${index}` } }));
const sizes = (slices: readonly V1EndpointSlice[]) => slices.map(({ endpoints }) => endpoints?.length);

describe('endpoint slices', () => {
  it('hold a hundred endpoints each', () => {
    expect(sizes(planSlices(service(), pods(250), none, []).create)).toEqual([100, 100, 50]);
  });

  it('are one and empty for a service without pods', () => {
    expect(planSlices(service(), [], none, []).create).toMatchObject([{ addressType: 'IPv4', endpoints: [], ports: [], metadata: { generateName: 'web-', labels: { 'kubernetes.io/service-name': 'web' } } }]);
  });

  it.each([
    ['ready', pod(1), {}, { ready: true, serving: true, terminating: false }],
    ['not ready', pod(1, { ready: false }), {}, { ready: false, serving: false, terminating: false }],
    ['going', pod(1, { dying: true }), {}, { ready: false, serving: true, terminating: true }],
    ['published all the same', pod(1, { ready: false }), { publishNotReadyAddresses: true }, { ready: true, serving: false, terminating: false }],
  ])('say of a pod that it is %s', (_, one, more, conditions) => {
    expect(planSlices(service(more), [one], none, []).create[0]?.endpoints?.[0]?.conditions).toEqual(conditions);
  });

  it.each([
    [undefined, undefined],
    ['PreferClose', { forZones: [{ name: 'z' }] }],
    ['PreferSameZone', { forZones: [{ name: 'z' }] }],
    ['PreferSameNode', { forZones: [{ name: 'z' }], forNodes: [{ name: 'a' }] }],
  ])('hint at whose traffic is meant with %s', (trafficDistribution, hints) => {
    const node = () => ({ metadata: { name: 'a', labels: { 'topology.kubernetes.io/zone': 'z' } } });
    const [ready, unready] = planSlices(service({ trafficDistribution }), [pod(1), pod(2, { ready: false })], node, []).create[0]?.endpoints ?? [];
    expect([ready?.hints, unready?.hints]).toEqual([hints, undefined]);
  });

  it('leave out pods that ended, and part pods by their ports', () => {
    const plan = planSlices(service(), [pod(1), pod(2, { port: 9090 }), pod(3, { phase: 'Succeeded' })], none, []);
    expect(plan.create.map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.length])).toEqual([[8080, 1], [9090, 1]]);
  });

  it('change as little as possible', () => {
    const existing = named(planSlices(service(), pods(150), none, []).create);
    expect(planSlices(service(), pods(150), none, existing)).toEqual({ create: [], update: [], delete: [] });
    const grown = planSlices(service(), pods(151), none, existing);
    expect([sizes(grown.create), grown.update.map(({ metadata }) => metadata?.name), sizes(grown.update)]).toEqual([[], ['web-1'], [51]]);
    const shrunk = planSlices(service(), pods(100), none, existing);
    expect([shrunk.update.length, shrunk.delete.map(({ metadata }) => metadata?.name)]).toEqual([0, ['web-1']]);
  });
});
