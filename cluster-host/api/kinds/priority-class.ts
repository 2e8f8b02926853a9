import { fill } from '../defaults/fill.ts';
import { forbidden } from '../field-errors.ts';
import type { V1PriorityClass } from '../generated/types.ts';
import { unchanged } from '../validation/errors.ts';
import { optionalPreemptionPolicy } from '../validation/pod-spec.ts';
import { ageColumn, count, flag, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const highestUserValue = 1_000_000_000;
const systemPrefix = 'system-';
const systemValues: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };

export const priorityClass = defineKind<V1PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  setDefaults: (object) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  generationOf: [],
  *validate({ metadata, value = 0, globalDefault, preemptionPolicy }) {
    const name = metadata?.name ?? '';
    if (name.startsWith(systemPrefix)) {
      const problem = systemProblem(name, value, globalDefault === true);
      if (problem) yield forbidden('metadata.name', `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`);
    } else if (value > highestUserValue) {
      yield forbidden('value', `maximum allowed value of a user defined priority is ${highestUserValue}`);
    }
    yield* optionalPreemptionPolicy('preemptionPolicy', preemptionPolicy);
  },
  *validateUpdate({ value = 0, preemptionPolicy }, old) {
    if (value !== (old.value ?? 0)) yield forbidden('Value', 'may not be changed in an update.');
    yield* unchanged('preemptionPolicy', preemptionPolicy, old.preemptionPolicy);
  },
  columns: [
    count('Value', 'The priority; more comes first.', ({ value }) => value),
    flag('Global-Default', 'Whether pods get it that name none.', ({ globalDefault }) => globalDefault),
    ageColumn,
    text('PreemptionPolicy', 'Whether its pods push others away.', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
});

function systemProblem(name: string, value: number, globalDefault: boolean): string | undefined {
  const known = systemValues[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
