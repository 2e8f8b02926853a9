/** Kubernetes' types of the network: URLs, IP addresses, CIDRs (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library). */
import ipaddr from 'ipaddr.js';
import { quote } from '../../text.ts';
import { canonicalIp } from '../../validation/ip.ts';
import { add, exactly, fixed, scale, scaled, traversal, traversing, unknownRange, type CostModel } from '../cost.ts';
import { kubernetesType, type FunctionRow } from '../functions.ts';
import { CelError, CelList, LiteralMap, sizeOfValue, type Opaque } from '../values.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

class CelUrl implements Opaque {
  readonly celType = kubernetesType('URL');
  readonly url: UrlParts;
  readonly costSize: number;
  constructor(url: UrlParts) {
    this.url = url;
    this.costSize = url.text.length;
  }
  equals(other: Opaque): boolean {
    return other instanceof CelUrl && other.url.text === this.url.text;
  }
}

interface UrlParts {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

/** Absolute, or a path from the root, as Go's `url.ParseRequestURI` takes it. */
function parseUrl(text: string): UrlParts | string {
  const problem = (why: string): string => `parse ${quote(text)}: ${why}`;
  if (text === '') return problem('empty url');
  if (/\p{Cc}/u.test(text)) return problem('net/url: invalid control character in URL');
  const [, scheme = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme === '' && !rest.startsWith('/')) return problem('invalid URI for request');
  const [, authority, pathAndQuery = ''] = /^(?:\/\/([^/?]*))?(.*)$/s.exec(rest) ?? [];
  const host = (authority ?? '').replace(/^.*@/, '');
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(pathAndQuery.split('?')[0] ?? '');
  if (badEscape !== null) return problem(`invalid URL escape ${quote(badEscape[0])}`);
  if (/[ "<>]/.test(host)) return problem(`invalid character ${quote(/[ "<>]/.exec(host)?.[0] ?? '')} in host name`);
  const [, bracketed, plain, port = ''] = /^(?:\[(.*)\]|([^:]*))(?::(.*))?$/.exec(host) ?? [];
  if (!/^\d*$/.test(port) || (bracketed === undefined && plain === undefined)) return problem(`invalid port ${quote(`:${host.replace(/^[^:]*:/, '')}`)} after host`);
  const [path = '', ...query] = pathAndQuery.split('?');
  return { text, scheme: scheme.toLowerCase(), host, hostname: bracketed ?? plain ?? '', port, path: escapedPath(path), query: query.join('?') };
}

function escapedPath(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9\-_.~!$&'()*+,;=:@/%[\]]/gu, (point) => encodeURIComponent(point));
}

function urlOf(text: string): CelUrl {
  const parsed = parseUrl(text);
  if (typeof parsed === 'string') throw new CelError(`URL parse error during conversion from string: ${parsed}`);
  return new CelUrl(parsed);
}

function queryOf({ url }: CelUrl): LiteralMap {
  const values = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(url.query)) values.set(key, [...(values.get(key) ?? []), value]);
  return new LiteralMap(Array.from(values, ([key, items]) => [key, new CelList(items)]));
}

class CelIp implements Opaque {
  readonly celType = kubernetesType('IP');
  readonly address: Address;
  readonly costSize: number;
  constructor(address: Address) {
    this.address = address;
    this.costSize = address.toByteArray().length;
  }
  equals(other: Opaque): boolean {
    return other instanceof CelIp && canonicalIp(other.address) === canonicalIp(this.address);
  }
}

/** Strictly: no leading zeros, no zones, no IPv4 in IPv6. The error is why not. */
function parseAddress(text: string): Address | string {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) && text.split('.').every((octet) => String(Number(octet)) === octet)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return `IP Address ${quote(text)} parse error during conversion from string: ParseAddr(${quote(text)}): ${addressProblem(text)}`;
  if (text.includes('%')) return `IP address ${quote(text)} with zone value is not allowed`;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? `IPv4-mapped IPv6 address ${quote(text)} is not allowed` : address;
}

function addressProblem(text: string): string {
  if (!/[.:]/.test(text)) return 'unable to parse IP';
  if (text.includes(':')) return `each colon-separated field must have at least one digit (at ${quote(text)})`;
  const octets = text.split('.');
  if (octets.some((octet) => octet.length > 1 && /^0\d+$/.test(octet))) return 'IPv4 field has octet with leading zero';
  const odd = /[^\d.]/.exec(text);
  if (odd !== null) return `unexpected character (at ${quote(text.slice(odd.index))})`;
  if (octets.some((octet) => Number(octet) > 255)) return 'IPv4 field has value >255';
  return octets.length > 4 ? 'IPv4 address too long' : 'IPv4 address too short';
}

function ipOf(text: string): CelIp {
  const address = parseAddress(text);
  if (typeof address === 'string') throw new CelError(address);
  return new CelIp(address);
}

class CelCidr implements Opaque {
  readonly celType = kubernetesType('CIDR');
  readonly address: Address;
  readonly prefix: number;
  readonly costSize: number;
  constructor(address: Address, prefix: number) {
    this.address = address;
    this.prefix = prefix;
    this.costSize = Math.ceil(prefix / 8);
  }
  equals(other: Opaque): boolean {
    return other instanceof CelCidr && other.prefix === this.prefix && canonicalIp(other.address) === canonicalIp(this.address);
  }
  contains(address: Address): boolean {
    return address.kind() === this.address.kind() && maskedBytes(address, this.prefix).every((byte, index) => byte === maskedBytes(this.address, this.prefix)[index]);
  }
}

function maskedBytes(address: Address, prefix: number): number[] {
  return address.toByteArray().map((byte, index) => byte & (0xff00 >> Math.min(Math.max(prefix - index * 8, 0), 8)) & 0xff);
}

function parseCidr(text: string): CelCidr | string {
  const problem = (why: string): string => `network address parse error during conversion from string: netip.ParsePrefix(${quote(text)}): ${why}`;
  const slash = text.lastIndexOf('/');
  if (slash < 0) return problem("no '/'");
  const address = parseAddress(text.slice(0, slash));
  if (typeof address === 'string') return address.startsWith('IPv4-mapped') ? `IPv4-mapped IPv6 address ${quote(text)} is not allowed` : problem(address.replace(/^.*conversion from string: /, ''));
  const bits = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return problem(`bad bits after slash: ${quote(bits)}`);
  return Number(bits) > address.toByteArray().length * 8 ? problem('prefix length out of range') : new CelCidr(address, Number(bits));
}

function cidrOf(text: string): CelCidr {
  const cidr = parseCidr(text);
  if (typeof cidr === 'string') throw new CelError(`network address parse error during conversion from string: ${cidr}`);
  return cidr;
}

function masked({ address, prefix }: CelCidr): CelCidr {
  return new CelCidr(ipaddr.fromByteArray(maskedBytes(address, prefix)), prefix);
}

const containsCidr = (outer: CelCidr, inner: CelCidr): boolean => inner.prefix >= outer.prefix && outer.contains(inner.address);

const first = (bytes: readonly number[], ...expected: readonly number[]): boolean => expected.every((byte, index) => bytes[index] === byte);
const isIpv4 = (address: Address): boolean => address.kind() === 'ipv4';
const isUnspecified = (bytes: readonly number[]): boolean => bytes.every((byte) => byte === 0);
const isLoopback = (bytes: readonly number[]): boolean => (bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0)));
const isMulticast = (bytes: readonly number[]): boolean => (bytes.length === 4 ? ((bytes[0] ?? 0) & 0xf0) === 0xe0 : bytes[0] === 0xff);
const isLinkLocalMulticast = (bytes: readonly number[]): boolean => (bytes.length === 4 ? first(bytes, 224, 0, 0) : bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x0f) === 0x02);
const isLinkLocalUnicast = (bytes: readonly number[]): boolean => (bytes.length === 4 ? first(bytes, 169, 254) : bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80);
const isGlobalUnicast = (bytes: readonly number[]): boolean =>
  !isUnspecified(bytes) && !isLoopback(bytes) && !isMulticast(bytes) && !isLinkLocalUnicast(bytes) && !(bytes.length === 4 && bytes.every((byte) => byte === 255));
const ofBytes = (holds: (bytes: readonly number[]) => boolean) => ({ address }: CelIp): boolean => holds(address.toByteArray());

const parsing = traversing(0);
const addressBytes = { min: 4, max: 16 };

/** Bytes are held against each other; a text is parsed first. */
function holding(isText: boolean, isCidr: boolean): CostModel {
  return {
    actual([cidr, other]) {
      const size = sizeOfValue(cidr);
      return scaled(size * 2, traversal) + (isCidr ? scaled(size, traversal) + 1 : 0) + (isText ? scaled(sizeOfValue(other), traversal) : 0);
    },
    estimate([, other]) {
      const parts = [scale(add(addressBytes, addressBytes), traversal)];
      if (isCidr) parts.push(scale(addressBytes, traversal), exactly(1));
      if (isText) parts.push(scale(other?.size ?? unknownRange, traversal));
      return { cost: add(...parts) };
    },
  };
}

export const network: readonly FunctionRow[] = [
  ['url(string): URL', urlOf, traversing(0, traversal, (size) => size)],
  ['URL.getScheme(): string', ({ url }: CelUrl) => url.scheme],
  ['URL.getHost(): string', ({ url }: CelUrl) => url.host],
  ['URL.getHostname(): string', ({ url }: CelUrl) => url.hostname],
  ['URL.getPort(): string', ({ url }: CelUrl) => url.port],
  ['URL.getEscapedPath(): string', ({ url }: CelUrl) => url.path],
  ['URL.getQuery(): map<string, list<string>>', queryOf],
  ['isURL(string): bool', (text: string) => typeof parseUrl(text) !== 'string'],
  ['ip(string): IP', ipOf, parsing],
  ['CIDR.ip(): IP', ({ address }: CelCidr) => new CelIp(address), fixed(1)],
  ['IP.family(): int', ({ address }: CelIp) => (isIpv4(address) ? 4n : 6n)],
  ['ip.isCanonical(string): bool', (text: string) => canonicalIp(ipOf(text).address) === text, traversing(0, 2 * traversal)],
  ['IP.isUnspecified(): bool', ofBytes(isUnspecified)],
  ['IP.isLoopback(): bool', ofBytes(isLoopback)],
  ['IP.isLinkLocalMulticast(): bool', ofBytes(isLinkLocalMulticast)],
  ['IP.isLinkLocalUnicast(): bool', ofBytes(isLinkLocalUnicast)],
  ['IP.isGlobalUnicast(): bool', ofBytes(isGlobalUnicast)],
  ['isIP(string): bool', (text: string) => typeof parseAddress(text) !== 'string', parsing],
  ['string(IP): string', ({ address }: CelIp) => canonicalIp(address)],
  ['cidr(string): CIDR', cidrOf, parsing],
  ['CIDR.containsIP(string): bool', (cidr: CelCidr, text: string) => cidr.contains(ipOf(text).address), holding(true, false)],
  ['CIDR.containsIP(IP): bool', (cidr: CelCidr, { address }: CelIp) => cidr.contains(address), holding(false, false)],
  ['CIDR.containsCIDR(string): bool', (cidr: CelCidr, text: string) => containsCidr(cidr, cidrOf(text)), holding(true, true)],
  ['CIDR.containsCIDR(CIDR): bool', containsCidr, holding(false, true)],
  ['CIDR.prefixLength(): int', ({ prefix }: CelCidr) => BigInt(prefix)],
  ['CIDR.masked(): CIDR', masked],
  ['isCIDR(string): bool', (text: string) => typeof parseCidr(text) !== 'string', parsing],
  ['string(CIDR): string', ({ address, prefix }: CelCidr) => `${canonicalIp(address)}/${prefix}`],
];

/** Nothing, or what is wrong with the URL. */
export function urlProblems(text: string): readonly string[] {
  const parsed = parseUrl(text);
  return typeof parsed === 'string' ? [parsed] : [];
}
