/** Signs certificate requests that are approved, as the built-in signers of Kubernetes. */
import { parseCertificateRequest } from '../../api/certificates/request.ts';
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { timestamp } from '../../api/time.ts';
import { base64Text } from '../../api/validation/base64.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { certificateSigningRequests } from '../../client/resources.ts';
import { hasCondition, isIssued } from '../common/certificate-requests.ts';
import { signers, validity } from './plan.ts';

export interface Certified {
  /** DER: of a Name, of a SubjectPublicKeyInfo, and of the content of the extension with other names. */
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alternativeNames: Uint8Array | undefined;
  readonly usages: readonly string[];
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** Signs with the cluster's authority; PEM. */
export type SignCertificate = (contents: Certified) => string;

export function csrSigningController(sign: SignCertificate): ControllerDefinition {
  return {
    name: 'certificatesigningrequest-signing',
    serviceAccount: 'certificate-controller',
    watches: [{ resource: certificateSigningRequests }],
    start: ({ client, informers, clock }) => ({
      reconcile: async (name) => {
        const request = informers.informer(certificateSigningRequests).lister.get('', name);
        const { spec } = request ?? {};
        const check = signers[spec?.signerName ?? ''];
        if (request === undefined || spec === undefined || check === undefined || isIssued(request) || !hasCondition(request, 'Approved') || hasCondition(request, 'Failed')) return;
        const parsed = parseCertificateRequest(base64Text(spec.request));
        if (!parsed.ok) throw new Error(`unable to parse csr ${JSON.stringify(name)}: ${parsed.error}`);
        const usages = spec.usages ?? [];
        const problem = check(parsed.value, usages);
        const status = problem === undefined ? { certificate: btoa(sign({ ...parsed.value, usages, ...validity(spec.expirationSeconds, clock.now()) })) } : failure(request, problem, clock.now());
        await client.resource(certificateSigningRequests).update({ ...request, status: { ...request.status, ...status } }, { subresource: 'status' });
      },
    }),
  };
}

function failure({ status }: V1CertificateSigningRequest, message: string, now: number): Required<Pick<NonNullable<V1CertificateSigningRequest['status']>, 'conditions'>> {
  const lastUpdateTime = timestamp(now);
  return { conditions: [...(status?.conditions ?? []), { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime }] };
}
