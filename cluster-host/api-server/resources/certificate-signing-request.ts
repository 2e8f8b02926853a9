/** Certificate signing requests: who asks is who is logged in, and a verdict is given through `approval` alone (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/). */
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { certificateSigningRequest } from '../../api/kinds/certificate-signing-request.ts';
import { timestamp } from '../../api/time.ts';
import { copy } from '../../api/values.ts';
import { invalid } from '../failure.ts';
import { objectPart } from './object-part.ts';
import type { ResourceStrategy } from './strategy.ts';

export function certificateSigningRequestStrategy(now: () => number): ResourceStrategy {
  return {
    async beforeCreate(object, { user: { name, uid, groups, extra } }) {
      Object.assign(object['spec'] ?? {}, { username: name, uid, groups: [...groups], extra });
      return undefined;
    },
    subresources: { approval: objectPart<V1CertificateSigningRequest>('approval', (current, sent) => takeVerdict(current, sent, now())) },
  };
}

function takeVerdict(current: V1CertificateSigningRequest, sent: V1CertificateSigningRequest, now: number): void {
  const old = copy(current);
  const time = timestamp(now);
  const conditions = (sent.status?.conditions ?? []).map((condition) => ({ ...condition, lastUpdateTime: condition.lastUpdateTime ?? time, lastTransitionTime: condition.lastTransitionTime ?? time }));
  current.status = { ...current.status, conditions };
  const errors = certificateSigningRequest.status?.validateUpdate(current, old, { now }) ?? [];
  if (errors.length > 0) throw invalid(certificateSigningRequest, current.metadata?.name ?? '', errors);
}
