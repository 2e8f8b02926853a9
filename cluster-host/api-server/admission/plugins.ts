/** The admission plugins in their order, which is Kubernetes' own. A row a plugin. */
import type { Platform } from '../../platform/platform.ts';
import type { Registries } from '../registry/registries.ts';
import type { WatchedObjects } from '../registry/watched-objects.ts';
import type { AdmissionPlugin } from './admission.ts';
import { certificateSigners } from './certificate-signers.ts';
import { certificateSubjects } from './certificate-subjects.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerations } from './default-tolerations.ts';
import { limitRanger } from './limit-ranger/limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction/node-restriction.ts';
import { podSecurity } from './pod-security.ts';
import { mutatingPolicies } from './policies/mutating-policies.ts';
import { validatingPolicies } from './policies/validating-policies.ts';
import { priorityAdmission } from './priority.ts';
import { rbacEscalation, type EscalationSources } from './rbac-escalation.ts';
import { resourceQuotaAdmission } from './resource-quota.ts';
import { runtimeClassAdmission } from './runtime-class.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { storageProtection } from './storage-protection.ts';
import { taintNewNodes } from './taint-new-nodes.ts';
import { mutatingWebhooks } from './webhooks/mutating-webhooks.ts';
import { validatingWebhooks } from './webhooks/validating-webhooks.ts';
import type { WebhookCaller } from './webhooks/webhook-caller.ts';

/** `registries` is only to be called while a request is admitted. */
export function admissionPlugins(registries: () => Registries, platform: Platform, rights: EscalationSources, caller: WebhookCaller, watched: WatchedObjects): readonly AdmissionPlugin[] {
  const webhooks = { registries, platform, caller, watched, authorizer: rights.authorizer };
  const policies = { registries, watched };
  return [
    namespaceLifecycle(registries),
    limitRanger(registries),
    serviceAccountAdmission(registries, platform),
    nodeRestriction(registries, rights.authorizer),
    taintNewNodes,
    podSecurity(registries),
    priorityAdmission(registries),
    defaultTolerations,
    defaultStorageClass(registries),
    storageProtection,
    runtimeClassAdmission(registries),
    certificateSigners(rights.authorizer),
    certificateSubjects,
    mutatingPolicies(policies, rights.authorizer),
    mutatingWebhooks(webhooks),
    rbacEscalation(rights),
    validatingPolicies(policies, rights.authorizer),
    validatingWebhooks(webhooks),
    // The last: what it counts in will be written.
    resourceQuotaAdmission(registries, platform),
  ];
}
