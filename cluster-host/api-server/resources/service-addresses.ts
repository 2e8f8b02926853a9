/** The cluster addresses and node ports of services: what is taken, and by whom it may be taken. */
import { invalid as invalidField } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { V1Service } from '../../api/generated/types.ts';
import type { Random } from '../../platform/platform.ts';
import { NumberPool } from './number-pool.ts';

export interface ServiceRanges {
  /** IPv4, as `10.96.0.0/16`. */
  readonly serviceCidr: string;
  readonly nodePortRange: readonly [number, number];
}

export class ServiceAddresses {
  readonly #addresses: NumberPool;
  readonly #ports: NumberPool;
  readonly #ranges: ServiceRanges;

  constructor(ranges: ServiceRanges, random: Random) {
    const { first, last } = rangeOf(ranges.serviceCidr);
    // The network's own address and the broadcast address are nobody's.
    this.#addresses = new NumberPool(first + 1, last - 1, random);
    this.#ports = new NumberPool(...ranges.nodePortRange, random);
    this.#ranges = ranges;
  }

  /** Marks what a service has as taken. */
  adopt(service: V1Service): void {
    for (const address of addressesOf(service)) this.#addresses.take(addressNumber(address) ?? 0);
    for (const port of nodePortsOf(service)) this.#ports.take(port);
  }

  release(service: V1Service): void {
    for (const address of addressesOf(service)) this.#addresses.release(addressNumber(address) ?? 0);
    for (const port of nodePortsOf(service)) this.#ports.release(port);
  }

  /** Takes the address; why not, where that is not possible. */
  takeAddress(address: string): FieldError | undefined {
    return this.outsideRange(address) ?? (this.#addresses.take(addressNumber(address) ?? 0) ? undefined : refusedAddress(address, 'provided IP is already allocated'));
  }

  outsideRange(address: string): FieldError | undefined {
    const value = addressNumber(address);
    if (value !== undefined && this.#addresses.contains(value)) return undefined;
    return refusedAddress(address, `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${this.#ranges.serviceCidr}`);
  }

  takeAnyAddress(): string | undefined {
    const value = this.#addresses.takeAny();
    return value === undefined ? undefined : addressText(value);
  }

  takePort(port: number, field: string): FieldError | undefined {
    if (!this.#ports.contains(port)) return invalidField(field, port, `provided port is not in the valid range. The range of valid ports is ${this.#ranges.nodePortRange.join('-')}`);
    return this.#ports.take(port) ? undefined : portTaken(port, field);
  }

  /** Whether somebody, or one of `others`, has the port. */
  alreadyTaken(port: number, field: string, others: readonly number[]): FieldError | undefined {
    return this.#ports.has(port) || others.includes(port) ? portTaken(port, field) : undefined;
  }

  takeAnyPort(): number | undefined {
    return this.#ports.takeAny();
  }
}

function refusedAddress(address: string, why: string): FieldError {
  return invalidField('spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`);
}

function portTaken(port: number, field: string): FieldError {
  return invalidField(field, port, 'provided port is already allocated');
}

export function addressesOf({ spec }: V1Service): readonly string[] {
  return (spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP])).filter((address) => address !== '' && address !== 'None');
}

export function nodePortsOf({ spec }: V1Service): readonly number[] {
  const ports = (spec?.ports ?? []).map(({ nodePort = 0 }) => nodePort);
  return [...new Set([...ports, spec?.healthCheckNodePort ?? 0])].filter((port) => port !== 0);
}

/** The first address of the range that a service can have: that of `kubernetes.default`. */
export function firstAddress(serviceCidr: string): string {
  return addressText(rangeOf(serviceCidr).first + 1);
}

function rangeOf(cidr: string): { readonly first: number; readonly last: number } {
  const [address = '', bits = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const value = addressNumber(address);
  if (value === undefined || !Number.isInteger(size)) throw new Error(`${cidr} is no IPv4 range`);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

function addressNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((value, part) => value * 256 + part, 0);
}

function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
