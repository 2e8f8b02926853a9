import { setPersistentVolumeDefaults } from '../defaults/volumes.ts';
import type { V1PersistentVolume } from '../generated/types.ts';
import { canonicalQuantity } from '../quantity.ts';
import { validatePersistentVolume, validatePersistentVolumeUpdate } from '../validation/persistent-volume.ts';
import { ageColumn, text, unset, wide } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { accessModesText, classText } from './storage-columns.ts';
import { persistentVolumeWarnings } from './storage-warnings.ts';

export const persistentVolume = defineKind<V1PersistentVolume>({
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  setDefaults(object) {
    if (object.spec) setPersistentVolumeDefaults(object.spec);
  },
  prepareForCreate(object) {
    object.status = { phase: 'Pending', ...(object.metadata?.creationTimestamp && { lastPhaseTransitionTime: object.metadata.creationTimestamp }) };
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  status: {},
  warnings: persistentVolumeWarnings,
  columns: [
    text('Capacity', 'How much it holds.', ({ spec }) => canonicalQuantity(spec?.capacity?.['storage'] ?? '0')),
    text('Access Modes', 'How it may be mounted.', ({ spec }) => accessModesText(spec?.accessModes)),
    text('Reclaim Policy', 'What becomes of it when its claim is gone.', ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? ''),
    text('Status', 'Whether it is free, taken or given back.', ({ metadata, status }) => (metadata?.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''))),
    text('Claim', 'The claim it is bound to.', ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '')),
    text('StorageClass', 'The class it belongs to.', ({ metadata, spec }) => classText(metadata, spec?.storageClassName)),
    text('VolumeAttributesClass', 'The class of its attributes.', ({ spec }) => spec?.volumeAttributesClassName ?? unset),
    text('Reason', 'Why it is in its state.', ({ status }) => status?.reason ?? ''),
    ageColumn,
    wide(text('VolumeMode', 'File system or raw block.', ({ spec }) => spec?.volumeMode ?? unset)),
  ],
});
