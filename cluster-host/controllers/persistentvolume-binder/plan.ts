/** Which volume a claim gets (kubernetes.io/docs/concepts/storage/persistent-volumes): pure. */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '../../api/generated/types.ts';
import { compareQuantities, quantityOf } from '../../api/quantity.ts';
import { matchesLabels, validSelectorOf } from '../../api/selectors/label-selector.ts';

export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';
export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node';

export function isReservedFor({ spec }: V1PersistentVolume, { metadata }: V1PersistentVolumeClaim): boolean {
  const { name, namespace, uid = '' } = spec?.claimRef ?? {};
  return name === metadata?.name && namespace === metadata?.namespace && (uid === '' || uid === metadata?.uid);
}

/** A volume that was made for the claim, or else the smallest free one that has all that the claim asks for. */
export function chooseVolume(claim: V1PersistentVolumeClaim, volumes: readonly V1PersistentVolume[]): V1PersistentVolume | undefined {
  const alive = volumes.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const reserved = alive.find((volume) => isReservedFor(volume, claim));
  if (reserved !== undefined) return reserved;
  const fitting = alive.filter((volume) => volume.spec?.claimRef === undefined && fits(volume, claim));
  return fitting.toSorted((a, b) => compareQuantities(sizeOf(a), sizeOf(b)))[0];
}

function sizeOf({ spec }: V1PersistentVolume) {
  return quantityOf(spec?.capacity?.['storage']);
}

function fits(volume: V1PersistentVolume, { spec }: V1PersistentVolumeClaim): boolean {
  return (
    (volume.spec?.storageClassName ?? '') === (spec?.storageClassName ?? '') &&
    (volume.spec?.volumeMode ?? 'Filesystem') === (spec?.volumeMode ?? 'Filesystem') &&
    (spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode) === true) &&
    (spec?.selector === undefined || matchesLabels(validSelectorOf(spec.selector), volume.metadata?.labels)) &&
    compareQuantities(sizeOf(volume), quantityOf(spec?.resources?.requests?.['storage'])) >= 0
  );
}

/** The newest class that is marked as the default. */
export function defaultClass(classes: readonly V1StorageClass[]): V1StorageClass | undefined {
  const marked = classes.filter(({ metadata }) => metadata?.annotations?.[defaultClassAnnotation] === 'true');
  return marked.toSorted((a, b) => ((a.metadata?.creationTimestamp ?? '') < (b.metadata?.creationTimestamp ?? '') ? 1 : -1))[0];
}

/** Whether the claim has to wait until a pod that uses it has a node. */
export function waitsForConsumer(claim: V1PersistentVolumeClaim, storageClass: V1StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && claim.metadata?.annotations?.[selectedNodeAnnotation] === undefined;
}

/** `claim`: the one that the volume's reference names, if it is there. */
export function volumePhase({ spec }: V1PersistentVolume, claim: V1PersistentVolumeClaim | undefined): 'Available' | 'Bound' | 'Released' {
  const uid = spec?.claimRef?.uid ?? '';
  if (uid === '') return 'Available';
  return claim?.metadata?.uid === uid ? 'Bound' : 'Released';
}
