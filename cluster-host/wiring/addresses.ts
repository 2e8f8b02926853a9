/** Counting through an IPv4 range. */

/** The nth address of a range: `10.96.0.0/16`, 1 → `10.96.0.1`. */
export function addressIn(cidr: string, index: number): string {
  const parts = (cidr.split('/')[0] ?? '').split('.').map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0) + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** The first address of the cluster's range that is a node's; those before are the network's own. */
export const firstNodeIndex = 11;
/** The part of the cluster's range that holds the nodes' addresses, and so no pod's. */
export function nodeRange(clusterCidr: string): string {
  return `${addressIn(clusterCidr, 0)}/24`;
}

/** Where DNS is found in the service range. */
export const dnsIndex = 10;
