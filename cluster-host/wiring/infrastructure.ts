/** What the nodes of a cluster stand on: a container runtime, a network, and the services that the host gives to pods. */
import type { NetworkActions } from '../kubelet/probes/probe-actions.ts';
import type { ContainerRuntime } from '../kubelet/runtime/runtime.ts';
import type { InProcessServer } from '../client/in-process-transport.ts';

/** How pods reach the host. */
export interface HostAddress {
  /** The gateway of the pod network. */
  readonly ip: string;
  readonly apiPort: number;
  readonly dnsPort: number;
}

export interface Infrastructure {
  readonly runtime: ContainerRuntime;
  /** How probes reach pods where they have no network that packets take. */
  readonly probes?: NetworkActions;
  /** The address of the host on the pod network; undefined where there is no such network. */
  readonly gateway: string | undefined;
  /** Address of the nth node, from 0. */
  nodeAddress(index: number): string;
  /** Starts DNS; resolves with its port on the gateway. */
  startDns(server: InProcessServer): Promise<number>;
  /** Brings the rules of services in force and keeps them so. Resolves when those of the start are. */
  startProxy(server: InProcessServer): Promise<void>;
  /** References of the images at hand. */
  images(): Promise<readonly string[]>;
  /** Lets go of the engine. With `stop`, the rules of services are taken back too; containers are the nodes' business. */
  stop(mode: 'stop' | 'leave'): Promise<void>;
}
