/**
 * Which fields a request can set at all, so that it may own them: what a kind puts back to its old state (the status of an
 * object, everything else of a status) nobody owns through it. Spelled as the strategies of Kubernetes 1.36 reset fields.
 */
import type { KindDefinition } from '../kind.ts';
import { allBut, nothingBut, type FieldFilter } from './field-set.ts';

const all: FieldFilter = (set) => set;
const noStatus = allBut('status');
const statusOnly = allBut('spec');
const statusWithoutMetadata = allBut('spec', 'metadata');

/** By `plural.group/subresource`, where a kind differs from the others. */
const special: Readonly<Record<string, FieldFilter>> = {
  'pods/status': allBut('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
  'pods/ephemeralcontainers': nothingBut('spec.ephemeralContainers'),
  'pods/resize': nothingBut('spec.containers.*.resources', 'spec.containers.*.resizePolicy', 'spec.initContainers.*.resources', 'spec.initContainers.*.resizePolicy', 'spec.resources'),
  'namespaces/finalize': noStatus,
  'deployments.apps/status': allBut('spec', 'metadata.labels'),
  'certificatesigningrequests.certificates.k8s.io/': allBut('spec', 'status'),
  'certificatesigningrequests.certificates.k8s.io/status': allBut('spec', 'status.conditions'),
  'certificatesigningrequests.certificates.k8s.io/approval': allBut('spec', 'status.certificate'),
  'flowschemas.flowcontrol.apiserver.k8s.io/status': statusWithoutMetadata,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io/status': statusWithoutMetadata,
  'volumeattachments.storage.k8s.io/status': statusWithoutMetadata,
  'validatingadmissionpolicies.admissionregistration.k8s.io/status': statusWithoutMetadata,
  'apiservices.apiregistration.k8s.io/status': statusWithoutMetadata,
  'resourceclaims.resource.k8s.io/status': statusWithoutMetadata,
};

/** `subresource` is empty for the object itself. */
export function settableFields({ group, plural, status, custom }: Pick<KindDefinition, 'group' | 'plural' | 'status' | 'custom'>, subresource: string): FieldFilter {
  const own = special[`${group === '' ? plural : `${plural}.${group}`}/${subresource}`];
  if (own !== undefined) return own;
  if (status === undefined) return all;
  if (subresource === 'status') return custom === undefined ? statusOnly : statusWithoutMetadata;
  return subresource === '' ? noStatus : all;
}
