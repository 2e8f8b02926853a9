/** The other objects of its namespace that a pod is made of, by name. Pure. */
import type { V1Container, V1PersistentVolume, V1Pod, V1Volume } from './generated/types.ts';

export interface PodReferences {
  readonly configMaps: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
}

type Named = { readonly name?: string } | undefined;

export function podReferences(pod: V1Pod): PodReferences {
  const configMaps = new Set<string>();
  const secrets = new Set<string>();
  const claims = new Set<string>();
  const add = (set: Set<string>, name: string | undefined): void => void (name !== undefined && name !== '' && set.add(name));
  for (const volume of pod.spec?.volumes ?? []) {
    add(configMaps, volume.configMap?.name);
    add(claims, claimOf(pod, volume));
    for (const name of secretsOfVolume(volume)) add(secrets, name);
    for (const { configMap } of volume.projected?.sources ?? []) add(configMaps, configMap?.name);
  }
  for (const container of allContainers(pod)) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      add(configMaps, configMapRef?.name);
      add(secrets, secretRef?.name);
    }
    for (const { valueFrom } of container.env ?? []) {
      add(configMaps, valueFrom?.configMapKeyRef?.name);
      add(secrets, valueFrom?.secretKeyRef?.name);
    }
  }
  for (const { name } of pod.spec?.imagePullSecrets ?? []) add(secrets, name);
  return { configMaps, secrets, claims };
}

export function allContainers({ spec }: V1Pod): readonly Pick<V1Container, 'env' | 'envFrom'>[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
}

/** The claim that the volume is, or that is made for it (KEP-1698). */
function claimOf(pod: V1Pod, { name, persistentVolumeClaim, ephemeral }: V1Volume): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral === undefined ? undefined : `${pod.metadata?.name}-${name}`);
}

function secretsOfVolume(volume: V1Volume): readonly (string | undefined)[] {
  const { secret, azureFile, cephfs, cinder, csi, flexVolume, iscsi, projected, rbd, scaleIO, storageos } = volume;
  const references: readonly Named[] = [cephfs?.secretRef, cinder?.secretRef, csi?.nodePublishSecretRef, flexVolume?.secretRef, iscsi?.secretRef, rbd?.secretRef, scaleIO?.secretRef, storageos?.secretRef];
  return [secret?.secretName, azureFile?.secretName, ...references.map((reference) => reference?.name), ...(projected?.sources ?? []).map((source) => source.secret?.name)];
}

/** Secrets that a node needs to mount the volume, as `namespace/name`; those without a namespace are in that of the claim. */
export function volumeSecrets({ spec }: V1PersistentVolume): readonly string[] {
  if (spec === undefined) return [];
  const { azureFile, cephfs, cinder, csi, flexVolume, iscsi, rbd, scaleIO, storageos } = spec;
  const claimNamespace = spec.claimRef?.namespace ?? '';
  const azure = azureFile === undefined ? undefined : { namespace: azureFile.secretNamespace, name: azureFile.secretName };
  const references = [azure, cephfs?.secretRef, cinder?.secretRef, csi?.nodePublishSecretRef, csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef, flexVolume?.secretRef, iscsi?.secretRef, rbd?.secretRef, scaleIO?.secretRef, storageos?.secretRef];
  return references.flatMap((reference) => (reference?.name === undefined ? [] : [`${reference.namespace ?? claimNamespace}/${reference.name}`]));
}
