/** Deletes certificate requests that are over: an hour after the verdict, a day without one, or when what was issued has ended. */
import { certificateEnd } from '../../api/certificates/certificate.ts';
import type { V1CertificateSigningRequest } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';
import { base64Text } from '../../api/validation/base64.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { certificateSigningRequests } from '../../client/resources.ts';
import { isIssued } from '../common/certificate-requests.ts';

const hour = 60 * 60 * 1000;
const decidedFor = hour;
const pendingFor = 24 * hour;

/** When the request is to go, in milliseconds since the epoch; undefined where it may stay for good. */
export function endOf(request: V1CertificateSigningRequest): number | undefined {
  const { metadata, status } = request;
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) return after(metadata?.creationTimestamp, pendingFor);
  const decided = conditions.filter(({ type }) => type === 'Denied' || type === 'Failed' || (type === 'Approved' && isIssued(request)));
  const ends = [...decided.map(({ lastUpdateTime }) => after(lastUpdateTime, decidedFor)), certificateEnd(base64Text(status?.certificate ?? ''))].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function after(time: string | undefined, duration: number): number | undefined {
  const start = millisecondsOf(time);
  return start === undefined ? undefined : start + duration;
}

export const csrCleanerController: ControllerDefinition = {
  name: 'certificatesigningrequest-cleaner',
  serviceAccount: 'certificate-controller',
  watches: [{ resource: certificateSigningRequests }],
  start: ({ client, informers, clock }) => ({
    reconcile: async (name) => {
      const request = informers.informer(certificateSigningRequests).lister.get('', name);
      const end = request === undefined ? undefined : endOf(request);
      if (request === undefined || end === undefined) return undefined;
      if (end > clock.now()) return { after: end - clock.now() };
      await client
        .resource(certificateSigningRequests)
        .delete(name, { preconditions: { uid: request.metadata?.uid } })
        .catch((error: unknown) => {
          if (!hasReason(error, 'NotFound')) throw error;
        });
      return undefined;
    },
  }),
};
