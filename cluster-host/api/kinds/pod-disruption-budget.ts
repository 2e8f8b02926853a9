/** How many pods of a selection may be missing at once by somebody's will (kubernetes.io/docs/tasks/run-application/configure-pdb). */
import type { V1PodDisruptionBudget } from '../generated/types.ts';
import { invalid } from '../field-errors.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, oneOf } from '../validation/errors.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { validateConditions } from '../validation/conditions.ts';
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
  validate: validateSpec,
  status: {
    *validateUpdate({ status }) {
      yield* validateConditions(status?.conditions ?? [], 'status.conditions');
      yield* nonNegative('status.disruptionsAllowed', status?.disruptionsAllowed);
      yield* nonNegative('status.currentHealthy', status?.currentHealthy);
      yield* nonNegative('status.desiredHealthy', status?.desiredHealthy);
      yield* nonNegative('status.expectedPods', status?.expectedPods);
    },
  },
  columns: [
    text('Min Available', 'How many must stay available.', ({ spec }) => amount(spec?.minAvailable)),
    text('Max Unavailable', 'How many may be missing.', ({ spec }) => amount(spec?.maxUnavailable)),
    count('Allowed Disruptions', 'How many may be evicted now.', ({ status }) => status?.disruptionsAllowed),
    ageColumn,
  ],
});

function amount(value: number | string | undefined): string {
  return value === undefined ? 'N/A' : String(value);
}

function* validateSpec({ spec }: V1PodDisruptionBudget): Errors {
  if (spec === undefined) return;
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    yield invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const [name, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue;
    yield* validateIntOrPercent(`spec.${name}`, value);
    yield* atMost100Percent(`spec.${name}`, value);
  }
  yield* validateLabelSelector(selector, 'spec.selector');
  if (unhealthyPodEvictionPolicy !== undefined) yield* oneOf('spec.unhealthyPodEvictionPolicy', unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget']);
}
