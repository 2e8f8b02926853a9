import type { V1CertificateSigningRequest } from '../generated/types.ts';
import { validateRequest, validateRequestUpdate } from '../validation/certificate-signing-request.ts';
import { ageColumn, humanDuration, none, orNone, text } from './columns.ts';
import { defineKind, keep } from './define-kind.ts';

export const certificateSigningRequest = defineKind<V1CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  validateName: () => [],
  selectableFields: { 'spec.signerName': ({ spec }) => spec?.signerName ?? '' },
  subresources: { approval: { verbs: ['get', 'patch', 'update'] } },
  prepareForUpdate(object, old) {
    keep(object, old, 'spec');
  },
  validate: validateRequest,
  *validateUpdate(object, old) {
    yield* validateRequestUpdate(object, old, {});
  },
  status: {
    prepareForUpdate(object, old) {
      keepVerdicts(object, old);
    },
    *validateUpdate(object, old) {
      yield* validateRequestUpdate(object, old, { mayIssue: true });
    },
  },
  columns: [
    ageColumn,
    text('SignerName', 'Who is asked to sign.', ({ spec }) => orNone(spec?.signerName)),
    text('Requestor', 'Who asks.', ({ spec }) => spec?.username ?? ''),
    text('RequestedDuration', 'For how long.', ({ spec }) => (spec?.expirationSeconds === undefined ? none : humanDuration(spec.expirationSeconds * 1000))),
    text('Condition', 'What became of it.', conditionText),
  ],
});

/** Who writes the status changes no verdict; where one is added or taken away, the validation says so. */
function keepVerdicts({ status }: V1CertificateSigningRequest, old: V1CertificateSigningRequest): void {
  const conditions = status?.conditions ?? [];
  for (const verdict of ['Approved', 'Denied']) {
    const before = (old.status?.conditions ?? []).filter(({ type }) => type === verdict);
    const places = [...conditions.keys()].filter((index) => conditions[index]?.type === verdict);
    if (places.length !== before.length) continue;
    for (const [ordinal, condition] of before.entries()) conditions[places[ordinal] ?? 0] = condition;
  }
}

function conditionText({ status }: V1CertificateSigningRequest): string {
  const has = (type: string): boolean => (status?.conditions ?? []).some((condition) => condition.type === type);
  const words = [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'];
  if (has('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  return words.join(',');
}
