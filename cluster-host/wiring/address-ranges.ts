/** Which address ranges a new cluster takes on an engine that may hold other networks, and other clusters, already. */
import type { Engine } from '../engine/engine.ts';

export interface AddressRanges {
  /** Addresses of pods; its first /24 is for nodes. */
  readonly clusterCidr: string;
  readonly serviceCidr: string;
}

/** In order of preference. Service ranges go with their cluster's: virtual addresses of two clusters on one engine must differ too. */
const candidates: readonly AddressRanges[] = Array.from({ length: 16 }, (_, index) => ({
  clusterCidr: `10.${244 - index}.0.0/16`,
  serviceCidr: `10.${96 + index}.0.0/16`,
}));

/** What a cluster takes where no engine has a say. */
export const preferredRanges: AddressRanges = { clusterCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' };

interface Range {
  readonly first: number;
  readonly last: number;
}

function rangeOf(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  const size = 2 ** (32 - bits);
  const first = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether two IPv4 ranges share an address; what is no IPv4 range shares none. */
export function overlap(one: string, other: string): boolean {
  const [left, right] = [rangeOf(one), rangeOf(other)];
  return left !== undefined && right !== undefined && left.first <= right.last && right.first <= left.last;
}

/** The first pair that no subnet in use touches; undefined when all are taken. */
export function chooseAddressRanges(subnetsInUse: readonly string[]): AddressRanges | undefined {
  return candidates.find(({ clusterCidr, serviceCidr }) => !subnetsInUse.some((subnet) => overlap(subnet, clusterCidr) || overlap(subnet, serviceCidr)));
}

export async function subnetsOf(engine: Engine): Promise<readonly string[]> {
  const networks = await engine.call<{ readonly IPAM?: { readonly Config?: { readonly Subnet?: string }[] | null } }[]>('GET', '/networks');
  return networks.flatMap((network) => (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])));
}
