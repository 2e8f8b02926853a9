import { fill } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import { required } from '../field-errors.ts';
import type { V1ReplicationController } from '../generated/types.ts';
import { selectorOfLabels } from '../selectors/label-selector.ts';
import { nonNegative } from '../validation/errors.ts';
import { validateRunningTemplate } from '../validation/pod-template.ts';
import { ageColumn, text, wide } from './columns.ts';
import { defineKind, metaOf } from './define-kind.ts';
import { templateWarnings } from './pod-warnings.ts';
import { validateReplicaStatus } from './replica-set.ts';
import { containerColumns, labelsText, replicaColumns } from './workload-columns.ts';

export const replicationController = defineKind<V1ReplicationController>({
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  scale: { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', labelSelector: '.spec.selector' },
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  setDefaults(object) {
    const { spec } = object;
    if (spec === undefined) return;
    const labels = spec.template?.metadata?.labels;
    if (labels) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(metaOf(object).labels ?? {}).length === 0) metaOf(object).labels = { ...labels };
    }
    fill(spec, { replicas: 1 });
    setTemplateDefaults(spec.template);
  },
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    yield* nonNegative('spec.minReadySeconds', spec.minReadySeconds);
    if (Object.keys(spec.selector ?? {}).length === 0) yield required('spec.selector');
    yield* nonNegative('spec.replicas', spec.replicas);
    yield* validateRunningTemplate(spec.template, selectorOfLabels(spec.selector), 'ReplicationController', 'spec.template');
  },
  status: {
    *validateUpdate({ status }) {
      if (status) yield* validateReplicaStatus(status);
    },
  },
  warnings: ({ spec }) => templateWarnings(spec?.template),
  columns: [
    ...replicaColumns<V1ReplicationController>(),
    ageColumn,
    ...containerColumns<V1ReplicationController>(({ spec }) => spec?.template?.spec),
    wide(text('Selector', 'Which pods belong to it.', ({ spec }) => labelsText(spec?.selector))),
  ],
});
