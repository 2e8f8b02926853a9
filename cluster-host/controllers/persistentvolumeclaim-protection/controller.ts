/** A claim that a pod uses stays until the pod has ended. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { isFinished } from '../common/pods.ts';
import { protect } from '../common/protection.ts';

const claimIndex = 'claim';

/** Keys of the claims that the pod mounts, those made for its ephemeral volumes included. */
function claimsOf({ metadata, spec }: V1Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral === undefined ? undefined : `${metadata?.name}-${name}`);
    return claim === undefined ? [] : [`${metadata?.namespace}/${claim}`];
  });
}

export const persistentVolumeClaimProtection: ControllerDefinition = {
  name: 'persistentvolumeclaim-protection',
  serviceAccount: 'pvc-protection-controller',
  watches: [{ resource: persistentVolumeClaims }, { resource: pods, keys: claimsOf }],
  start: ({ client, informers }) => {
    informers.informer(pods).addIndex(claimIndex, claimsOf);
    return {
      reconcile: async (key) => {
        const [namespace = '', name = ''] = key.split('/');
        const claim = informers.informer(persistentVolumeClaims).lister.get(namespace, name);
        const isUsed = (): boolean => informers.informer(pods).lister.byIndex(claimIndex, key).some((pod) => pod.spec?.nodeName !== undefined && !isFinished(pod));
        if (claim !== undefined) await protect(client, persistentVolumeClaims, claim, 'kubernetes.io/pvc-protection', isUsed);
      },
    };
  },
};
