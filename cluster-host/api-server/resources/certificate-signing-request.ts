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
    prepareStatus: (object: V1CertificateSigningRequest, old: V1CertificateSigningRequest) => stampConditions(object, old, now()),
    subresources: { approval: objectPart<V1CertificateSigningRequest>('approval', (current, sent) => takeVerdict(current, sent, now())) },
  };
}

/** A verdict's author may write labels and annotations with it. */
function takeVerdict(current: V1CertificateSigningRequest, sent: V1CertificateSigningRequest, now: number): void {
  const old = copy(current);
  current.metadata = { ...sent.metadata, resourceVersion: old.metadata?.resourceVersion };
  carryOverMetadata(current, old);
  current.status = { ...current.status, conditions: sent.status?.conditions ?? [] };
  stampConditions(current, old, now);
  const errors = [...validateRequestUpdate(current, old, { mayDecide: true })];
  if (errors.length > 0) throw invalid(certificateSigningRequest, current.metadata?.name ?? '', errors);
}

/** Conditions that do not say since when they are so are so since now, or for as long as they were so before. */
function stampConditions({ status }: V1CertificateSigningRequest, old: V1CertificateSigningRequest, now: number): void {
  const time = timestamp(now);
  for (const condition of status?.conditions ?? []) {
    condition.lastUpdateTime ??= time;
    const before = (old.status?.conditions ?? []).find(({ type, status: state, lastTransitionTime }) => type === condition.type && state === condition.status && lastTransitionTime !== undefined);
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? time;
  }
}
