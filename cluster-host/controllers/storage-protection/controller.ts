/** Claims that pods use and volumes that are bound stay until that is over (kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection). */
import type { V1Pod } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { hasReason, type Client } from '../../client/client.ts';
import type { ControllerDefinition, KeysOf } from '../../client/controller.ts';
import { persistentVolumeClaims, persistentVolumes, pods } from '../../client/resources.ts';
import { isFinished } from '../common/pods.ts';

const podKeys: KeysOf<V1Pod> = (pod) => claimsOf(pod).map((name) => `${pod.metadata?.namespace}/${name}`);

export const claimProtectionController: ControllerDefinition = {
  name: 'persistentvolumeclaim-protection',
  watches: [{ resource: persistentVolumeClaims }, { resource: pods, keys: podKeys }],
  start: ({ client, informers }) => ({
    async reconcile(key) {
      const [namespace = '', name = ''] = key.split('/');
      const claim = informers.informer(persistentVolumeClaims).lister.get(namespace, name);
      if (claim?.metadata?.deletionTimestamp === undefined) return;
      const users = informers.informer(pods).lister.list(namespace).filter((pod) => claimsOf(pod).includes(name) && uses(pod));
      if (users.length === 0) await release(client, persistentVolumeClaims, claim, 'kubernetes.io/pvc-protection');
    },
  }),
};

export const volumeProtectionController: ControllerDefinition = {
  name: 'persistentvolume-protection',
  watches: [{ resource: persistentVolumes }],
  start: ({ client, informers }) => ({
    async reconcile(name) {
      const volume = informers.informer(persistentVolumes).lister.get('', name);
      if (volume?.metadata?.deletionTimestamp === undefined || volume.status?.phase === 'Bound') return;
      await release(client, persistentVolumes, volume, 'kubernetes.io/pv-protection');
    },
  }),
};

function claimsOf({ metadata, spec }: V1Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => persistentVolumeClaim?.claimName ?? (ephemeral === undefined ? [] : `${metadata?.name}-${name}`));
}

/** A pod without a node, or one that has ended, has nothing mounted. */
function uses(pod: V1Pod): boolean {
  return (pod.spec?.nodeName ?? '') !== '' && !isFinished(pod);
}

async function release<T extends KubeObject>(client: Client, resource: Resource<T>, object: T, finalizer: string): Promise<void> {
  const { metadata } = object;
  const finalizers = metadata?.finalizers ?? [];
  if (!finalizers.includes(finalizer)) return;
  try {
    await client.resource(resource, metadata?.namespace).update({ ...object, metadata: { ...metadata, finalizers: finalizers.filter((one) => one !== finalizer) } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
