/** Certificate signing requests (https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/). */
import { parseCertificateRequest } from '../certificates/request.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1CertificateSigningRequest, V1CertificateSigningRequestCondition, V1CertificateSigningRequestSpec } from '../generated/types.ts';
import { quote } from '../text.ts';
import { base64Text } from './base64.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { oneOf } from './errors.ts';
import { validateSignerName } from './signer-name.ts';

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

export function* validateRequest({ spec, status }: V1CertificateSigningRequest): Errors {
  yield* validateSpec(spec);
  yield* validateConditions(status?.conditions ?? []);
  yield* validateCertificate(status?.certificate);
}

function* validateSpec(spec: V1CertificateSigningRequestSpec | undefined): Errors {
  const request = parseCertificateRequest(base64Text(spec?.request ?? ''));
  if (!request.ok) yield invalid('spec.request', spec?.request ?? '', request.error);
  const given = spec?.usages ?? [];
  if (given.length === 0) yield required('spec.usages', 'usages must be provided');
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

/** What a request to change a CSR may change besides its metadata. */
export interface Changes {
  /** The certificate, once. */
  readonly mayIssue?: true;
  /** Whether it is approved or denied. */
  readonly mayDecide?: true;
}

export function* validateRequestUpdate(object: V1CertificateSigningRequest, old: V1CertificateSigningRequest, changes: Changes): Errors {
  yield* validateRequest(object);
  const ofType = ({ status }: V1CertificateSigningRequest, type: string): V1CertificateSigningRequestCondition[] => (status?.conditions ?? []).filter((condition) => condition.type === type);
  const refuse = (what: string, type: string): FieldError => forbidden('status.conditions', `updates may not ${what} a condition of type "${type}"`);
  for (const type of verdicts) if (ofType(object, type).length < ofType(old, type).length) yield refuse('remove', type);
  for (const type of changes.mayDecide ? [] : ['Approved', 'Denied']) {
    const [now, before] = [ofType(object, type), ofType(old, type)];
    if (now.length > before.length) yield refuse('add', type);
    else if (now.length === before.length && !equal(now, before)) yield refuse('modify', type);
  }
  if ((object.status?.certificate ?? '') === (old.status?.certificate ?? '')) return;
  if (!changes.mayIssue) yield forbidden('status.certificate', 'updates may not set certificate content');
  else if (old.status?.certificate) yield forbidden('status.certificate', 'updates may not modify existing certificate content');
}

function* validateCertificate(certificate: string | undefined): Errors {
  if (!certificate) return;
  const problem = certificateProblem(base64Text(certificate));
  if (problem !== undefined) yield invalid('status.certificate', '<certificate data>', problem);
}

/** Only the armour is looked at. */
function certificateProblem(pem: string): string | undefined {
  const blocks = [...pem.matchAll(/-----BEGIN ([^-\n]*)-----\s*?\n([\s\S]*?)-----END \1-----/g)];
  for (const [, type = '', body = ''] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${quote(type)}`;
    if (body.includes(':')) return 'no PEM block headers are permitted';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}
