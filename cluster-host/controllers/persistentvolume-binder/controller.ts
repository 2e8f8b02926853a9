/**
 * Binds claims to volumes, one to one, provisions local ones, and reclaims what was released. A key is `claim/NAMESPACE/NAME` or
 * `volume/NAME`.
 *
 * The volume's claimRef is written first: it decides; the claim follows.
 */
import type { V1PersistentVolume, V1PersistentVolumeClaim } from '../../api/generated/types.ts';
import { isReservedFor } from '../../api/scheduling/volume-match.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, storageClasses } from '../../client/resources.ts';
import { keyOf } from '../../api/object.ts';
import { equal } from '../common/equal.ts';
import { localProvisioner, localVolume, provisionedByAnnotation, standardClass, type LocalVolumes } from './local-provisioner.ts';
import { chooseVolume, defaultClass, selectedNodeAnnotation, volumePhase, waitsForConsumer } from './plan.ts';

const boundByController = 'pv.kubernetes.io/bound-by-controller';
const bindCompleted = 'pv.kubernetes.io/bind-completed';

/** Without `local` nothing is provisioned, and there is no standard class. */
export function persistentVolumeBinder(local?: LocalVolumes): ControllerDefinition {
  const unbound = ({ spec }: V1PersistentVolumeClaim): boolean => spec?.volumeName === undefined;
  return {
    name: 'persistentvolume-binder',
    serviceAccount: 'persistent-volume-binder',
    eventSource: 'persistentvolume-controller',
    watches: [
      { resource: persistentVolumeClaims, keys: (claim) => [`claim/${keyOf(claim)}`, ...(claim.spec?.volumeName === undefined ? [] : [`volume/${claim.spec.volumeName}`])] },
      {
        resource: persistentVolumes,
        keys: (volume, _, informers) => {
          const { namespace, name } = volume.spec?.claimRef ?? {};
          // A free volume may be what some claim waits for.
          const waiting = name === undefined ? informers.informer(persistentVolumeClaims).lister.list().filter(unbound).map(keyOf) : [`${namespace}/${name}`];
          return [`volume/${volume.metadata?.name}`, ...waiting.map((key) => `claim/${key}`)];
        },
      },
      { resource: nodes, keys: () => [] },
      { resource: storageClasses, keys: (_, __, informers) => informers.informer(persistentVolumeClaims).lister.list().filter(unbound).map((claim) => `claim/${keyOf(claim)}`) },
    ],
    workers: 1,
    start: (context) => {
      if (local !== undefined) void makeStandardClass(context);
      return {
        reconcile: (key) => {
          const [kind, first = '', second = ''] = key.split('/');
          return kind === 'claim' ? reconcileClaim(context, local, first, second) : reconcileVolume(context, local, first);
        },
      };
    },
  };
}

async function makeStandardClass({ client, informers, log }: ControllerContext): Promise<void> {
  if (informers.informer(storageClasses).lister.list().length > 0) return;
  try {
    await client.resource(storageClasses).create(standardClass);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) log.warn('the standard storage class could not be made', { error });
  }
}

