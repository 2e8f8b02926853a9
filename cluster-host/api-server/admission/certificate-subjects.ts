/** CertificateSubjectRestriction: nobody becomes a member of `system:masters` by a certificate that he asked for (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#certificatesubjectrestriction). */
import { parseCertificateRequest } from '../../api/certificates/request.ts';
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { base64Text } from '../../api/validation/base64.ts';
import { forbidden } from '../failure.ts';
import type { AdmissionPlugin } from './admission.ts';

const signer = 'kubernetes.io/kube-apiserver-client';

export const certificateSubjects: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate({ definition, operation, subresource, object, name }) {
    if (definition.group !== 'certificates.k8s.io' || definition.plural !== 'certificatesigningrequests' || operation !== 'CREATE' || subresource !== '') return;
    const { spec } = (object ?? {}) as V1CertificateSigningRequest;
    if (spec?.signerName !== signer) return;
    const request = parseCertificateRequest(base64Text(spec.request));
    if (!request.ok) throw forbidden(definition, name, `failed to parse CSR: ${request.error}`);
    if (request.value.organizations.includes('system:masters')) throw forbidden(definition, name, `use of ${signer} signer with system:masters group is not allowed`);
  },
};
