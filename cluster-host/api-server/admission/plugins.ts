/** The admission plugins in their order, which is Kubernetes' own. A row a plugin. */
import type { Platform } from '../../platform/platform.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin } from './admission.ts';
import { certificateSigners } from './certificate-signers.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerations } from './default-tolerations.ts';
import { limitRanger } from './limit-ranger/limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { podSecurity } from './pod-security.ts';
import { priorityAdmission } from './priority.ts';
import { rbacEscalation, type EscalationSources } from './rbac-escalation.ts';
import { resourceQuotaAdmission } from './resource-quota.ts';
import { runtimeClassAdmission } from './runtime-class.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { taintNewNodes } from './taint-new-nodes.ts';

/** `registries` is only to be called while a request is admitted. */
export function admissionPlugins(registries: () => Registries, platform: Platform, rights: EscalationSources): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle(registries),
    limitRanger(registries),
    serviceAccountAdmission(registries, platform),
    taintNewNodes,
    podSecurity(registries),
    priorityAdmission(registries),
    defaultTolerations,
    defaultStorageClass(registries),
    runtimeClassAdmission(registries),
    certificateSigners(rights.authorizer),
    rbacEscalation(rights),
    // The last: what it counts in will be written.
    resourceQuotaAdmission(registries, platform),
  ];
}
