/** The pod's persistent volumes: its claims must be there and bound, or wait for just this pod; bound volumes may be tied to nodes. */
import type { V1PersistentVolumeClaim } from '../../api/generated/types.ts';
import { matchesNode } from '../../api/scheduling/node-selector.ts';
import { refuseForGood, type ClusterView, type Plugin } from '../plugin.ts';
import type { PodInfo } from '../pod-info.ts';

export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  helpedBy: ['nodeAdded', 'nodeChanged', 'volumeChanged'],
  look(pod, cluster) {
    const claims: V1PersistentVolumeClaim[] = [];
    for (const name of claimNames(pod)) {
      const claim = cluster.claim(pod.namespace, name);
      if (claim === undefined) return { refusal: refuseForGood(`persistentvolumeclaim "${name}" not found`) };
      if (claim.metadata?.deletionTimestamp !== undefined) return { refusal: refuseForGood(`persistentvolumeclaim "${name}" is being deleted`) };
      if (claim.status?.phase === 'Lost') return { refusal: refuseForGood(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`) };
      claims.push(claim);
    }
    if (claims.length === 0) return undefined;
    if (claims.some((claim) => !isBound(claim) && !waitsForPod(claim, cluster))) return { refusal: refuseForGood('pod has unbound immediate PersistentVolumeClaims') };
    const volumes = claims.flatMap((claim) => (isBound(claim) ? (cluster.volume(claim.spec?.volumeName ?? '') ?? []) : []));
    return {
      filter: ({ node }) => {
        const reachable = volumes.every(({ spec }) => spec?.nodeAffinity?.required === undefined || matchesNode(spec.nodeAffinity.required.nodeSelectorTerms, node));
        return reachable ? undefined : refuseForGood("node(s) didn't match PersistentVolume's node affinity");
      },
    };
  },
};

function claimNames({ pod }: PodInfo): readonly string[] {
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
