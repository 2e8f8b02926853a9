/** What one write of a service takes out of the cluster's addresses and node ports, in earnest or as a dry run. */
import type { FieldError } from '../../api/field-error.ts';
import type { V1ServicePort } from '../../api/generated/types.ts';
import type { ServiceAddresses } from './service-addresses.ts';

/** Takes what a write asks for; `undo` gives it back where the write fails. */
export interface Transaction {
  /** Why the address cannot be had; undefined where it was taken. */
  takeAddress(address: string): FieldError | undefined;
  takeAnyAddress(): string | undefined;
  takePort(port: number, field: string): FieldError | undefined;
  takeAnyPort(): number | undefined;
  undo(): void;
}

export class StoredTransaction implements Transaction {
  readonly #addresses: ServiceAddresses;
  readonly #takenAddresses: string[] = [];
  readonly #takenPorts: V1ServicePort[] = [];

  constructor(addresses: ServiceAddresses) {
    this.#addresses = addresses;
  }

  takeAddress(address: string): FieldError | undefined {
    const problem = this.#addresses.takeAddress(address);
    if (problem === undefined) this.#takenAddresses.push(address);
    return problem;
  }

  takeAnyAddress(): string | undefined {
    const address = this.#addresses.takeAnyAddress();
    if (address !== undefined) this.#takenAddresses.push(address);
    return address;
  }

  takePort(port: number, field: string): FieldError | undefined {
    const problem = this.#addresses.takePort(port, field);
    if (problem === undefined) this.#takenPorts.push({ port: 0, nodePort: port });
    return problem;
  }

  takeAnyPort(): number | undefined {
    const port = this.#addresses.takeAnyPort();
    if (port !== undefined) this.#takenPorts.push({ port: 0, nodePort: port });
    return port;
  }

  undo(): void {
    this.#addresses.release({ spec: { clusterIPs: this.#takenAddresses, ports: this.#takenPorts } });
  }
}

/** A dry run takes nothing and answers with guesses, as Kubernetes does: an address of the range is always granted, free ports are counted up. */
export class DryRunTransaction implements Transaction {
  readonly #addresses: ServiceAddresses;
  readonly #ports: number[] = [];

  constructor(addresses: ServiceAddresses) {
    this.#addresses = addresses;
  }

  takeAddress(address: string): FieldError | undefined {
    return this.#addresses.outsideRange(address);
  }

  takeAnyAddress(): string | undefined {
    const address = this.#addresses.takeAnyAddress();
    if (address !== undefined) this.#addresses.release({ spec: { clusterIPs: [address] } });
    return address;
  }

  takePort(port: number, field: string): FieldError | undefined {
    const problem = this.#addresses.alreadyTaken(port, field, this.#ports);
    if (problem === undefined) this.#ports.push(port);
    return problem;
  }

  takeAnyPort(): number {
    const next = Math.max(...(this.#ports.length > 0 ? this.#ports : [32_768])) + 1;
    this.#ports.push(next);
    return next;
  }

  undo(): void {}
}
