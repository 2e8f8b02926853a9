/** Every kind that is served, a row each. */
import type { KindDefinition } from '../kind.ts';
import { configMap } from './config-map.ts';
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment, volumeAttributesClass } from './csi.ts';
import { deployment } from './deployment.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { coreEvent, event } from './event.ts';
import { lease } from './lease.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { persistentVolume } from './persistent-volume.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { pod } from './pod.ts';
import { priorityClass } from './priority-class.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { runtimeClass } from './runtime-class.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service.ts';
import { storageClass } from './storage-class.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhooks.ts';

export const kinds: readonly KindDefinition[] = [
  clusterRole,
  clusterRoleBinding,
  configMap,
  coreEvent,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  deployment,
  endpoints,
  endpointSlice,
  event,
  lease,
  mutatingWebhookConfiguration,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podDisruptionBudget,
  priorityClass,
  replicaSet,
  replicationController,
  role,
  roleBinding,
  runtimeClass,
  secret,
  service,
  serviceAccount,
  storageClass,
  validatingWebhookConfiguration,
  volumeAttachment,
  volumeAttributesClass,
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
