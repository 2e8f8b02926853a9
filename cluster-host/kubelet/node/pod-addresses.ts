/** Addresses for the pods of a node out of its range; taken in turn, so that one that was given back rests a while. */

export class PodAddresses {
  #first = 0;
  #count = 0;
  #next = 0;
  readonly #taken = new Map<number, string>();

  /** `10.244.1.0/24`. The network's, the first (a gateway) and the last address are never given. */
  useRange(cidr: string): void {
    const [address = '', bits = ''] = cidr.split('/');
    const size = 2 ** (32 - Number(bits));
    this.#first = numberOf(address) + 2;
    this.#count = size - 3;
    for (const number of this.#taken.keys()) this.#next = Math.max(this.#next, number - this.#first + 1);
  }

  get ready(): boolean {
    return this.#count > 0;
  }

  /** An address for the pod, the same again while it holds one; undefined when all are taken. */
  take(uid: string): string | undefined {
    for (const [number, owner] of this.#taken) if (owner === uid) return textOf(number);
    for (let tries = 0; tries < this.#count; tries++) {
      const number = this.#first + (this.#next++ % this.#count);
      if (this.#taken.has(number)) continue;
      this.#taken.set(number, uid);
      return textOf(number);
    }
    return undefined;
  }

  /** Notes an address that a pod had before the host started; comes before `useRange`. */
  adopt(uid: string, address: string): void {
    this.#taken.set(numberOf(address), uid);
  }

  release(uid: string): void {
    for (const [number, owner] of this.#taken) if (owner === uid) this.#taken.delete(number);
  }
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}
