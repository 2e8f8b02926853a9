/** Makes the claims of generic ephemeral volumes (kubernetes.io/docs/concepts/storage/ephemeral-volumes): each is its pod's, and goes with it. */
import type { V1PersistentVolumeClaim, V1Pod, V1Volume } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { persistentVolumeClaims, pods } from '../../client/resources.ts';
import { controllerOf, controllerReference, isControlledBy } from '../common/owners.ts';
import { textOf } from '../common/pod-control.ts';

export const ephemeralVolumeController: ControllerDefinition = {
  name: 'ephemeral-volume',
  eventSource: 'ephemeral_volume',
  watches: [
    { resource: pods, keys: (pod) => (volumesOf(pod).length > 0 && pod.metadata?.deletionTimestamp === undefined ? [keyOf(pod)] : []) },
    {
      resource: persistentVolumeClaims,
      keys: (claim) => {
        const owner = controllerOf(claim);
        // One that was deleted while its pod needs it is made again.
        return owner?.kind === pods.kind ? [`${claim.metadata?.namespace}/${owner.name}`] : [];
      },
    },
  ],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile(context: ControllerContext, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const pod = context.informers.informer(pods).lister.get(namespace, name);
  if (pod === undefined || pod.metadata?.deletionTimestamp !== undefined) return;
  for (const volume of volumesOf(pod)) await ensureClaim(context, pod, volume);
}

async function ensureClaim({ client, events, informers }: ControllerContext, pod: V1Pod, volume: V1Volume): Promise<void> {
  const { namespace = '', name: podName } = pod.metadata ?? {};
  const name = `${podName}-${volume.name}`;
  const known = informers.informer(persistentVolumeClaims).lister.get(namespace, name);
  if (known !== undefined) {
    if (!isControlledBy(known, pod)) throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`);
    return;
  }
  const { metadata, spec } = volume.ephemeral?.volumeClaimTemplate ?? {};
  const claim: V1PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: metadata?.labels, annotations: metadata?.annotations, ownerReferences: [controllerReference(pods, pod)] },
    spec,
  };
  try {
    await client.resource(persistentVolumeClaims, namespace).create(claim);
  } catch (error) {
    events.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: create PVC ${name}: ${textOf(error)}`);
    throw error;
  }
}

function volumesOf({ spec }: V1Pod): readonly V1Volume[] {
  return (spec?.volumes ?? []).filter(({ ephemeral }) => ephemeral !== undefined);
}
