/** Which addresses lie in which ranges. Pure. */
import ipaddr from 'ipaddr.js';
import type { V1IPAddress, V1Service, V1ServiceCIDR } from '../../api/generated/types.ts';

export const familyLabel = 'ipaddress.kubernetes.io/ip-family';
export const managedByLabel = 'ipaddress.kubernetes.io/managed-by';
export const manager = 'ipallocator.k8s.io';

/** Whether any of these addresses lies in the range, and in no other one. */
export function isNeeded(range: V1ServiceCIDR, others: readonly V1ServiceCIDR[], addresses: readonly V1IPAddress[]): boolean {
  const elsewhere = others.filter(({ metadata }) => metadata?.deletionTimestamp === undefined && metadata?.uid !== range.metadata?.uid);
  return addresses.some(({ metadata }) => covers(range, metadata?.name ?? '') && !elsewhere.some((other) => covers(other, metadata?.name ?? '')));
}

function covers({ spec }: V1ServiceCIDR, address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return (spec?.cidrs ?? []).some((cidr) => {
    if (!ipaddr.isValidCIDR(cidr)) return false;
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === parsed.kind() && parsed.match(network as ipaddr.IPv4, bits);
  });
}

/** The addresses that services hold, an object each. */
export function addressesOf(services: readonly V1Service[]): ReadonlyMap<string, V1IPAddress> {
  return new Map(
    services.flatMap(({ metadata, spec }) => {
      const ips = (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).filter((ip) => ip !== '' && ip !== 'None');
      return ips.map((ip): [string, V1IPAddress] => [ip, addressObject(ip, metadata?.namespace ?? '', metadata?.name ?? '')]);
    }),
  );
}

function addressObject(ip: string, namespace: string, name: string): V1IPAddress {
  const labels = { [familyLabel]: ip.includes(':') ? 'IPv6' : 'IPv4', [managedByLabel]: manager };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: ip, labels }, spec: { parentRef: { resource: 'services', namespace, name } } };
}
