import { fill } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import type { V1ReplicaSet, V1ReplicaSetSpec } from '../generated/types.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, unchanged } from '../validation/errors.ts';
import { validateRunningTemplate } from '../validation/pod-template.ts';
import * as workload from '../validation/workload.ts';
import { ageColumn } from './columns.ts';
import { defineKind, metaOf } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { replicaColumns, templateColumns } from './workload-columns.ts';

export const replicaSet = defineKind<V1ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  scale: { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', labelSelector: '.spec.selector' },
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  setDefaults(object) {
    const { spec } = object;
    if (spec === undefined) return;
    const labels = spec.template?.metadata?.labels;
    if (labels && Object.keys(metaOf(object).labels ?? {}).length === 0) metaOf(object).labels = { ...labels };
    fill(spec, { replicas: 1 });
    setTemplateDefaults(spec.template);
  },
  generationOf: ['spec'],
  *validate({ spec }) {
    if (spec) yield* validateSpec(spec);
  },
  *validateUpdate({ spec }, old) {
    if (spec) yield* validateSpec(spec);
    yield* unchanged('spec.selector', spec?.selector, old.spec?.selector);
  },
  status: {
    *validateUpdate({ status }) {
      if (status) yield* validateReplicaStatus(status);
    },
  },
  warnings: ({ spec }) => templateWarnings(spec?.template),
  columns: [
    ...replicaColumns<V1ReplicaSet>(),
    ageColumn,
    ...templateColumns<V1ReplicaSet>(),
  ],
});

/** The status of a ReplicaSet or ReplicationController. */
export function* validateReplicaStatus(status: NonNullable<V1ReplicaSet['status']>): Errors {
  const within = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
  yield* workload.validateCounters(status, ['replicas', ...within, 'observedGeneration', 'terminatingReplicas'], within);
  yield* workload.availableWithinReady(status);
}

function* validateSpec(spec: V1ReplicaSetSpec): Errors {
  yield* nonNegative('spec.replicas', spec.replicas);
  yield* nonNegative('spec.minReadySeconds', spec.minReadySeconds);
  yield* workload.validateWorkloadSelector(spec.selector, 'deployment', 'spec.selector');
  const selector = yield* workload.parsedSelector(spec.selector, 'invalid label selector', 'spec.selector');
  if (selector) yield* validateRunningTemplate(spec.template, selector, 'ReplicaSet', 'spec.template');
}
