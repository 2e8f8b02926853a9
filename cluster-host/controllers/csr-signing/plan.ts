/** What each of the built-in signers signs (kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers). Pure. */
import type { CertificateRequest } from '../../api/certificates/request.ts';
import { kubeletClientProblem, kubeletClientSigner, kubeletServingProblem } from '../common/certificate-requests.ts';

type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

/** By signer: why a request is not signed. Other signers' requests are somebody else's. */
export const signers: Readonly<Record<string, Check>> = {
  'kubernetes.io/kube-apiserver-client': (_request, usages) => clientProblem(usages),
  [kubeletClientSigner]: kubeletClientProblem,
  'kubernetes.io/kubelet-serving': kubeletServingProblem,
  'kubernetes.io/legacy-unknown': () => undefined,
};

function clientProblem(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

const hour = 60 * 60 * 1000;
/** Kubernetes' `--cluster-signing-duration`. */
const longest = 365 * 24 * hour;
const shortest = 10 * 60 * 1000;
const backdating = 5 * 60 * 1000;
/** Shorter ones do without: the clocks of clients that ask for so little are right. */
const backdatedFrom = 8 * hour;

/** From when to when a certificate holds, in milliseconds since the epoch. */
export function validity(expirationSeconds: number | undefined, now: number): { readonly from: number; readonly to: number } {
  const asked = expirationSeconds === undefined ? longest : Math.min(Math.max(expirationSeconds * 1000, shortest), longest);
  const from = asked < backdatedFrom ? now : now - backdating;
  return { from, to: from + asked };
}
