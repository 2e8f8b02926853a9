/** Names of certificate signers, `example.com/path`, and of the trust bundles that carry them. */
import { invalid, required, tooLong } from '../field-errors.ts';
import { checkDnsSubdomain, checkHttpPath, nameIsDnsSubdomain } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { invalidFor } from './errors.ts';

/** What a signer's domain and path may have together. */
const maxLength = 571;

export function* validateSignerName(field: string, name: string): Errors {
  if (name === '') yield required(field);
  const [domain = '', ...rest] = name.split('/');
  if (rest.length !== 1) {
    yield invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    return;
  }
  const path = rest[0] ?? '';
  for (const problem of checkDnsSubdomain(domain)) {
    if (domain === '') break;
    yield invalid(field, domain, `validating label "${domain}": ${problem}`);
  }
  if (domain === '') yield invalid(field, domain, 'domain portion must not be empty');
  if (!domain.includes('.')) yield invalid(field, domain, 'should be a domain with at least two segments separated by dots');
  if (path === '') yield invalid(field, path, 'path portion must not be empty');
  for (const part of path.split('.')) yield* invalidFor(field, part, path === '' ? [] : checkDnsSubdomain(part));
  if (byteLength(name) > maxLength) yield tooLong(field, maxLength);
}

/** A bundle that belongs to a signer is named after it: `example.com:path:name`. */
export function* validateTrustBundleName(field: string, name: string): Errors {
  const own = name.includes(':') ? (name.split(':').at(-1) ?? '') : name;
  for (const problem of nameIsDnsSubdomain(own, false)) yield invalid(field, name, `not a valid clustertrustbundlename: ${problem}`);
}


/** A domain and a path, as `example.com/controller`. */
export function* validateHttpDomainPath(field: string, name: string): Errors {
  if (name === '') {
    yield required(field);
    return;
  }
  const [domain = '', ...rest] = name.split('/');
  const path = rest.join('/');
  if (rest.length === 0 || domain === '' || path === '') {
    yield invalid(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")');
    return;
  }
  yield* invalidFor(field, domain, checkDnsSubdomain(domain));
  for (const problem of checkHttpPath(path)) yield invalid(field, path, problem);
}
