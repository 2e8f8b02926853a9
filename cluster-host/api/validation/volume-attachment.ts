/** Volumes that are attached, or to be attached, to nodes. */
import { forbidden, required, tooLong } from '../field-errors.ts';
import type { V1PersistentVolumeSpec, V1VolumeAttachment, V1VolumeError } from '../generated/types.ts';
import { nameIsDnsSubdomain } from '../names.ts';
import { byteLength } from '../text.ts';
import { validateNodeSelector } from './affinity.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { invalidFor } from './errors.ts';
import { validateAccessModes } from './persistent-volume-claim.ts';
import { csiDriverName, csiPersistent } from './volume-sources.ts';

const maxErrorLength = 1024;
const maxMetadataSize = 256 * 1024;

export function* validateAttachment(object: V1VolumeAttachment): Errors {
  const { attacher = '', nodeName = '', source = {} } = object.spec ?? {};
  if (attacher === '') yield required('spec.attacher');
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source;
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (!inline && name === undefined) yield required('spec.source', detail);
  else if (inline && name !== undefined) yield forbidden('spec.source', detail);
  else if (name === '') yield required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName');
  else if (inline) yield* validateInlineVolume(inline, 'spec.source.inlineVolumeSpec');
  yield* invalidFor('spec.nodeName', nodeName, nameIsDnsSubdomain(nodeName, false));
  yield* validateAttachmentStatus(object);
  yield* csiDriverName('spec.attacher', attacher);
  if (name) yield* invalidFor('spec.source.persistentVolumeName', name, nameIsDnsSubdomain(name, false));
}

const notInline = ['claimRef', 'capacity', 'persistentVolumeReclaimPolicy', 'storageClassName'] as const;

/** A volume that is described where it is used: migrated from a driver that was part of Kubernetes. */
function* validateInlineVolume(spec: V1PersistentVolumeSpec, field: string): Errors {
  const detail = 'may not be specified in the context of inline volumes';
  for (const name of notInline) if (!equal(spec[name], undefined) && !equal(spec[name], {})) yield forbidden(`${field}.${name}`, detail);
  if (!spec.csi) yield required(`${field}.csi`, 'has to be specified in the context of inline volumes');
  if ((spec.accessModes ?? []).length === 0) yield required(`${field}.accessModes`);
  yield* validateAccessModes(spec.accessModes ?? [], `${field}.accessModes`);
  if (spec.nodeAffinity?.required) yield* validateNodeSelector(spec.nodeAffinity.required, `${field}.nodeAffinity.required`);
  if (spec.csi) yield* csiPersistent(spec.csi, `${field}.csi`);
  if (spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem') {
    yield forbidden(`${field}.volumeMode`, 'may not specify volumeMode other than Filesystem in the context of inline volumes');
  }
}

export function* validateAttachmentStatus({ status }: V1VolumeAttachment): Errors {
  const size = Object.entries(status?.attachmentMetadata ?? {}).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (size > maxMetadataSize) yield tooLong('status.attachmentMetadata', maxMetadataSize);
  yield* validateError(status?.attachError, 'status.attachError');
  yield* validateError(status?.detachError, 'status.detachError');
}

function* validateError(error: V1VolumeError | undefined, field: string): Errors {
  if (byteLength(error?.message ?? '') > maxErrorLength) yield tooLong(`${field}.message`, maxErrorLength);
}
