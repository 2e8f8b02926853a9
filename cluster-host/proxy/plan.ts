/** From Services, EndpointSlices, Nodes and Pods to rules. Pure. */
import type { V1EndpointSlice, V1Node, V1Pod, V1Service, V1ServicePort } from '../api/generated/types.ts';
import { keyOf } from '../api/object.ts';
import { endpointsOfPort, hinted, onNode, usable, type ServiceEndpoint } from './endpoints.ts';
import type { Balancer, Endpoint, Frontend, Protocol, Rules } from './rules.ts';

export interface ClusterState {
  readonly services: readonly V1Service[];
  /** The slices of a service. */
  slicesOf(service: V1Service): readonly V1EndpointSlice[];
  readonly nodes: readonly V1Node[];
  /** Pods that ask for ports of their node. */
  readonly podsWithHostPorts: readonly V1Pod[];
}

interface NodePlace {
  readonly name: string;
  readonly address: string;
  readonly podCidr: string | undefined;
  readonly zone: string | undefined;
}

const loopback = '127.0.0.1';
const protocols: Readonly<Record<string, Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

export function planRules(state: ClusterState): Rules {
  const nodes = state.nodes.flatMap(placeOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rules = new RuleSet();
  for (const service of state.services.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    if (!hasClusterIp(service) || isOthers(service)) continue;
    const slices = state.slicesOf(service);
    for (const port of service.spec?.ports ?? []) planPort(rules, nodes, service, port, slices);
  }
  for (const pod of state.podsWithHostPorts) planHostPorts(rules, nodes, pod);
  return { nodeAddresses: nodes.map(({ address }) => address), balancers: rules.balancers, frontends: rules.frontends };
}

/** Gathers frontends and balancers. The first to claim an address and port keeps it. */
class RuleSet {
  readonly balancers: Balancer[] = [];
  readonly frontends: Frontend[] = [];
  readonly #claimed = new Set<string>();

  /** Adds a balancer unless it could lead nowhere; the name to refer to it, or undefined. */
  balancer(balancer: Balancer): string | undefined {
    if (balancer.endpoints.length === 0) return undefined;
    this.balancers.push(balancer);
    return balancer.name;
  }

  frontend(ip: string, protocol: Protocol, port: number, balancer: string | undefined): void {
    const claim = `${ip} ${protocol} ${port}`;
    if (this.#claimed.has(claim)) return;
    this.#claimed.add(claim);
    this.frontends.push({ ip, protocol, port, balancer });
  }
}

function placeOf(node: V1Node): readonly NodePlace[] {
  const address = node.status?.addresses?.find(({ type, address }) => type === 'InternalIP' && isIPv4(address))?.address;
  return address === undefined ? [] : [{ name: node.metadata?.name ?? '', address, podCidr: node.spec?.podCIDR, zone: node.metadata?.labels?.['topology.kubernetes.io/zone'] }];
}

function isIPv4(address: string | undefined): address is string {
  return address !== undefined && /^\d+\.\d+\.\d+\.\d+$/.test(address);
}

/** Services that name another proxy, or say that none is wanted (https://kubernetes.io/docs/reference/labels-annotations-taints/#servicekubernetesioservice-proxy-name). */
function isOthers({ metadata }: V1Service): boolean {
  return ['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'].some((label) => metadata?.labels?.[label] !== undefined);
}

/** Headless services and those of type ExternalName are for DNS alone. */
function hasClusterIp({ spec }: V1Service): boolean {
  return spec?.type !== 'ExternalName' && isIPv4(spec?.clusterIP);
}

function planPort(rules: RuleSet, nodes: readonly NodePlace[], service: V1Service, port: V1ServicePort, slices: readonly V1EndpointSlice[]): void {
  const { spec = {}, status } = service;
  const protocol = protocols[port.protocol ?? 'TCP'];
  if (protocol === undefined) return;
  const endpoints = endpointsOfPort(slices, port.name ?? '', port.protocol ?? 'TCP');
  const name = [keyOf(service), protocol, port.name ?? String(port.port)].join('/');
  const affinity = affinityOf(service);
  const balance = (suffix: string, chosen: readonly Endpoint[], limits: Pick<Balancer, 'bySource' | 'sources'> = {}): string | undefined =>
    rules.balancer({ name: name + suffix, protocol, endpoints: chosen, ...(affinity !== undefined && { affinitySeconds: affinity }), ...limits });

  const everywhere = balance('', usable(endpoints));
  const nearby = spec.internalTrafficPolicy === 'Local' ? perNode(nodes, endpoints) : byHints(nodes, endpoints);
  const internal = nearby.length === 0 ? everywhere : balance('/internal', usable(endpoints), { bySource: nearby });
  for (const ip of spec.clusterIPs ?? [spec.clusterIP]) if (isIPv4(ip)) rules.frontend(ip, protocol, port.port, internal);

  // From inside the cluster an external address is as good as the cluster IP: all endpoints serve it, whatever the policy.
  for (const ip of spec.externalIPs ?? []) if (isIPv4(ip)) rules.frontend(ip, protocol, port.port, everywhere);
  const ingress = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode }) => ipMode !== 'Proxy').map(({ ip }) => ip);
  const sources = spec.loadBalancerSourceRanges ?? [];
  const balanced = sources.length === 0 ? everywhere : balance('/loadbalancer', usable(endpoints), { sources });
  for (const ip of ingress) if (isIPv4(ip)) rules.frontend(ip, protocol, port.port, balanced);

  if (port.nodePort === undefined || port.nodePort === 0) return;
  for (const node of nodes) {
    const local = spec.externalTrafficPolicy === 'Local';
    rules.frontend(node.address, protocol, port.nodePort, local ? balance(`/on/${node.name}`, usable(onNode(endpoints, node.name))) : everywhere);
  }
  rules.frontend(loopback, protocol, port.nodePort, everywhere);
}

