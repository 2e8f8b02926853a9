/** Resolver settings of pods. */
import { invalid, required } from '../field-errors.ts';
import type { V1PodDNSConfig } from '../generated/types.ts';
import { checkDnsSubdomainWithUnderscore } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { invalidFor } from './errors.ts';
import { validateIp } from './ip.ts';

const maxNameservers = 3;
const maxSearches = 32;
const maxSearchLength = 2048;

export function* validateDnsConfig(config: V1PodDNSConfig | undefined, policy: string | undefined, field: string): Errors {
  const { nameservers = [], searches = [], options = [] } = config ?? {};
  if (policy === 'None') {
    if (config === undefined) {
      yield required(field, 'must provide `dnsConfig` when `dnsPolicy` is None');
      return;
    }
    if (nameservers.length === 0) {
      yield required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
      return;
    }
  }
  if (nameservers.length > maxNameservers) yield invalid(`${field}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`);
  for (const [index, server] of nameservers.entries()) yield* validateIp(`${field}.nameservers[${index}]`, server);
  if (searches.length > maxSearches) yield invalid(`${field}.searches`, searches, `must not have more than ${maxSearches} search paths`);
  if (byteLength(searches.join(' ')) > maxSearchLength) {
    yield invalid(`${field}.searches`, searches, `must not have more than ${maxSearchLength} characters (including spaces) in the search list`);
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const domain = search.replace(/\.$/, '');
    yield* invalidFor(`${field}.searches[${index}]`, domain, checkDnsSubdomainWithUnderscore(domain));
  }
  for (const [index, { name }] of options.entries()) if (!name) yield required(`${field}.options[${index}]`, 'must not be empty');
}
