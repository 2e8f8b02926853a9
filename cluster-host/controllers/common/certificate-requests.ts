/** What the controllers of certificate signing requests ask of one. Pure. */
import type { CertificateRequest } from '../../api/certificates/request.ts';
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';

export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';

export function hasCondition({ status }: V1CertificateSigningRequest, type: 'Approved' | 'Denied' | 'Failed'): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

export function isIssued({ status }: V1CertificateSigningRequest): boolean {
  return (status?.certificate ?? '') !== '';
}

/** Why this is no request of a kubelet for its client certificate. */
export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes';
  if (request.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (request.addresses.length > 0) return 'IP subjectAltNames are not allowed';
  return commonProblem(request, usages, 'client auth');
}

/** Why this is no request of a kubelet for its serving certificate. */
export function kubeletServingProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return 'subject organization is not system:nodes';
  if (request.dnsNames.length + request.addresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  return commonProblem(request, usages, 'server auth');
}

function isOfNodes({ organizations }: CertificateRequest): boolean {
  return organizations.length === 1 && organizations[0] === 'system:nodes';
}

/** A key that is not RSA encrypts no other key. */
function commonProblem({ uris, commonName }: CertificateRequest, usages: readonly string[], purpose: string): string | undefined {
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  const required = ['digital signature', 'key encipherment', purpose].toSorted();
  const given = [...new Set(usages)].filter((usage) => usage !== 'key encipherment').toSorted();
  if (given.join() !== ['digital signature', purpose].toSorted().join()) return `usages did not match [${required.join(' ')}]`;
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';
}
