import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../field-errors.ts';
import type { V1CertificateSigningRequest, V1CertificateSigningRequestCondition, V1CertificateSigningRequestSpec } from '../generated/types.ts';
import { base64Text } from '../validation/base64.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { oneOf, unchanged } from '../validation/errors.ts';
import { validateSignerName } from '../validation/signer-name.ts';
import { ageColumn, humanDuration, none, orNone, text } from './columns.ts';
import { defineKind, keep } from './define-kind.ts';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const minSeconds = 600;

/** Conditions that hold for good once they hold, and exclude each other but for the last. */
const verdicts = ['Approved', 'Denied', 'Failed'];

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
  *validate({ spec, status }) {
    yield* validateSpec(spec);
    yield* validateConditions(status?.conditions ?? []);
  },
  *validateUpdate(object, old) {
    yield* validateSpec(object.spec);
    yield* validateVerdictsKept(object, old);
  },
  status: {
    prepareForUpdate(object, old) {
      keepVerdicts(object, old);
    },
    *validateUpdate(object, old) {
      yield* validateConditions(object.status?.conditions ?? []);
      yield* validateVerdictsKept(object, old);
      if (old.status?.certificate) yield* unchanged('status.certificate', object.status?.certificate, old.status.certificate);
      yield* validateCertificate(object.status?.certificate);
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

/** Who writes the status gives no verdict and takes none back. */
function keepVerdicts({ status }: V1CertificateSigningRequest, old: V1CertificateSigningRequest): void {
  if (status === undefined) return;
  const isVerdict = ({ type }: V1CertificateSigningRequestCondition): boolean => type === 'Approved' || type === 'Denied';
  const conditions = [...(old.status?.conditions ?? []).filter(isVerdict), ...(status.conditions ?? []).filter((condition) => !isVerdict(condition))];
  if (conditions.length > 0) status.conditions = conditions;
  else delete status.conditions;
}

function conditionText({ status }: V1CertificateSigningRequest): string {
  const has = (type: string): boolean => (status?.conditions ?? []).some((condition) => condition.type === type);
  const words = [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'];
  if (has('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  return words.join(',');
}

function* validateSpec(spec: V1CertificateSigningRequestSpec | undefined): Errors {
  const problem = requestProblem(base64Text(spec?.request ?? ''));
  if (problem !== undefined) yield invalid('spec.request', spec?.request ?? '', problem);
  const given = spec?.usages ?? [];
  if (given.length === 0) yield required('spec.usages', 'usages must contain at least one value');
  for (const [index, usage] of given.entries()) {
    if (!usages.includes(usage)) yield notSupported(`spec.usages[${index}]`, usage, usages);
    if (given.indexOf(usage) < index) yield duplicate(`spec.usages[${index}]`, usage);
  }
  const signer = spec?.signerName ?? '';
  if (signer === 'kubernetes.io/legacy-unknown') yield invalid('spec.signerName', signer, 'the legacy signerName is not allowed via this API version');
  else yield* validateSignerName('spec.signerName', signer);
  const seconds = spec?.expirationSeconds;
  if (seconds !== undefined && seconds < minSeconds) yield invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 600 seconds (10 minutes)');
}

/** Only the armour is looked at; who signs looks at the rest. */
function requestProblem(pem: string): string | undefined {
  return /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/.test(pem) ? undefined : 'PEM block type must be CERTIFICATE REQUEST';
}

function* validateConditions(conditions: readonly V1CertificateSigningRequestCondition[]): Errors {
  const seen = new Set<string>();
  for (const [index, { type = '', status }] of conditions.entries()) {
    const at = `status.conditions[${index}]`;
    if (type === '') yield required(`${at}.type`);
    if (!status) yield required(`${at}.status`);
    else if (verdicts.includes(type)) yield* oneOf(`${at}.status`, status, ['True']);
    else yield* oneOf(`${at}.status`, status, ['False', 'True', 'Unknown']);
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved'))) {
      yield invalid(`${at}.type`, type, 'Approved and Denied conditions are mutually exclusive');
    }
    if (seen.has(type)) yield duplicate(`${at}.type`, type);
    seen.add(type);
  }
}

function* validateVerdictsKept({ status }: V1CertificateSigningRequest, old: V1CertificateSigningRequest): Errors {
  for (const type of verdicts) {
    const ofType = (conditions: readonly V1CertificateSigningRequestCondition[] = []): unknown[] => conditions.filter((condition) => condition.type === type);
    const before = ofType(old.status?.conditions);
    if (before.length === 0 || equal(before, ofType(status?.conditions))) continue;
    yield forbidden('status.conditions', `updates may not remove or change a condition of type "${type}"`);
  }
}

function* validateCertificate(certificate: string | undefined): Errors {
  if (!certificate) return;
  const pem = base64Text(certificate);
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) yield invalid('status.certificate', '<certificate data>', 'must contain at least one CERTIFICATE PEM block');
  if (pem.length > 1024 * 1024) yield tooLong('status.certificate', 1024 * 1024);
}
