/**
 * What the service proxy wants of the network, as plain data (kubernetes.io/docs/reference/networking/virtual-ips).
 *
 * A frontend is an address that services answer on; it leads to a balancer, which leads to endpoints. Cluster IPs, external
 * IPs, node ports on each node's address and on loopback, and host ports of pods are all frontends.
 */

export type Protocol = 'tcp' | 'udp' | 'sctp';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

export interface Balancer {
  /** `default/web/tcp/http`; stays the same while the service port does. */
  readonly name: string;
  readonly protocol: Protocol;
  /** In order of address; each gets an equal share of the connections. */
  readonly endpoints: readonly Endpoint[];
  /** Clients of other address ranges are dropped; left out: all may come. */
  readonly sources?: readonly string[];
  /** Session affinity by client address, in seconds after the last connection. */
  readonly affinitySeconds?: number;
  /** Pods of these address ranges have endpoints of their own (traffic policy Local); none means that what they send is dropped. */
  readonly bySource?: readonly { readonly cidr: string; readonly endpoints: readonly Endpoint[] }[];
}

export interface Frontend {
  readonly ip: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Name of a balancer; undefined refuses the connection: the service has no endpoints. */
  readonly balancer: string | undefined;
}

export interface Rules {
  /** Addresses of the cluster's nodes, which the backend keeps on the pod network's bridge. */
  readonly nodeAddresses: readonly string[];
  readonly balancers: readonly Balancer[];
  readonly frontends: readonly Frontend[];
}

export const noRules: Rules = { nodeAddresses: [], balancers: [], frontends: [] };
