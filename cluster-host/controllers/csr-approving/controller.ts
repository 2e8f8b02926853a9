/** Approves requests of kubelets for their client certificates, where who asks may have one made (kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/#approval). */
import { parseCertificateRequest } from '../../api/certificates/request.ts';
import type { V1CertificateSigningRequest, V1SubjectAccessReview } from '../../api/generated/types.ts';
import { timestamp } from '../../api/time.ts';
import { base64Text } from '../../api/validation/base64.ts';
import type { Client } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { certificateSigningRequests, subjectAccessReviews } from '../../client/resources.ts';
import { hasCondition, isIssued, kubeletClientProblem, kubeletClientSigner } from '../common/certificate-requests.ts';

interface Recognizer {
  /** The right that it takes: to create this subresource of certificate signing requests. */
  readonly right: string;
  readonly message: string;
}

const own: Recognizer = { right: 'selfnodeclient', message: 'Auto approving self kubelet client certificate after SubjectAccessReview.' };
const anothers: Recognizer = { right: 'nodeclient', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' };

export const csrApprovingController: ControllerDefinition = {
  name: 'certificatesigningrequest-approving',
  serviceAccount: 'certificate-controller',
  watches: [{ resource: certificateSigningRequests }],
  start: ({ client, informers, clock }) => ({
    reconcile: async (name) => {
      const request = informers.informer(certificateSigningRequests).lister.get('', name);
      if (request === undefined || isIssued(request) || hasCondition(request, 'Approved') || hasCondition(request, 'Denied')) return;
      for (const { right, message } of recognizersOf(request)) {
        if (!(await mayHave(client, request, right))) continue;
        const lastUpdateTime = timestamp(clock.now());
        const conditions = [...(request.status?.conditions ?? []), { type: 'Approved', status: 'True', reason: 'AutoApproved', message, lastUpdateTime }];
        await client.resource(certificateSigningRequests).update({ ...request, status: { ...request.status, conditions } }, { subresource: 'approval' });
        return;
      }
    },
  }),
};

function recognizersOf({ spec }: V1CertificateSigningRequest): readonly Recognizer[] {
  if (spec?.signerName !== kubeletClientSigner) return [];
  const parsed = parseCertificateRequest(base64Text(spec.request));
  if (!parsed.ok || kubeletClientProblem(parsed.value, spec.usages ?? []) !== undefined) return [];
  return spec.username === parsed.value.commonName ? [own, anothers] : [anothers];
}

async function mayHave(client: Client, { spec }: V1CertificateSigningRequest, subresource: string): Promise<boolean> {
  const { username: user, uid, groups, extra } = spec ?? {};
  const resourceAttributes = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', verb: 'create', subresource, version: '*' };
  const review: V1SubjectAccessReview = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, uid, groups, extra, resourceAttributes } };
  const { status } = await client.resource(subjectAccessReviews).create(review);
  return status?.allowed === true;
}
