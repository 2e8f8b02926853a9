/** DefaultStorageClass: a claim that names no class gets the cluster's default one (https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass). */
import type { V1PersistentVolumeClaim, V1StorageClass } from '../../api/generated/types.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin } from './admission.ts';

const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
/** The older way to name a class. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function defaultStorageClass(registries: () => Registries): AdmissionPlugin {
  return {
    name: 'DefaultStorageClass',
    async mutate({ operation, definition, subresource, object }) {
      if (operation !== 'CREATE' || definition.group !== '' || definition.plural !== 'persistentvolumeclaims' || subresource !== '' || object === undefined) return;
      const { spec, metadata }: V1PersistentVolumeClaim = object;
      if (spec === undefined || spec.storageClassName !== undefined || metadata?.annotations?.[classAnnotation] !== undefined) return;
      const classes: readonly V1StorageClass[] = (await registries().need('storage.k8s.io', 'v1', 'storageclasses').all('')).map((version) => version.object as unknown as V1StorageClass);
      const chosen = classes.filter(isDefault).toSorted(newestFirst)[0]?.metadata?.name;
      if (chosen !== undefined) spec.storageClassName = chosen;
    },
  };
}

function isDefault({ metadata }: V1StorageClass): boolean {
  return defaultAnnotations.some((key) => metadata?.annotations?.[key] === 'true');
}

/** Of several defaults the newest counts, of those the first by name. */
function newestFirst(a: V1StorageClass, b: V1StorageClass): number {
  const key = ({ metadata }: V1StorageClass): string => metadata?.creationTimestamp ?? '';
  return key(b).localeCompare(key(a)) || (a.metadata?.name ?? '').localeCompare(b.metadata?.name ?? '');
}
