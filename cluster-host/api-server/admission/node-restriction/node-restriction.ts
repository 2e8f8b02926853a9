/**
 * NodeRestriction: a node changes itself and its own pods, and nothing of itself that would draw to it what others keep from it
 * (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction). What a node may read is the
 * matter of its authorizer.
 */
import type { V1CertificateSigningRequest } from '../../../api/generated/types.ts';
import { parseCertificateRequest } from '../../../api/certificates/request.ts';
import { base64Text } from '../../../api/validation/base64.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import { nodeOf } from '../../authorization/node/identity.ts';
import { forbidden } from '../../failure.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.ts';
import { admitNode } from './own-node.ts';
import { admitPod } from './own-pods.ts';
import { admitClaimStatus } from './claim-status.ts';
import { admitToken } from './own-tokens.ts';

/** Why a node's write is refused; undefined for one that is fine. May throw `ApiFailure` for what is not there. */
export type Restriction = (node: string, request: AdmissionRequest) => Promise<string | undefined> | string | undefined;

export function nodeRestriction(registries: () => Registries, authorizer: () => Authorizer): AdmissionPlugin {
  /** By `group/plural`; what has no row is the authorizer's matter alone. */
  const restrictions: Readonly<Record<string, Restriction>> = {
    '/pods': (node, request) => admitPod(registries(), node, request),
    '/nodes': admitNode,
    '/persistentvolumeclaims': (node, request) => (request.subresource === 'status' ? admitClaimStatus(node, request) : 'may only update PVC status'),
    '/serviceaccounts': (node, request) => admitToken({ registries: registries(), authorizer: authorizer() }, node, request),
    'coordination.k8s.io/leases': admitLease,
    'storage.k8s.io/csinodes': admitCsiNode,
    'resource.k8s.io/resourceslices': admitResourceSlice,
    'certificates.k8s.io/certificatesigningrequests': admitCertificateRequest,
  };
  return {
    name: 'NodeRestriction',
    async mutate(request) {
      const { definition, operation, user, name } = request;
      const node = nodeOf(user);
      if (node === undefined || operation === 'CONNECT') return;
      const restriction = restrictions[`${definition.group}/${definition.plural}`];
      const problem = node === '' ? `could not determine node from user ${JSON.stringify(user.name)}` : await restriction?.(node, request);
      if (problem !== undefined) throw forbidden(definition, name, problem);
    },
  };
}

function admitLease(node: string, { namespace, name }: AdmissionRequest): string | undefined {
  if (namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  return name === node ? undefined : 'can only access node lease with the same name as the requesting node';
}

function admitCsiNode(node: string, { name }: AdmissionRequest): string | undefined {
  return name === node ? undefined : 'can only access CSINode with the same name as the requesting node';
}

function admitResourceSlice(node: string, { operation, object, old }: AdmissionRequest): string | undefined {
  if (operation === 'CREATE' && object?.['spec']?.nodeName !== node) return 'can only create ResourceSlice with the same NodeName as the requesting node';
  if (operation === 'DELETE' && old?.['spec']?.nodeName !== node) return 'can only delete ResourceSlice with the same NodeName as the requesting node';
  return undefined;
}

const nodeSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

function admitCertificateRequest(node: string, { operation, object }: AdmissionRequest): string | undefined {
  const { spec } = (object ?? {}) as V1CertificateSigningRequest;
  if (operation !== 'CREATE' || !nodeSigners.includes(spec?.signerName ?? '')) return undefined;
  const request = parseCertificateRequest(base64Text(spec?.request ?? ''));
  if (!request.ok) return `unable to parse csr: ${request.error}`;
  return request.value.commonName === `system:node:${node}` ? undefined : `can only create a node CSR with CN=system:node:${node}`;
}
