/** Cuts the cluster's IPv4 range into one range a node, and remembers which are taken. */
import ipaddr from 'ipaddr.js';

export class SubnetPool {
  readonly #base: number;
  readonly #size: number;
  readonly #count: number;
  readonly #taken = new Set<number>();
  /** Where to look on: below it lies at most what was given back since. */
  #next = 0;

  /** `size`: 24 for ranges of 256 addresses. */
  constructor(clusterCidr: string, size: number) {
    const [address, prefix] = ipaddr.IPv4.parseCIDR(clusterCidr);
    this.#base = (toNumber(address) & (prefix === 0 ? 0 : -1 << (32 - prefix))) >>> 0;
    this.#size = size;
    this.#count = prefix > size ? 0 : 2 ** (size - prefix);
  }

  /** Marks a range as taken; every one of the pool's that it touches. What lies outside is no matter. */
  take(cidr: string): void {
    for (const index of this.#indexesOf(cidr)) this.#taken.add(index);
  }

  giveBack(cidr: string): void {
    for (const index of this.#indexesOf(cidr)) this.#taken.delete(index);
  }

  /** Takes the next free range, going round; undefined when all are taken. */
  allocate(): string | undefined {
    for (let tried = 0; tried < this.#count; tried++) {
      const index = (this.#next + tried) % this.#count;
      if (this.#taken.has(index)) continue;
      this.#taken.add(index);
      this.#next = (index + 1) % this.#count;
      return `${toText(this.#base + index * 2 ** (32 - this.#size))}/${this.#size}`;
    }
    return undefined;
  }

  *#indexesOf(cidr: string): Generator<number> {
    if (!ipaddr.IPv4.isValidCIDR(cidr)) return;
    const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
    const step = 2 ** (32 - this.#size);
    const start = toNumber(address) - (toNumber(address) % 2 ** (32 - prefix));
    const first = Math.max(0, Math.floor((start - this.#base) / step));
    const last = Math.min(this.#count - 1, Math.floor((start + 2 ** (32 - prefix) - 1 - this.#base) / step));
    for (let index = first; index <= last; index++) yield index;
  }
}

function toNumber({ octets }: ipaddr.IPv4): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
