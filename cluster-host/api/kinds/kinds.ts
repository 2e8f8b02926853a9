/** Every kind that is served, a row each. */
import type { KindDefinition } from '../kind.ts';
import { configMap } from './config-map.ts';
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment, volumeAttributesClass } from './csi.ts';
import { namespace } from './namespace.ts';
import { pod } from './pod.ts';
import { priorityClass } from './priority-class.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac.ts';
import { runtimeClass } from './runtime-class.ts';
import { storageClass } from './storage-class.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhooks.ts';

export const kinds: readonly KindDefinition[] = [
  configMap,
  namespace,
  pod,
  priorityClass,
  runtimeClass,
  role,
  roleBinding,
  clusterRole,
  clusterRoleBinding,
  storageClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  volumeAttachment,
  volumeAttributesClass,
  validatingWebhookConfiguration,
  mutatingWebhookConfiguration,
];

function indexOf(key: (row: KindDefinition) => string): ReadonlyMap<string, KindDefinition> {
  const index = new Map<string, KindDefinition>();
  for (const row of kinds) {
    const at = `${row.group}/${row.version}/${key(row)}`;
    if (index.has(at)) throw new Error(`two rows for ${at}`);
    index.set(at, row);
  }
  return index;
}

const byKind = indexOf((row) => row.kind);
const byPlural = indexOf((row) => row.plural);

export function findKind(group: string, version: string, kind: string): KindDefinition | undefined {
  return byKind.get(`${group}/${version}/${kind}`);
}

export function findResource(group: string, version: string, plural: string): KindDefinition | undefined {
  return byPlural.get(`${group}/${version}/${plural}`);
}
