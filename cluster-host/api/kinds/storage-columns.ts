/** Cells that volumes and claims share. */
import type { V1ObjectMeta } from '../generated/types.ts';

const shortModes = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' } as const;

export function accessModesText(modes: readonly string[] = []): string {
  return Object.entries(shortModes)
    .flatMap(([mode, short]) => (modes.includes(mode) ? [short] : []))
    .join(',');
}

/** The storage class, which was an annotation once. */
export function classText(meta: V1ObjectMeta | undefined, className: string | undefined): string {
  return meta?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? className ?? '';
}
