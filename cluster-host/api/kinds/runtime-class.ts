/** Ways to run containers that a pod may ask for (kubernetes.io/docs/concepts/containers/runtime-class). */
import type { V1RuntimeClass, V1Toleration } from '../generated/types.ts';
import { duplicate } from '../field-errors.ts';
import { checkDnsLabel } from '../names.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, unchanged } from '../validation/errors.ts';
import { validateLabels } from '../validation/object-meta.ts';
import { validateResourceQuantity } from '../validation/resources.ts';
import { validateTolerations } from '../validation/taints.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

export const runtimeClass = defineKind<V1RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  setDefaults({ scheduling }) {
    for (const toleration of scheduling?.tolerations ?? []) toleration.operator ||= 'Equal';
  },
  *validate({ handler, overhead, scheduling }) {
    yield* invalidFor('handler', handler, checkDnsLabel(handler));
    for (const [name, quantity] of Object.entries(overhead?.podFixed ?? {})) yield* validateResourceQuantity(name, quantity, `overhead.podFixed[${name}]`);
    yield* validateLabels(scheduling?.nodeSelector, 'scheduling.nodeSelector');
    yield* validateSchedulingTolerations(scheduling?.tolerations ?? []);
  },
  validateUpdate: (object, old): Errors => unchanged('handler', object.handler, old.handler),
  columns: [text('Handler', 'The configuration of the container runtime that it stands for.', ({ handler }) => handler), ageColumn],
});

/** Each toleration stands once; Kubernetes names the field of a wrong one with the list's name twice. */
function* validateSchedulingTolerations(tolerations: readonly V1Toleration[]): Errors {
  const seen: V1Toleration[] = [];
  for (const [index, toleration] of tolerations.entries()) {
    if (seen.some((other) => equal(other, toleration))) yield duplicate(`scheduling.tolerations[${index}]`, toleration);
    seen.push(toleration);
  }
  yield* validateTolerations(tolerations, 'scheduling.tolerations.tolerations');
}
