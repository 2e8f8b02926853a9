/** Cuts the cluster's pod range into one range a node. Pure. */
import ipaddr from 'ipaddr.js';

/** The lowest subnet of `size` (24: a /24) inside the cluster's IPv4 range that is not taken; undefined when the range is used up. */
export function freeSubnet(clusterCidr: string, size: number, taken: Iterable<string>): string | undefined {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(clusterCidr);
  const base = toNumber(address) & (prefix === 0 ? 0 : -1 << (32 - prefix));
  const used = new Set(taken);
  for (let index = 0; index < 2 ** (size - prefix); index++) {
    const subnet = `${toText((base + index * 2 ** (32 - size)) >>> 0)}/${size}`;
    if (!used.has(subnet)) return subnet;
  }
  return undefined;
}

function toNumber({ octets }: ipaddr.IPv4): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
