import { setClaimSpecDefaults } from '../defaults/volumes.ts';
import { forbidden, immutable, notSupported, required } from '../field-errors.ts';
import type { V1PersistentVolumeClaim, V1PersistentVolumeClaimSpec } from '../generated/types.ts';
import { canonicalQuantity, compareQuantities, quantityOf } from '../quantity.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { unchanged } from '../validation/errors.ts';
import { validateClaimSpec } from '../validation/persistent-volume-claim.ts';
import { validateBasicQuantity } from '../validation/resources.ts';
import { ageColumn, text, unset, wide } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { accessModesText, classText } from './storage-columns.ts';
import { persistentVolumeClaimWarnings } from './storage-warnings.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const resizeStatuses = ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'];

export const persistentVolumeClaim = defineKind<V1PersistentVolumeClaim>({
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  setDefaults(object) {
    if (object.spec) setClaimSpecDefaults(object.spec);
  },
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
    dropForeignSource(object.spec);
  },
  prepareForUpdate({ spec }, old) {
    if (!old.spec?.dataSource && !old.spec?.dataSourceRef) dropForeignSource(spec);
  },
  *validate({ spec = {} }) {
    yield* validateClaimSpec(spec, 'spec');
  },
  *validateUpdate(object, old) {
    yield* validateClaimSpec(object.spec ?? {}, 'spec');
    yield* validateClaimUpdate(object, old);
  },
  status: { validateUpdate: validateStatus },
  warnings: persistentVolumeClaimWarnings,
  columns: [
    text('Status', 'Whether it has a volume.', ({ metadata, status }) => (metadata?.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''))),
    text('Volume', 'The volume it is bound to.', ({ spec }) => spec?.volumeName ?? ''),
    text('Capacity', 'How much the volume holds.', ({ spec, status }) => (spec?.volumeName ? canonicalQuantity(status?.capacity?.['storage'] ?? '0') : '')),
    text('Access Modes', 'How the volume may be mounted.', ({ spec, status }) => (spec?.volumeName ? accessModesText(status?.accessModes) : '')),
    text('StorageClass', 'The class it asks for.', ({ metadata, spec }) => classText(metadata, spec?.storageClassName)),
    text('VolumeAttributesClass', 'The class of attributes it asks for.', ({ spec }) => spec?.volumeAttributesClassName ?? unset),
    ageColumn,
    wide(text('VolumeMode', 'File system or raw block.', ({ spec }) => spec?.volumeMode ?? unset)),
  ],
});

/** Sources in other namespaces (KEP-3294) are an alpha: the namespace is dropped where it is new. */
function dropForeignSource(spec: V1PersistentVolumeClaimSpec | undefined): void {
  if (spec?.dataSourceRef) delete spec.dataSourceRef.namespace;
}

/** A claim stays as it is: it may get its volume and class, and once bound, ask for more room or other attributes. */
function* validateClaimUpdate(object: V1PersistentVolumeClaim, old: V1PersistentVolumeClaim): Errors {
  const spec = object.spec ?? {};
  const before = old.spec ?? {};
  const annotation = object.metadata?.annotations?.[classAnnotation];
  const oldAnnotation = old.metadata?.annotations?.[classAnnotation];
  const classGiven = before.storageClassName === undefined && spec.storageClassName !== undefined && (oldAnnotation === undefined || oldAnnotation === spec.storageClassName);
  const fromAnnotation = classGiven && oldAnnotation !== undefined && (annotation === undefined || annotation === oldAnnotation);
  if (!fromAnnotation && annotation !== oldAnnotation) yield immutable(`metadata.annotations.${classAnnotation}`, annotation ?? '');
  const restored: V1PersistentVolumeClaimSpec = { ...spec };
  if (!before.volumeName) restored.volumeName = before.volumeName;
  if (classGiven) restored.storageClassName = before.storageClassName;
  if (object.status?.phase === 'Bound') {
    const storage = before.resources?.requests?.['storage'];
    if (spec.resources?.requests && storage !== undefined) restored.resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } };
    if (spec.volumeAttributesClassName !== undefined) restored.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  if (!equal(restored, before)) {
    yield forbidden('spec', 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims');
  }
  yield* validateSize(object, old);
  yield* unchanged('volumeMode', spec.volumeMode, before.volumeMode);
  yield* validateAttributesClass(spec.volumeAttributesClassName, before.volumeAttributesClassName);
}

function* validateSize(object: V1PersistentVolumeClaim, old: V1PersistentVolumeClaim): Errors {
  const size = quantityOf(object.spec?.resources?.requests?.['storage']);
  if (compareQuantities(size, quantityOf(old.spec?.resources?.requests?.['storage'])) >= 0) return;
  if (compareQuantities(size, quantityOf(old.status?.capacity?.['storage'])) <= 0) {
    yield forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
  }
}

function* validateAttributesClass(name: string | undefined, old: string | undefined): Errors {
  if (old === undefined || name === old) return;
  if (name === undefined) yield forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden');
  else if (name === '') yield forbidden('spec.volumeAttributesClassName', 'update from non-nil value to an empty string is forbidden');
}

function* validateStatus({ spec, status = {} }: V1PersistentVolumeClaim): Errors {
  if ((spec?.accessModes ?? []).length === 0) yield required('Spec.accessModes');
  for (const [name, text] of Object.entries(status.capacity ?? {})) yield* validateBasicQuantity(text, `status.capacity[${name}]`);
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    if (!resizeStatuses.includes(state)) yield notSupported('status.allocatedResourceStatus', name, resizeStatuses);
  }
  for (const [name, text] of Object.entries(status.allocatedResources ?? {})) yield* validateBasicQuantity(text, `status.allocatedResources[${name}]`);
}
