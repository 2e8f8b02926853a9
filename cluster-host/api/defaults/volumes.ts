/** Defaults of volumes, of pods and of the cluster. */
import type { V1DownwardAPIVolumeFile, V1PersistentVolumeClaimSpec, V1PersistentVolumeSpec, V1Volume, V1VolumeProjection } from '../generated/types.ts';
import { fill, fillEmpty } from './fill.ts';
import { setResourceListDefaults } from './resources.ts';

const readableFiles = 0o644;

/** A volume without a type is an empty directory. */
export function setVolumeDefaults(volume: V1Volume): void {
  if (Object.entries(volume).every(([name, value]) => name === 'name' || value === undefined)) volume.emptyDir = {};
  for (const source of [volume.secret, volume.configMap, volume.downwardAPI, volume.projected]) {
    if (source) fill(source, { defaultMode: readableFiles });
  }
  for (const file of volume.downwardAPI?.items ?? []) setFileDefaults(file);
  for (const source of volume.projected?.sources ?? []) setProjectionDefaults(source);
  if (volume.hostPath && volume.hostPath.type === undefined) volume.hostPath.type = '';
  setSharedTypeDefaults(volume);
  if (volume.ephemeral?.volumeClaimTemplate?.spec) setClaimSpecDefaults(volume.ephemeral.volumeClaimTemplate.spec);
  if (volume.image) fillEmpty(volume.image, { pullPolicy: /:latest$|^[^:@]*$/.test(afterSlash(volume.image.reference ?? '')) ? 'Always' : 'IfNotPresent' });
}

function afterSlash(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function setProjectionDefaults(source: V1VolumeProjection): void {
  if (source.serviceAccountToken) fill(source.serviceAccountToken, { expirationSeconds: 3600 });
  if (source.podCertificate) fill(source.podCertificate, { maxExpirationSeconds: 86_400 });
  for (const file of source.downwardAPI?.items ?? []) setFileDefaults(file);
}

function setFileDefaults(file: V1DownwardAPIVolumeFile): void {
  if (file.fieldRef) fillEmpty(file.fieldRef, { apiVersion: 'v1' });
  if (file.resourceFieldRef) fillEmpty(file.resourceFieldRef, { divisor: '0' });
}

type SharedTypes = Pick<V1Volume, 'iscsi' | 'azureDisk' | 'rbd' | 'scaleIO'>;

function setSharedTypeDefaults({ iscsi, azureDisk, rbd, scaleIO }: { [K in keyof SharedTypes]?: Omit<NonNullable<SharedTypes[K]>, 'secretRef'> }): void {
  if (iscsi) fillEmpty(iscsi, { iscsiInterface: 'default' });
  if (azureDisk) fill(azureDisk, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false });
  if (rbd) fillEmpty(rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' });
  if (scaleIO) fillEmpty(scaleIO, { storageMode: 'ThinProvisioned', fsType: 'xfs' });
}

export function setPersistentVolumeDefaults(spec: V1PersistentVolumeSpec): void {
  fillEmpty(spec, { persistentVolumeReclaimPolicy: 'Retain' });
  fill(spec, { volumeMode: 'Filesystem' });
  if (spec.hostPath && spec.hostPath.type === undefined) spec.hostPath.type = '';
  setSharedTypeDefaults(spec);
  setResourceListDefaults(spec.capacity);
}

export function setClaimSpecDefaults(spec: V1PersistentVolumeClaimSpec): void {
  fill(spec, { volumeMode: 'Filesystem' });
  spec.resources ??= {};
  setResourceListDefaults(spec.resources.limits);
  setResourceListDefaults(spec.resources.requests);
  completeDataSources(spec);
}

/** Either form of the data source names the other, unless the source lies in another namespace. */
function completeDataSources(spec: V1PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...reference } = dataSourceRef;
    spec.dataSource = reference;
  }
}
