/** CertificateApproval and CertificateSigning: a verdict and a certificate come only from who may speak for the signer (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization). */
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { equal } from '../../api/values.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { forbidden } from '../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

const group = 'certificates.k8s.io';

export function certificateSigners(authorizer: () => Authorizer): AdmissionPlugin {
  const maySpeakFor = async ({ user }: AdmissionRequest, verb: string, signer: string): Promise<boolean> => {
    for (const name of [signer, `${signer.split('/')[0]}/*`]) {
      const { decision } = await authorizer().authorize({ type: 'resource', user, verb, group, version: '*', resource: 'signers', subresource: '', namespace: '', name });
      if (decision === 'allow') return true;
    }
    return false;
  };
  return {
    name: 'CertificateSigning',
    async validate(request) {
      const { definition, operation, subresource, object, old, name } = request;
      if (definition.group !== group || definition.plural !== 'certificatesigningrequests' || operation !== 'UPDATE' || object === undefined) return;
      const verb = subresource === 'approval' ? 'approve' : subresource === 'status' && isSigned(object as V1CertificateSigningRequest, old as V1CertificateSigningRequest) ? 'sign' : undefined;
      const signer = (old as V1CertificateSigningRequest | undefined)?.spec?.signerName ?? '';
      if (verb !== undefined && !(await maySpeakFor(request, verb, signer))) throw forbidden(definition, name, `user not permitted to ${verb} requests with signerName "${signer}"`);
    },
  };
}

/** Failing a request is the signer's word too. */
function isSigned({ status }: V1CertificateSigningRequest, { status: before }: V1CertificateSigningRequest): boolean {
  return !equal([status?.certificate, status?.conditions], [before?.certificate, before?.conditions]);
}
