/** Priorities of pods by name (kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption). */
import type { V1PriorityClass } from '../generated/types.ts';
import { forbidden } from '../field-errors.ts';
import type { Errors } from '../validation/errors.ts';
import { requiredOneOf, unchanged } from '../validation/errors.ts';
import type { Column } from './columns.ts';
import { ageColumn, count, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const systemPrefix = 'system-';
export const highestUserPriority = 1_000_000_000;
const systemPriorities: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

const globalDefaultColumn: Column<V1PriorityClass> = {
  head: { name: 'Global-Default', type: 'boolean', description: 'Whether pods that name no class get this one.', priority: 0 },
  cell: ({ globalDefault }) => globalDefault ?? false,
};

export const priorityClass = defineKind<V1PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  generationOf: ['value', 'globalDefault', 'description', 'preemptionPolicy'],
  setDefaults(object) {
    object.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  validate,
  *validateUpdate(object, old) {
    if (object.value !== old.value) yield forbidden('value', 'may not be changed in an update.');
    yield* unchanged('preemptionPolicy', object.preemptionPolicy, old.preemptionPolicy);
  },
  columns: [count('Value', 'The priority; higher is more important.', ({ value }) => value), globalDefaultColumn, ageColumn, text('PreemptionPolicy', 'Whether its pods may preempt others.', ({ preemptionPolicy }) => preemptionPolicy ?? '')],
});

function* validate({ metadata, value = 0, preemptionPolicy }: V1PriorityClass): Errors {
  const name = metadata?.name ?? '';
  if (name.startsWith(systemPrefix)) {
    const expected = systemPriorities[name];
    if (expected === undefined) yield forbidden('metadata.name', `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${name} is not a known system priority class`);
    else if (value !== expected) yield forbidden('metadata.name', `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: value of ${name} PriorityClass must be ${expected}`);
  } else if (value > highestUserPriority) {
    yield forbidden('value', `maximum allowed value of a user defined priority is ${highestUserPriority}`);
  }
  if (preemptionPolicy !== undefined) yield* requiredOneOf('preemptionPolicy', preemptionPolicy, preemptionPolicies);
}
