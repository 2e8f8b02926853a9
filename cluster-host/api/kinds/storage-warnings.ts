/** Warnings about volumes and claims: what is deprecated, and parts of bytes. */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1PersistentVolumeClaimSpec, V1StorageClass } from '../generated/types.ts';
import { formatQuantity, quantityOf } from '../quantity.ts';
import { quote } from '../text.ts';
import { nodeLabelWarnings, nodeTermWarnings } from './placement-warnings.ts';
import type { Warnings } from './pod-warnings.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const mountAnnotation = 'volume.beta.kubernetes.io/mount-options';

const deprecatedSources = {
  cephfs: 'cephfs: deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+',
  rbd: 'rbd: deprecated in v1.28, non-functional in v1.31+',
  scaleIO: 'scaleIO: deprecated in v1.16, non-functional in v1.22+',
  storageos: 'storageOS: deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'glusterfs: deprecated in v1.25, non-functional in v1.26+',
} as const;

/** An amount of bytes that is no whole bytes. */
export function* fractionWarnings(amounts: Readonly<Record<string, string>> | undefined, name: string, field: string): Warnings {
  const quantity = quantityOf(amounts?.[name]);
  if (quantity.nanos % 1_000_000_000n !== 0n) yield `${field}[${name}]: fractional byte value ${quote(formatQuantity(quantity))} is invalid, must be an integer`;
}

export function* claimWarnings({ resources }: V1PersistentVolumeClaimSpec, field: string): Warnings {
  for (const list of ['requests', 'limits'] as const) yield* fractionWarnings(resources?.[list], 'storage', `${field}.resources.${list}`);
}

function* annotationWarnings(annotations: Readonly<Record<string, string>> | undefined): Warnings {
  if (annotations?.[classAnnotation] !== undefined) yield `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;
}

export function persistentVolumeClaimWarnings({ metadata, spec }: V1PersistentVolumeClaim): readonly string[] {
  return [...annotationWarnings(metadata?.annotations), ...claimWarnings(spec ?? {}, 'spec')];
}

export function persistentVolumeWarnings(volume: V1PersistentVolume): readonly string[] {
  return [...volumeWarnings(volume)];
}

function* volumeWarnings({ metadata, spec = {} }: V1PersistentVolume): Warnings {
  yield* annotationWarnings(metadata?.annotations);
  if (metadata?.annotations?.[mountAnnotation] !== undefined) yield `metadata.annotations[${mountAnnotation}]: deprecated since v1.31; use "mountOptions" attribute instead`;
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    yield 'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  }
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) {
    yield* nodeTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`);
  }
  for (const [type, message] of Object.entries(deprecatedSources)) if (spec[type as keyof typeof deprecatedSources] !== undefined) yield `spec.${message}`;
}

export function storageClassWarnings({ allowedTopologies = [] }: V1StorageClass): readonly string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, term) =>
    matchLabelExpressions.flatMap(({ key }, index) => [...nodeLabelWarnings(key, `allowedTopologies[${term}].matchLabelExpressions[${index}].key`)]),
  );
}
