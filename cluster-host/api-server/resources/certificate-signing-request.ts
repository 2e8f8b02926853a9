/** Certificate signing requests: who asks is who is logged in, and a verdict is given through `approval` alone (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/). */
import { parseCertificateRequest, type CertificateRequest } from '../../api/certificates/request.ts';
import { invalid as invalidField } from '../../api/field-errors.ts';
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { certificateSigningRequest } from '../../api/kinds/certificate-signing-request.ts';
import { timestamp } from '../../api/time.ts';
import { base64Text } from '../../api/validation/base64.ts';
import { validateRequestUpdate } from '../../api/validation/certificate-signing-request.ts';
import { copy } from '../../api/values.ts';
import { invalid } from '../failure.ts';
import { carryOverMetadata } from '../registry/metadata.ts';
import { objectPart } from './object-part.ts';
import type { ResourceStrategy } from './strategy.ts';

/** `signatureProblem`: what is wrong with the signature of a request that can be read. */
export function certificateSigningRequestStrategy(now: () => number, signatureProblem: (request: CertificateRequest) => string | undefined): ResourceStrategy {
  return {
    async beforeCreate(object, { user: { name, uid, groups, extra } }) {
      const { spec }: V1CertificateSigningRequest = Object.assign(object, { spec: { ...object['spec'], username: name, uid, groups: [...groups], extra } });
      const request = parseCertificateRequest(base64Text(spec.request));
      const problem = request.ok ? signatureProblem(request.value) : undefined;
      if (problem !== undefined) throw invalid(certificateSigningRequest, object.metadata?.name ?? '', [invalidField('spec.request', spec.request, problem)]);
      return undefined;
    },
    subresources: { approval: objectPart<V1CertificateSigningRequest>('approval', (current, sent) => takeVerdict(current, sent, now())) },
  };
}

/** A verdict's author may write labels and annotations with it. */
function takeVerdict(current: V1CertificateSigningRequest, sent: V1CertificateSigningRequest, now: number): void {
  const old = copy(current);
  const time = timestamp(now);
  const conditions = (sent.status?.conditions ?? []).map((condition) => ({ ...condition, lastUpdateTime: condition.lastUpdateTime ?? time, lastTransitionTime: condition.lastTransitionTime ?? time }));
  current.metadata = { ...sent.metadata, resourceVersion: old.metadata?.resourceVersion };
  carryOverMetadata(current, old);
  current.status = { ...current.status, conditions };
  const errors = [...validateRequestUpdate(current, old, { mayDecide: true })];
  if (errors.length > 0) throw invalid(certificateSigningRequest, current.metadata?.name ?? '', errors);
}
