import { expect, it } from 'vitest';
import type { V1Toleration } from '../../api/generated/types.ts';
import { untilEvicted } from './plan.ts';

const lost = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '1970-01-01T00:00:00Z' };
const tolerates = (tolerationSeconds?: number): V1Toleration => ({ key: lost.key, operator: 'Exists', effect: 'NoExecute', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) });

it.each([
  ['no taint', [], [], undefined],
  ['no toleration', [lost], [], 0],
  ['for ever', [lost], [tolerates()], undefined],
  ['for a while', [lost], [tolerates(300)], 290_000],
  ['for the shorter while', [lost], [tolerates(300), tolerates(60)], 50_000],
  ['over', [lost], [tolerates(5)], 0],
  ['another taint besides', [lost, { key: 'x', effect: 'NoExecute' }], [tolerates(300)], 0],
  ['only NoExecute evicts', [{ key: 'x', effect: 'NoSchedule' }], [], undefined],
])('evicts: %s', (_, taints, tolerations, expected) => {
  expect(untilEvicted({ spec: { containers: [], tolerations } }, taints, 10_000, 10_000)).toBe(expected);
});
