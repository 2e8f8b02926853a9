import { describe, expect, it } from 'vitest';
import type { V1Node } from '../../api/generated/types.ts';
import { lostConditions, untilLost, wantedTaints } from './plan.ts';

const node = (ready: string | undefined, spec: V1Node['spec'] = {}, more: readonly { type: string; status: string }[] = []): V1Node => ({
  metadata: { name: 'a', creationTimestamp: '1970-01-01T00:00:00Z' },
  spec,
  status: { conditions: ready === undefined ? [] : [{ type: 'Ready', status: ready }, ...more] },
});

describe('node lifecycle', () => {
  it.each([
    ['fresh sign of life', node('True'), 100_000, 50_000],
    ['silent for long', node('True'), 50_000, 0],
    ['never heard of, young', node(undefined), 0, 0],
  ])('grace: %s', (_, one, heardAt, expected) => {
    expect(untilLost(one, heardAt, 100_000)).toBe(expected);
  });

  it('calls what is silent unknown, once', () => {
    const lost = lostConditions(node('True'), 0);
    expect(lost?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['Ready', 'Unknown', 'NodeStatusUnknown'],
      ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated'],
      ['DiskPressure', 'Unknown', 'NodeStatusNeverUpdated'],
      ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated'],
    ]);
    expect(lostConditions({ ...node('True'), status: { conditions: lost ?? [] } }, 0)).toBeUndefined();
  });

  const taint = (key: string, effect: string) => ({ key: `node.kubernetes.io/${key}`, effect });
  it.each([
    ['ready', node('True'), undefined],
    ['not ready', node('False'), ['not-ready NoSchedule', 'not-ready NoExecute']],
    ['unknown', node('Unknown'), ['unreachable NoSchedule', 'unreachable NoExecute']],
    ['pressure', node('True', {}, [{ type: 'DiskPressure', status: 'True' }]), ['disk-pressure NoSchedule']],
    ['cordoned', node('True', { unschedulable: true }), ['unschedulable NoSchedule']],
    ['well again', node('True', { taints: [taint('not-ready', 'NoExecute'), { key: 'own', effect: 'NoSchedule' }] }), ['own NoSchedule']],
    ['as it should be', node('False', { taints: [taint('not-ready', 'NoSchedule'), taint('not-ready', 'NoExecute')] }), undefined],
  ])('taints: %s', (_, one, expected) => {
    expect(wantedTaints(one, 0)?.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')} ${effect}`)).toEqual(expected);
  });
});
