import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../api/generated/types.ts';
import { planReplicas } from './plan.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const pod = (name: string, more: { node?: string; phase?: string; ready?: string; cost?: number; restarts?: number; created?: string; dying?: boolean } = {}): V1Pod => ({
  metadata: {
    name,
    uid: name,
    creationTimestamp: more.created ?? '2026-01-01T00:00:00Z',
    ...(more.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(more.cost) } }),
    ...(more.dying === true ? { deletionTimestamp: '2026-01-01T11:59:59Z' } : {}),
  },
  spec: { nodeName: more.node ?? 'a', containers: [] },
  status: {
    phase: more.phase ?? 'Running',
    conditions: more.ready === 'no' ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: more.ready ?? '2026-01-01T00:00:00Z' }],
    containerStatuses: [{ name: 'c', restartCount: more.restarts ?? 0, ready: true, image: '', imageID: '' }],
  },
});

describe('replica sets', () => {
  it.each([
    ['make what is missing', 3, [pod('a')], 2, []],
    ['count neither ended nor going pods', 2, [pod('a'), pod('b', { phase: 'Failed' }), pod('c', { dying: true })], 1, []],
    ['never make more than 500 at once', 1000, [], 500, []],
    ['leave enough alone', 1, [pod('a')], 0, []],
    ['drop unassigned pods first', 1, [pod('a', { phase: 'Pending' }), pod('b', { node: '' })], 0, ['b']],
    ['drop pending before running', 1, [pod('a'), pod('b', { phase: 'Pending' })], 0, ['b']],
    ['drop unready before ready', 1, [pod('a'), pod('b', { ready: 'no' })], 0, ['b']],
    ['drop the cheaper', 1, [pod('a', { cost: 5 }), pod('b', { cost: -1 })], 0, ['b']],
    ['drop where there are more', 2, [pod('a'), pod('b', { node: 'n2' }), pod('c', { node: 'n2' })], 0, ['b']],
    ['drop what became ready last', 1, [pod('a'), pod('b', { ready: '2026-01-01T11:59:00Z' })], 0, ['b']],
    ['drop what restarts most', 1, [pod('a'), pod('b', { restarts: 3 })], 0, ['b']],
    ['drop the youngest', 1, [pod('a'), pod('b', { created: '2026-01-01T11:00:00Z' })], 0, ['b']],
  ])('%s', (_, replicas, pods, create, doomed) => {
    const plan = planReplicas(replicas, pods, pods, now);
    expect([plan.create, plan.delete.map(({ metadata }) => metadata?.name)]).toEqual([create, doomed]);
  });
});
