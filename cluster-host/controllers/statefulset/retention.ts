/**
 * Who owns a stateful set's claims, by its `persistentVolumeClaimRetentionPolicy` (KEP-1847): the garbage collector deletes them
 * with the set, or with a pod that was scaled away.
 */
import type { V1OwnerReference, V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import type { ControllerContext, KeysOf } from '../../client/controller.ts';
import { persistentVolumeClaims, pods, statefulSets } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { controllerReference } from '../common/owners.ts';
import { ordinalOf, ordinalsOf } from './plan.ts';
import { statefulClaims } from './pod.ts';

/** The sets whose policy says anything about the claim. */
export const retainedClaimKeys: KeysOf<V1PersistentVolumeClaim> = ({ metadata }, _old, informers) =>
  informers
    .informer(statefulSets)
    .lister.list(metadata?.namespace)
    .filter((set) => {
      const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
      const isTemplate = (template: V1PersistentVolumeClaim): boolean => metadata?.name?.startsWith(`${template.metadata?.name}-${set.metadata?.name}-`) === true;
      return (whenDeleted === 'Delete' || whenScaled === 'Delete') && (set.spec?.volumeClaimTemplates ?? []).some(isTemplate);
    })
    .map(keyOf);

/** The claim's owners as they should be; undefined when they are. `condemned`: the pod's ordinal lies outside of what is wanted now. Pure. */
export function claimOwners(set: V1StatefulSet, pod: V1Pod, claim: V1PersistentVolumeClaim, condemned: boolean): V1OwnerReference[] | undefined {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const known = claim.metadata?.ownerReferences ?? [];
  const isOurs = ({ kind, name }: V1OwnerReference): boolean => (kind === pods.kind && name === pod.metadata?.name) || (kind === statefulSets.kind && name === set.metadata?.name);
  const others = known.filter((reference) => !isOurs(reference));
  const wanted = [...others];
  // A claim that somebody else controls is left to them.
  if (!others.some(({ controller }) => controller === true)) {
    if (condemned && whenScaled === 'Delete') wanted.push(controllerReference(pods, pod));
    else if (whenDeleted === 'Delete') wanted.push(controllerReference(statefulSets, set));
  }
  return equal(wanted, known) ? undefined : wanted;
}

/** Sets the owners of the claims of each of these pods where they are not as they should be. */
export async function applyRetention({ client, informers }: ControllerContext, set: V1StatefulSet, owned: readonly V1Pod[]): Promise<void> {
  if ((set.spec?.volumeClaimTemplates ?? []).length === 0 || set.metadata?.deletionTimestamp !== undefined) return;
  const { lister } = informers.informer(persistentVolumeClaims);
  const { first, end } = ordinalsOf(set);
  for (const pod of owned) {
    const ordinal = ordinalOf(set, pod);
    if (ordinal === undefined) continue;
    for (const { metadata } of statefulClaims(set, ordinal)) {
      const claim = lister.get(set.metadata?.namespace ?? '', metadata?.name ?? '');
      const ownerReferences = claim === undefined ? undefined : claimOwners(set, pod, claim, ordinal < first || ordinal >= end);
      if (claim === undefined || ownerReferences === undefined) continue;
      await client.resource(persistentVolumeClaims, set.metadata?.namespace).update({ ...claim, metadata: { ...claim.metadata, ownerReferences } });
    }
  }
}
