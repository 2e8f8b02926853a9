import { setPodDefaults } from '../defaults/pod-spec.ts';
import { forbidden } from '../field-errors.ts';
import type { V1Pod } from '../generated/types.ts';
import { validateImageSpaces } from '../validation/containers.ts';
import type { Errors } from '../validation/errors.ts';
import { validateFixedAnnotations, validatePodAnnotations, validateProfilesMatch } from '../validation/pod-annotations.ts';
import { validatePodSpec } from '../validation/pod-spec.ts';
import { validatePodStatusUpdate } from '../validation/pod-status.ts';
import { validatePodSpecUpdate } from '../validation/pod-update.ts';
import { defineKind, keep } from './define-kind.ts';
import { podColumns } from './pod-columns.ts';
import { qosClassOf } from './pod-qos.ts';
import { podWarnings } from './pod-warnings.ts';

export const pod = defineKind<V1Pod>({
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    attach: { verbs: ['create', 'get'], kind: 'PodAttachOptions' },
    binding: { verbs: ['create'], kind: 'Binding' },
    ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
    eviction: { verbs: ['create'], group: 'policy', version: 'v1', kind: 'Eviction' },
    exec: { verbs: ['create', 'get'], kind: 'PodExecOptions' },
    log: { verbs: ['get'] },
    portforward: { verbs: ['create', 'get'], kind: 'PodPortForwardOptions' },
    proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'PodProxyOptions' },
    resize: { verbs: ['get', 'patch', 'update'] },
  },
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  setDefaults: setPodDefaults,
  generationOf: ['spec'],
  prepareForCreate(object) {
    object.status = { phase: 'Pending', qosClass: qosClassOf(object) };
    if ((object.spec?.schedulingGates ?? []).length > 0) {
      const message = 'Scheduling is blocked due to non-empty scheduling gates';
      object.status.conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message }];
    }
  },
  prepareForUpdate(object, old) {
    if (object.spec && old.spec) keep(object.spec, old.spec, 'ephemeralContainers');
  },
  *validate(object) {
    yield* validatePod(object);
    const { metadata, spec = { containers: [] } } = object;
    if ((spec.ephemeralContainers ?? []).length > 0) yield forbidden('spec.ephemeralContainers', 'cannot be set on create');
    if (spec.nodeName && (spec.schedulingGates ?? []).length > 0) yield forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
    yield* validateProfilesMatch(metadata, spec, 'spec');
  },
  *validateUpdate(object, old) {
    yield* validatePod(object);
    yield* validateFixedAnnotations(object.metadata?.annotations, old.metadata?.annotations, 'metadata.annotations');
    yield* validatePodSpecUpdate(object, old);
  },
  status: {
    keptMetadata: ['ownerReferences'],
    *validateUpdate(object, old) {
      const annotations = object.metadata?.annotations;
      yield* validateFixedAnnotations(annotations, old.metadata?.annotations, 'metadata.annotations');
      yield* validatePodAnnotations(annotations, object.spec ?? { containers: [] }, 'metadata.annotations');
      yield* validatePodStatusUpdate(object, old);
    },
  },
  warnings: podWarnings,
  columns: podColumns,
});

/** What holds for a pod whether it is new or not. */
export function* validatePod({ metadata, spec = { containers: [] } }: V1Pod): Errors {
  yield* validatePodAnnotations(metadata?.annotations, spec, 'metadata.annotations');
  yield* validatePodSpec(spec, metadata ?? {}, 'spec');
  if (!spec.serviceAccountName) yield* forbidTokens(spec.volumes ?? []);
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, { image }] of (spec[list] ?? []).entries()) yield* validateImageSpaces(image ?? '', `spec.${list}[${index}].image`);
  }
}

function* forbidTokens(volumes: NonNullable<NonNullable<V1Pod['spec']>['volumes']>): Errors {
  for (const [index, { projected }] of volumes.entries()) {
    for (const [source, { serviceAccountToken }] of (projected?.sources ?? []).entries()) {
      if (!serviceAccountToken) continue;
      yield forbidden(`spec.volumes[${index}].projected.sources[${source}].serviceAccountToken`, 'must not be specified when serviceAccountName is not set');
    }
  }
}
