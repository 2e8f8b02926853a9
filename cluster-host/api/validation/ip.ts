/** IP addresses and CIDRs in fields (k8s.io/apimachinery `util/validation/ip.go`). */
import ipaddr from 'ipaddr.js';
import { duplicate, invalid } from '../field-errors.ts';
import { quote } from '../text.ts';
import type { Errors } from './errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** As old API fields take them: leading zeros in IPv4 are let through. Undefined where it is no address. */
export function parseIp(text: string): Address | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const octets = text.split('.').map(Number);
    return octets.every((octet) => octet <= 255) ? new ipaddr.IPv4(octets) : undefined;
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text);
}

export interface Cidr {
  readonly address: Address;
  readonly prefix: number;
}

export function parseCidr(text: string): Cidr | undefined {
  const [host = '', length = '', ...rest] = text.split('/');
  const address = parseIp(host);
  if (address === undefined || rest.length > 0 || !/^\d+$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix <= bitsOf(address) ? { address, prefix } : undefined;
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

export function isIpv6(text: string): boolean {
  return text.includes(':');
}

function isMapped(address: Address): boolean {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress();
}

/** The address as Kubernetes writes it (RFC 5952). */
export function canonicalIp(address: Address): string {
  if (isMapped(address)) return (address as ipaddr.IPv6).toIPv4Address().toString();
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
}

const ipMessage = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const cidrMessage = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** An address in a field that has always been lenient. */
export function* validateIp(field: string, value: string): Errors {
  if (parseIp(value) === undefined) yield invalid(field, value, ipMessage);
}

export function* validateCidr(field: string, value: string): Errors {
  if (parseCidr(value) === undefined) yield invalid(field, value, cidrMessage);
}

function hasLeadingZeros(text: string): boolean {
  return /(?:^|[.:/])0\d/.test(text) && /^[\d./]+$/.test(text);
}

/** An address in a newer field: strict, and in canonical form. */
export function* validateStrictIp(field: string, value: string): Errors {
  const address = parseIp(value);
  if (address === undefined) yield invalid(field, value, ipMessage);
  else if (hasLeadingZeros(value)) yield invalid(field, value, 'must not have leading 0s');
  else if (isMapped(address)) yield invalid(field, value, 'must not be an IPv4-mapped IPv6 address');
  else if (canonicalIp(address) !== value) yield invalid(field, value, `must be in canonical form (${quote(canonicalIp(address))})`);
}

export function* validateStrictCidr(field: string, value: string): Errors {
  const cidr = parseCidr(value);
  if (cidr === undefined) yield invalid(field, value, cidrMessage);
  else if (hasLeadingZeros(value)) yield invalid(field, value, 'must not have leading 0s in IP or prefix length');
  else if (isMapped(cidr.address)) yield invalid(field, value, 'must not have an IPv4-mapped IPv6 address');
  else if (canonicalIp(networkOf(cidr)) !== canonicalIp(cidr.address)) yield invalid(field, value, 'must not have bits set beyond the prefix length');
  else {
    const canonical = `${canonicalIp(cidr.address)}/${cidr.prefix}`;
    if (canonical !== value) yield invalid(field, value, `must be in canonical form (${quote(canonical)})`);
  }
}

/** The address of an interface, with the length of its network's prefix. */
export function* validateInterfaceAddress(field: string, value: string): Errors {
  const cidr = parseCidr(value);
  if (cidr === undefined) {
    yield invalid(field, value, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)');
    return;
  }
  const canonical = `${canonicalIp(cidr.address)}/${cidr.prefix}`;
  if (canonical !== value) yield invalid(field, value, `must be in canonical form (${quote(canonical)})`);
}

/** The first address of a CIDR. */
export function networkOf({ address, prefix }: Cidr): Address {
  const bytes = address.toByteArray().map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff);
  return ipaddr.fromByteArray(bytes);
}

/** Whether every address of `inner` lies in `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.address.kind() !== inner.address.kind() || inner.prefix < outer.prefix) return false;
  return networkOf({ address: inner.address, prefix: outer.prefix }).toString() === networkOf(outer).toString();
}

/** Addresses that mean something to one node only and so cannot be endpoints or external addresses. */
export function* validateNonSpecialIp(field: string, value: string): Errors {
  const address = parseIp(value);
  if (address === undefined) {
    yield invalid(field, value, 'must be a valid IP address');
    return;
  }
  const range = address.range();
  if (value === '0.0.0.0' || range === 'unspecified') yield invalid(field, value, `may not be unspecified (${value})`);
  if (range === 'loopback') yield invalid(field, value, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (range === 'linkLocal') yield invalid(field, value, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (/^(?:224\.0\.0\.|ff[0-9a-f]2:)/i.test(value)) yield invalid(field, value, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

/** One address of each family at most, no address twice; `what` names them in the message. */
export function* validateDualStack(field: string, values: readonly string[], shown: readonly unknown[], what: 'IP' | 'CIDR'): Errors {
  if (values.length < 2) return;
  const families = new Set(values.map(isIpv6));
  if (families.size < 2 || values.length > 2) yield invalid(field, shown, `may specify no more than one ${what} for each IP family`);
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) < index) yield duplicate(`${field}[${index}]`, shown[index]);
  }
}
