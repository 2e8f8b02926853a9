/** Every kind that is kept, a row each; those that are only asked and answered are found by name, too. */
import type { KindDefinition } from '../kind.ts';
import { validatingAdmissionPolicy, validatingAdmissionPolicyBinding, mutatingAdmissionPolicy, mutatingAdmissionPolicyBinding } from './admission-policies.ts';
import { apiService } from './api-service.ts';
import { certificateSigningRequest } from './certificate-signing-request.ts';
import { configMap } from './config-map.ts';
import { controllerRevision } from './controller-revision.ts';
import { cronJob } from './cron-job.ts';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { coreEvent, event } from './event.ts';
import { flowSchema, priorityLevelConfiguration } from './flow-control.ts';
import { autoscalerV1, autoscaler } from './horizontal-pod-autoscaler.ts';
import { ingressClass } from './ingress-class.ts';
import { ingress } from './ingress.ts';
import { job } from './job.ts';
import { lease } from './lease.ts';
import { limitRange } from './limit-range.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './network-policy.ts';
import { node } from './node.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { persistentVolume } from './persistent-volume.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { podTemplate } from './pod-template.ts';
import { pod } from './pod.ts';
import { priorityClass } from './priority-class.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { deviceClass, resourceClaim, resourceClaimTemplate } from './resource-claims.ts';
import { resourceQuota } from './resource-quota.ts';
import { resourceSlice } from './resource-slice.ts';
import { binding, componentStatus, reviewKinds } from './reviews.ts';
import { role, clusterRole, roleBinding, clusterRoleBinding } from './roles.ts';
import { runtimeClass } from './runtime-class.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { serviceCidr, ipAddress } from './service-cidr.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import { volumeAttachment, csiDriver, csiNode, csiStorageCapacity, volumeAttributesClass } from './storage-attachments.ts';
import { storageClass } from './storage-class.ts';
import { validatingWebhookConfiguration, mutatingWebhookConfiguration } from './webhook-configurations.ts';

export const kinds: readonly KindDefinition[] = [
  apiService,
  autoscaler,
  autoscalerV1,
  certificateSigningRequest,
  clusterRole,
  clusterRoleBinding,
  componentStatus,
  configMap,
  controllerRevision,
  coreEvent,
  cronJob,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  customResourceDefinition,
  daemonSet,
  deployment,
  deviceClass,
  endpoints,
  endpointSlice,
  event,
  flowSchema,
  ingress,
  ingressClass,
  ipAddress,
  job,
  lease,
  limitRange,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  namespace,
  networkPolicy,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podDisruptionBudget,
  podTemplate,
  priorityClass,
  priorityLevelConfiguration,
  replicaSet,
  replicationController,
  resourceClaim,
  resourceClaimTemplate,
  resourceQuota,
  resourceSlice,
  role,
  roleBinding,
  runtimeClass,
  secret,
  service,
  serviceAccount,
  serviceCidr,
  statefulSet,
  storageClass,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  volumeAttachment,
  volumeAttributesClass,
];

function indexOf(key: (row: KindDefinition) => string): ReadonlyMap<string, KindDefinition> {
  const index = new Map<string, KindDefinition>();
  for (const row of [...kinds, ...reviewKinds, binding]) {
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
