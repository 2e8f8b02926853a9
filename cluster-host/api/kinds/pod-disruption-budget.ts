import { invalid } from '../field-errors.ts';
import type { V1PodDisruptionBudget } from '../generated/types.ts';
import { validateConditions } from '../validation/conditions.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, optionalOneOf } from '../validation/errors.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { atMost100Percent, validateIntOrPercent } from '../validation/workload.ts';
import { ageColumn, count, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

export const podDisruptionBudget = defineKind<V1PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    const { minAvailable, maxUnavailable } = spec;
    if (minAvailable !== undefined && maxUnavailable !== undefined) yield invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
    for (const [name, value] of Object.entries({ minAvailable, maxUnavailable })) {
      if (value === undefined) continue;
      yield* validateIntOrPercent(`spec.${name}`, value);
      yield* atMost100Percent(`spec.${name}`, value);
    }
    yield* validateLabelSelector(spec.selector, 'spec.selector');
    yield* optionalOneOf('spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget']);
  },
  status: { validateUpdate: validateStatus },
  columns: [
    text('Min Available', 'How many pods have to stay.', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    text('Max Unavailable', 'How many pods may be gone.', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    count('Allowed Disruptions', 'How many pods may be evicted now.', ({ status }) => status?.disruptionsAllowed),
    ageColumn,
  ],
});

function* validateStatus({ status }: V1PodDisruptionBudget): Errors {
  for (const name of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) yield* nonNegative(`status.${name}`, status?.[name]);
  yield* validateConditions(status?.conditions ?? [], 'status.conditions');
}
