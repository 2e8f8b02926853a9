/** Cluster IPs and IP families of services, and how they may change between single and dual stack. */
import { duplicate, invalid, notSupported, required } from '../field-errors.ts';
import type { V1ServiceSpec } from '../generated/types.ts';
import type { Errors } from './errors.ts';
import { optionalOneOf } from './errors.ts';
import { isIpv6, validateIp } from './ip.ts';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const field = 'spec.clusterIPs';

export function* validateClusterIps(spec: V1ServiceSpec): Errors {
  if (spec.type === 'ExternalName') return;
  const addresses = spec.clusterIPs ?? [];
  yield* validateClusterIp(spec.clusterIP ?? '', addresses);
  yield* validateFamilies(spec.ipFamilies ?? []);
  yield* optionalOneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, policies);
  const wrong = [...validateAddresses(addresses)];
  yield* wrong;
  if (addresses.length > 2) yield invalid(field, addresses, 'may only hold up to 2 values');
  if (wrong.length > 0) return;
  if (addresses.length > 1 && new Set(addresses.map(isIpv6)).size < 2) yield invalid(field, addresses, 'may specify no more than one IP for each IP family');
  if (addresses[0] !== 'None') yield* validateFamilyMatch(addresses, spec.ipFamilies ?? []);
}

function* validateClusterIp(clusterIP: string, addresses: readonly string[]): Errors {
  if (clusterIP === '') {
    if (addresses.length > 0) yield invalid(field, addresses, 'must be empty when `clusterIP` is not specified');
  } else if (addresses.length === 0) {
    yield required(field);
  } else if (addresses[0] !== clusterIP) {
    yield invalid(field, addresses, 'first value must match `clusterIP`');
  }
}

function* validateFamilies(given: readonly string[]): Errors {
  for (const [index, family] of given.entries()) {
    const at = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) yield notSupported(at, family, families);
    if (given.indexOf(family) < index) yield duplicate(at, family);
  }
}

function* validateAddresses(addresses: readonly string[]): Errors {
  for (const [index, address] of addresses.entries()) {
    if (index > 0 || address !== 'None') yield* validateIp(`${field}[${index}]`, address);
    else if (addresses.length > 1) yield invalid(field, addresses, "'None' must be the first and only value");
  }
}

function* validateFamilyMatch(addresses: readonly string[], given: readonly string[]): Errors {
  for (const [index, address] of addresses.entries()) {
    const family = given[index];
    if (family === undefined || !families.includes(family) || isIpv6(address) === (family === 'IPv6')) continue;
    yield invalid(`${field}[${index}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``);
  }
}

/** Primary addresses and families stay; secondary ones may come, and go with the policy's leave. */
export function* validateAddressUpdate(spec: V1ServiceSpec, old: V1ServiceSpec): Errors {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return;
  const headless = spec.clusterIPs?.[0] === 'None';
  const wasHeadless = old.clusterIPs?.[0] === 'None';
  if (!(headless && wasHeadless)) {
    yield* validateListUpdate(spec.clusterIPs ?? [], old.clusterIPs ?? [], spec, { list: 'clusterIPs', one: 'clusterIP' });
  }
  if (!headless && !wasHeadless) yield* validateListUpdate(spec.ipFamilies ?? [], old.ipFamilies ?? [], spec, { list: 'ipFamilies', one: 'ipFamily' });
}

interface ListNames {
  readonly list: 'clusterIPs' | 'ipFamilies';
  readonly one: string;
}

function* validateListUpdate(values: readonly string[], old: readonly string[], spec: V1ServiceSpec, { list, one }: ListNames): Errors {
  const at = (index: number): string => `spec.${list}[${list === 'clusterIPs' ? index : 0}]`;
  const changed = 'may not change once set';
  if (values.length === old.length) {
    for (const [index, value] of old.entries()) if (value !== values[index]) yield invalid(at(index), values, changed);
    return;
  }
  if (old.length > values.length && (spec.clusterIPs ?? []).length === 0) yield invalid(at(0), values, `primary ${one} can not be unset`);
  if (old.length > 0 && values.length > 0 && values[0] !== old[0]) yield invalid(at(0), values, changed);
  if (old.length > values.length && values.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    yield invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, `must be set to 'SingleStack' when releasing the secondary ${one}`);
  }
}
