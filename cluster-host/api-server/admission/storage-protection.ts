/** StorageObjectInUseProtection: new claims and volumes get the finalizers that their controllers take away once nobody uses them. */
import type { AdmissionPlugin } from './admission.ts';

const finalizers: Readonly<Record<string, string>> = { persistentvolumeclaims: 'kubernetes.io/pvc-protection', persistentvolumes: 'kubernetes.io/pv-protection' };

export const storageProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, definition, subresource, object }) {
    const finalizer = definition.group === '' ? finalizers[definition.plural] : undefined;
    if (operation !== 'CREATE' || subresource !== '' || finalizer === undefined || object === undefined) return;
    const present = object.metadata?.finalizers ?? [];
    if (!present.includes(finalizer)) object.metadata = { ...object.metadata, finalizers: [...present, finalizer] };
  },
};
