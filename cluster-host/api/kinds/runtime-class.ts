import { duplicate } from '../field-errors.ts';
import type { V1RuntimeClass } from '../generated/types.ts';
import { setResourceListDefaults } from '../defaults/resources.ts';
import { checkDnsLabel } from '../names.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, unchanged } from '../validation/errors.ts';
import { validateLabels } from '../validation/object-meta.ts';
import { validateResourceRequirements } from '../validation/resources.ts';
import { validateTolerations } from '../validation/taints.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { nodeLabelWarnings } from './placement-warnings.ts';

export const runtimeClass = defineKind<V1RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  setDefaults: ({ overhead }) => setResourceListDefaults(overhead?.podFixed),
  *validate({ handler, overhead, scheduling }) {
    yield* invalidFor('handler', handler ?? '', checkDnsLabel(handler ?? ''));
    if (overhead) yield* validateResourceRequirements({ limits: overhead.podFixed }, 'overhead', new Set());
    if (scheduling) yield* validateScheduling(scheduling, 'scheduling');
  },
  *validateUpdate({ handler }, old) {
    yield* unchanged('handler', handler, old.handler);
  },
  warnings: ({ scheduling }) => Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => [...nodeLabelWarnings(key, 'scheduling.nodeSelector')]),
  columns: [text('Handler', 'How nodes call the runtime.', ({ handler }) => handler ?? ''), ageColumn],
});

function* validateScheduling({ nodeSelector, tolerations = [] }: NonNullable<V1RuntimeClass['scheduling']>, field: string): Errors {
  yield* validateLabels(nodeSelector, `${field}.nodeSelector`);
  yield* validateTolerations(tolerations, `${field}.tolerations.tolerations`);
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const pair = [key, operator, value, effect].join('/');
    if (seen.has(pair)) yield duplicate(`${field}.tolerations[${index}]`, toleration);
    seen.add(pair);
  }
}
