/** Which volume a claim gets (kubernetes.io/docs/concepts/storage/persistent-volumes): pure. */
import type { V1Node, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '../../api/generated/types.ts';
import { compareQuantities, quantityOf } from '../../api/quantity.ts';
import { fitsClaim, isReachable, isReservedFor } from '../../api/scheduling/volume-match.ts';

export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';
export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node';

/** A volume that was made for the claim, or else the smallest free one that has all that the claim asks for, and that can be reached from the node where its pod is to run. */
export function chooseVolume(claim: V1PersistentVolumeClaim, volumes: readonly V1PersistentVolume[], node?: V1Node): V1PersistentVolume | undefined {
  const alive = volumes.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const reserved = alive.find((volume) => isReservedFor(volume, claim));
  if (reserved !== undefined) return reserved;
  const fitting = alive.filter((volume) => fitsClaim(volume, claim) && (node === undefined || isReachable(volume, node)));
  return fitting.toSorted((a, b) => compareQuantities(sizeOf(a), sizeOf(b)))[0];
}

function sizeOf({ spec }: V1PersistentVolume) {
  return quantityOf(spec?.capacity?.['storage']);
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