function perNode(nodes: readonly NodePlace[], endpoints: readonly ServiceEndpoint[]): NonNullable<Balancer['bySource']> {
  return nodes.flatMap(({ name, podCidr }) => (podCidr === undefined ? [] : [{ cidr: podCidr, endpoints: usable(onNode(endpoints, name)) }]));
}

/** Nodes whose traffic the slices want to keep near; the others' goes everywhere. */
function byHints(nodes: readonly NodePlace[], endpoints: readonly ServiceEndpoint[]): NonNullable<Balancer['bySource']> {
  return nodes.flatMap(({ name, podCidr, zone }) => {
    const chosen = podCidr === undefined ? undefined : hinted(endpoints, name, zone);
    return chosen === undefined || podCidr === undefined ? [] : [{ cidr: podCidr, endpoints: usable(chosen) }];
  });
}

function affinityOf({ spec }: V1Service): number | undefined {
  return spec?.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined;
}

/** A pod's host ports are open on its node's address, and on loopback where it asks for that. */
function planHostPorts(rules: RuleSet, nodes: readonly NodePlace[], pod: V1Pod): void {
  const { spec, status } = pod;
  const node = nodes.find(({ name }) => name === spec?.nodeName);
  const ip = status?.podIP;
  if (node === undefined || !isIPv4(ip) || spec?.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return;
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    for (const { hostPort = 0, hostIP = '', containerPort, protocol: name = 'TCP' } of container.ports ?? []) {
      const protocol = protocols[name];
      if (hostPort === 0 || protocol === undefined) continue;
      const addresses = hostIP === '' || hostIP === '0.0.0.0' ? [node.address, loopback] : [hostIP];
      const balancer = rules.balancer({ name: `${keyOf(pod)}/hostport/${protocol}/${hostPort}`, protocol, endpoints: [{ ip, port: containerPort }] });
      for (const address of addresses) rules.frontend(address, protocol, hostPort, balancer);
    }
  }
}

/** Whether a pod asks for a port of its node. */
export function hasHostPorts({ spec }: V1Pod): boolean {
  return spec?.hostNetwork !== true && [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].some(({ ports }) => ports?.some(({ hostPort }) => (hostPort ?? 0) > 0) === true);
}
