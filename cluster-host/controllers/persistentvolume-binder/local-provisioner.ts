/** Volumes that are folders of the machine: what a claim gets whose class names `kubicle.io/local`. */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '../../api/generated/types.ts';
import { defaultClassAnnotation } from './plan.ts';

export const localProvisioner = 'kubicle.io/local';
export const provisionedByAnnotation = 'pv.kubernetes.io/provisioned-by';

export interface LocalVolumes {
  /** Absolute path; each volume is a folder in it. */
  readonly folder: string;
  /** Removes a volume's folder with all that is in it. */
  readonly remove: (path: string) => Promise<void>;
}

/** The class that claims get which name none. */
export const standardClass: V1StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { [defaultClassAnnotation]: 'true' } },
  provisioner: localProvisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
};

/** Every node of the cluster sees the same folder, so any access mode holds. */
export function localVolume(folder: string, claim: V1PersistentVolumeClaim, storageClass: V1StorageClass): V1PersistentVolume {
  const { uid, name: claimName, namespace } = claim.metadata ?? {};
  const name = `pvc-${uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [provisionedByAnnotation]: localProvisioner } },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '0' },
      accessModes: claim.spec?.accessModes,
      volumeMode: 'Filesystem',
      storageClassName: storageClass.metadata?.name,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      hostPath: { path: `${folder}/${name}`, type: 'DirectoryOrCreate' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claimName, namespace, uid },
    },
  };
}
