/** Which persistent volume a claim may get, and from which nodes a volume can be used (kubernetes.io/docs/concepts/storage/persistent-volumes). Pure. */
import type { V1Node, V1PersistentVolume, V1PersistentVolumeClaim } from '../generated/types.ts';
import { compareQuantities, quantityOf } from '../quantity.ts';
import { matchesLabels, validSelectorOf } from '../selectors/label-selector.ts';
import { matchesNode } from './node-selector.ts';

/** Whether the volume names the claim as its own. */
export function isReservedFor({ spec }: V1PersistentVolume, { metadata }: V1PersistentVolumeClaim): boolean {
  const { name, namespace, uid = '' } = spec?.claimRef ?? {};
  return name === metadata?.name && namespace === metadata?.namespace && (uid === '' || uid === metadata?.uid);
}

/** Whether a volume that is nobody's has all that the claim asks for. */
export function fitsClaim(volume: V1PersistentVolume, { spec }: V1PersistentVolumeClaim): boolean {
  return (
    volume.spec?.claimRef === undefined &&
    (volume.spec?.storageClassName ?? '') === (spec?.storageClassName ?? '') &&
    (volume.spec?.volumeMode ?? 'Filesystem') === (spec?.volumeMode ?? 'Filesystem') &&
    (spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode) === true) &&
    (spec?.selector === undefined || matchesLabels(validSelectorOf(spec.selector), volume.metadata?.labels)) &&
    compareQuantities(quantityOf(volume.spec?.capacity?.['storage']), quantityOf(spec?.resources?.requests?.['storage'])) >= 0
  );
}

export function isReachable({ spec }: V1PersistentVolume, node: V1Node): boolean {
  const required = spec?.nodeAffinity?.required;
  return required === undefined || matchesNode(required.nodeSelectorTerms, node);
}
