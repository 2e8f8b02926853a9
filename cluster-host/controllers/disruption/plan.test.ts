import { describe, expect, it } from 'vitest';
import type { V1Pod, V1PodDisruptionBudget } from '../../api/generated/types.ts';
import { planBudget } from './plan.ts';

const pod = (name: string, ready: boolean): V1Pod => ({ metadata: { name }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } });
const four = ['a', 'b', 'c', 'd'].map((name) => pod(name, name !== 'd'));

const cases: readonly [string, V1PodDisruptionBudget['spec'], V1PodDisruptionBudget['status'], { desiredHealthy: number; disruptionsAllowed: number }][] = [
  ['minAvailable', { minAvailable: 2 }, {}, { desiredHealthy: 2, disruptionsAllowed: 1 }],
  ['minAvailable in per cent, rounded up', { minAvailable: '60%' }, {}, { desiredHealthy: 3, disruptionsAllowed: 0 }],
  ['maxUnavailable', { maxUnavailable: 2 }, {}, { desiredHealthy: 2, disruptionsAllowed: 1 }],
  ['maxUnavailable in per cent, rounded up', { maxUnavailable: '30%' }, {}, { desiredHealthy: 2, disruptionsAllowed: 1 }],
  ['an eviction under way', { minAvailable: 2 }, { disruptedPods: { a: '1970-01-01T00:01:00Z' } }, { desiredHealthy: 2, disruptionsAllowed: 0 }],
  ['an eviction that came to nothing', { minAvailable: 2 }, { disruptedPods: { a: '1969-12-31T23:00:00Z' } }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
];

describe('disruption budgets', () => {
  it.each(cases)('%s', (_, spec, status, expected) => {
    const planned = planBudget({ metadata: { generation: 3 }, spec, status }, four, 4, 100_000);
    expect(planned).toMatchObject({ ...expected, currentHealthy: status?.disruptedPods?.['a'] === '1970-01-01T00:01:00Z' ? 2 : 3, expectedPods: 4, observedGeneration: 3 });
    expect(planned.conditions?.[0]).toMatchObject({ type: 'DisruptionAllowed', status: expected.disruptionsAllowed > 0 ? 'True' : 'False' });
  });
});