async function reconcileClaim(context: ControllerContext, local: LocalVolumes | undefined, namespace: string, name: string): Promise<void> {
  const { client, events, informers } = context;
  const claim = informers.informer(persistentVolumeClaims).lister.get(namespace, name);
  if (claim === undefined || claim.metadata?.deletionTimestamp !== undefined) return;
  const volumes = informers.informer(persistentVolumes).lister;
  const { volumeName = '' } = claim.spec ?? {};
  if (volumeName !== '') {
    const volume = volumes.get('', volumeName);
    const taken = volume?.spec?.claimRef !== undefined && !isReservedFor(volume, claim);
    if (volume !== undefined && !taken) await bind(context, claim, volume);
    else if (claim.metadata?.annotations?.[bindCompleted] === 'yes' && claim.status?.phase !== 'Lost') {
      events.event(claim, 'Warning', taken ? 'ClaimMisbound' : 'ClaimLost', taken ? 'Two claims are bound to the same volume, this one is bound incorrectly' : 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
      await client.resource(persistentVolumeClaims, namespace).update({ ...claim, status: { phase: 'Lost' } }, { subresource: 'status' });
    }
    return;
  }
  const classes = informers.informer(storageClasses).lister;
  const className = claim.spec?.storageClassName;
  const fallback = className === undefined ? defaultClass(classes.list()) : undefined;
  if (fallback !== undefined) {
    await client.resource(persistentVolumeClaims, namespace).update({ ...claim, spec: { ...claim.spec, storageClassName: fallback.metadata?.name } });
    return;
  }
  const storageClass = classes.get('', className ?? '');
  if (waitsForConsumer(claim, storageClass)) {
    events.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const selected = claim.metadata?.annotations?.[selectedNodeAnnotation];
  const volume = chooseVolume(claim, volumes.list(), selected === undefined ? undefined : informers.informer(nodes).lister.get('', selected));
  if (volume !== undefined) await bind(context, claim, volume);
  else await provision(context, local, claim);
}

async function provision({ client, events, informers }: ControllerContext, local: LocalVolumes | undefined, claim: V1PersistentVolumeClaim): Promise<void> {
  const className = claim.spec?.storageClassName ?? '';
  const storageClass = informers.informer(storageClasses).lister.get('', className);
  if (className === '') {
    events.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  } else if (storageClass === undefined) {
    events.event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
  } else if (storageClass.provisioner === 'kubernetes.io/no-provisioner') {
    events.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  } else if (storageClass.provisioner !== localProvisioner || local === undefined) {
    const advice = 'If volume creation is delayed, please verify that the provisioner is running and correctly registered.';
    events.event(claim, 'Normal', 'ExternalProvisioning', `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' or manually by the system administrator. ${advice}`);
  } else if (claim.spec?.volumeMode === 'Block') {
    events.event(claim, 'Warning', 'ProvisioningFailed', `failed to provision volume with StorageClass "${className}": ${localProvisioner} does not support block volume provisioning`);
  } else {
    const volume = localVolume(local.folder, claim, storageClass);
    try {
      await client.resource(persistentVolumes).create(volume);
      events.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata?.name}`);
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/** Each step is left out where it is done already. */
async function bind({ client }: ControllerContext, claim: V1PersistentVolumeClaim, volume: V1PersistentVolume): Promise<void> {
  const { name, namespace, uid, annotations } = claim.metadata ?? {};
  if (volume.spec?.claimRef?.uid !== uid) {
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
    const metadata = volume.spec?.claimRef === undefined ? { ...volume.metadata, annotations: { ...volume.metadata?.annotations, [boundByController]: 'yes' } } : volume.metadata;
    await client.resource(persistentVolumes).update({ ...volume, metadata, spec: { ...volume.spec, claimRef } });
  }
  const resource = client.resource(persistentVolumeClaims, namespace);
  let current = claim;
  if (annotations?.[bindCompleted] !== 'yes') {
    const chosen: Record<string, string> = claim.spec?.volumeName === undefined ? { [boundByController]: 'yes' } : {};
    current = await resource.update({ ...claim, metadata: { ...claim.metadata, annotations: { ...annotations, [bindCompleted]: 'yes', ...chosen } }, spec: { ...claim.spec, volumeName: volume.metadata?.name } });
  }
  const status = { ...current.status, phase: 'Bound', accessModes: volume.spec?.accessModes, capacity: volume.spec?.capacity };
  if (!equal(current.status, status)) await resource.update({ ...current, status }, { subresource: 'status' });
}

async function reconcileVolume(context: ControllerContext, local: LocalVolumes | undefined, name: string): Promise<void> {
  const { client, events, informers } = context;
  const volume = informers.informer(persistentVolumes).lister.get('', name);
  if (volume === undefined) return;
  const { claimRef, persistentVolumeReclaimPolicy: policy, hostPath } = volume.spec ?? {};
  const phase = volumePhase(volume, informers.informer(persistentVolumeClaims).lister.get(claimRef?.namespace ?? '', claimRef?.name ?? ''));
  if (phase === 'Released' && (await claimExists(context, volume))) return;
  if (volume.status?.phase !== phase) await client.resource(persistentVolumes).update({ ...volume, status: { ...volume.status, phase } }, { subresource: 'status' });
  if (phase !== 'Released') return;
  if (policy === 'Recycle') events.event(volume, 'Warning', 'VolumeRecycleFailed', 'no volume plugin matched');
  if (policy !== 'Delete' || local === undefined || volume.metadata?.annotations?.[provisionedByAnnotation] !== localProvisioner) return;
  // Only what this provisioner made: a path that somebody put there is not ours to remove.
  if (hostPath?.path === `${local.folder}/${name}`) await local.remove(hostPath.path);
  await client.resource(persistentVolumes).delete(name).catch((error: unknown) => {
    if (!hasReason(error, 'NotFound')) throw error;
  });
}

/** Data is at stake: the server itself is asked whether the claim is gone. */
async function claimExists({ client }: ControllerContext, { spec }: V1PersistentVolume): Promise<boolean> {
  try {
    const claim = await client.resource(persistentVolumeClaims, spec?.claimRef?.namespace).get(spec?.claimRef?.name ?? '');
    return claim.metadata?.uid === spec?.claimRef?.uid;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}
