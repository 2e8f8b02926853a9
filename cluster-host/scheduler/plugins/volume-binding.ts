/** The pod's persistent volumes: its claims must be there and bound, or wait for just this pod; bound volumes may be tied to nodes. */
import type { V1PersistentVolumeClaim } from '../../api/generated/types.ts';
import { fitsClaim, isReachable, isReservedFor } from '../../api/scheduling/volume-match.ts';
import { refuseForGood, type ClusterView, type Plugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';

const noProvisioner = 'kubernetes.io/no-provisioner';

export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  helpedBy: ['nodeAdded', 'nodeChanged', 'volumeChanged'],
  look(pod, cluster) {
    const claims: V1PersistentVolumeClaim[] = [];
    for (const name of claimNames(pod)) {
      const claim = cluster.claim(pod.namespace, name);
      if (claim === undefined) return { refusal: refuseForGood(isEphemeral(pod, name) ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` : `persistentvolumeclaim "${name}" not found`) };
      if (claim.metadata?.deletionTimestamp !== undefined) return { refusal: refuseForGood(`persistentvolumeclaim "${name}" is being deleted`) };
      if (claim.status?.phase === 'Lost') return { refusal: refuseForGood(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`) };
      claims.push(claim);
    }
    if (claims.length === 0) return undefined;
    if (claims.some((claim) => !isBound(claim) && !waitsForPod(claim, cluster))) return { refusal: refuseForGood('pod has unbound immediate PersistentVolumeClaims') };
    const volumes = claims.flatMap((claim) => (isBound(claim) ? (cluster.volume(claim.spec?.volumeName ?? '') ?? []) : []));
    // What nobody provisions must be there already.
    const needed = claims.filter((claim) => !isBound(claim) && cluster.storageClass(claim.spec?.storageClassName ?? '')?.provisioner === noProvisioner);
    return {
      filter: ({ node }) => {
        const reasons = [
          ...(volumes.every((volume) => isReachable(volume, node)) ? [] : ["node(s) didn't match PersistentVolume's node affinity"]),
          ...(needed.every((claim) => cluster.volumes().some((volume) => isReachable(volume, node) && (isReservedFor(volume, claim) || fitsClaim(volume, claim)))) ? [] : ["node(s) didn't find available persistent volumes to bind"]),
        ];
        return reasons.length === 0 ? undefined : refuseForGood(...reasons);
      },
    };
  },
};

function isEphemeral({ pod }: PodInfo, claim: string): boolean {
  return (pod.spec?.volumes ?? []).some(({ name, ephemeral }) => ephemeral !== undefined && `${pod.metadata?.name}-${name}` === claim);
}

/** Names of the pod's claims, those of its ephemeral volumes included. */
export function claimNames({ pod }: PodInfo): readonly string[] {
  return (pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => (ephemeral === undefined ? (persistentVolumeClaim?.claimName ?? []) : `${pod.metadata?.name}-${name}`));
}

function isBound({ spec, metadata }: V1PersistentVolumeClaim): boolean {
  return spec?.volumeName !== undefined && metadata?.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;
}

function waitsForPod({ spec }: V1PersistentVolumeClaim, cluster: ClusterView): boolean {
  return cluster.storageClass(spec?.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** The claims that get their volume only once the pod has a node. */
export function waitingClaims(pod: PodInfo, cluster: ClusterView): readonly V1PersistentVolumeClaim[] {
  return claimNames(pod).flatMap((name) => cluster.claim(pod.namespace, name) ?? []).filter((claim) => !isBound(claim));
}
