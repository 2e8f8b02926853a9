/**
 * The EndpointSlices of a service (kubernetes.io/docs/concepts/services-networking/endpoint-slices): pure.
 *
 * Endpoints with the same ports share slices of at most 100. What is there is changed as little as possible: an endpoint stays in
 * its slice, new ones fill slices that are written anyway, then the fullest that has room, then new slices.
 */
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointHints, V1EndpointSlice, V1Node, V1Pod, V1Service } from '../../api/generated/types.ts';
import { services } from '../../client/resources.ts';
import { controllerReference } from '../common/owners.ts';
import { equal } from '../common/equal.ts';
import { isReady } from '../common/pods.ts';
import { hasAddress, headlessLabel, hostnameOf, isHeadless, podsOf, targetPort } from '../common/service-pods.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const manager = 'endpointslice-controller.k8s.io';
const maximumEndpoints = 100;

export interface SlicePlan {
  readonly create: readonly V1EndpointSlice[];
  readonly update: readonly V1EndpointSlice[];
  readonly delete: readonly V1EndpointSlice[];
}

interface Group {
  readonly addressType: string;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: V1Endpoint[];
}

/** `existing`: the slices of the service that this controller manages. */
export function planSlices(service: V1Service, pods: readonly V1Pod[], node: (name: string) => V1Node | undefined, existing: readonly V1EndpointSlice[]): SlicePlan {
  const groups = groupsOf(service, pods, node);
  const alive = existing.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const plans = groups.map((group) => planGroup(service, group, alive.filter((slice) => slice.addressType === group.addressType && equal(slice.ports ?? [], group.ports))));
  const kept = new Set(plans.flatMap(({ seen }) => seen));
  return {
    create: plans.flatMap(({ create }) => create),
    update: plans.flatMap(({ update }) => update),
    delete: [...plans.flatMap(({ remove }) => remove), ...alive.filter((slice) => !kept.has(slice))],
  };
}

/** Endpoints by address family and ports. A service without any has one empty slice for each of its families. */
function groupsOf(service: V1Service, pods: readonly V1Pod[], node: (name: string) => V1Node | undefined): readonly Group[] {
  const families = service.spec?.ipFamilies ?? ['IPv4'];
  const groups = new Map<string, Group>();
  for (const pod of podsOf(service, pods).filter(hasAddress)) {
    const ports = portsOf(service, pod);
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) continue;
    for (const addressType of families) {
      const address = addressOf(pod, addressType);
      if (address === undefined) continue;
      const key = JSON.stringify([addressType, ports]);
      const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
      groups.set(key, group);
      group.endpoints.push(endpointOf(service, pod, address, node(pod.spec?.nodeName ?? '')));
    }
  }
  const empty = families.filter((family) => ![...groups.values()].some(({ addressType }) => addressType === family));
  return [...groups.values(), ...empty.map((addressType) => ({ addressType, ports: [], endpoints: [] }))];
}

function addressOf(pod: V1Pod, addressType: string): string | undefined {
  const addresses = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  return addresses.find((ip) => ip.includes(':') === (addressType === 'IPv6') && ip !== '');
}

function portsOf(service: V1Service, pod: V1Pod): DiscoveryV1EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap(({ name = '', protocol = 'TCP', appProtocol, ...port }) => {
    const number = targetPort({ ...port, protocol }, pod);
    return number === undefined ? [] : [{ name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function endpointOf(service: V1Service, pod: V1Pod, address: string, node: V1Node | undefined): V1Endpoint {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata ?? {};
  const serving = isReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const hostname = hostnameOf(pod, service);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const hints = ready ? hintsOf(service.spec?.trafficDistribution, pod.spec?.nodeName, zone) : undefined;
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    nodeName: pod.spec?.nodeName,
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

/** Whose traffic the endpoint is for (kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution). `PreferClose` is the older name of `PreferSameZone`. */
function hintsOf(distribution: string | undefined, nodeName: string | undefined, zone: string | undefined): V1EndpointHints | undefined {
  if (distribution === undefined) return undefined;
  const forZones = zone === undefined ? {} : { forZones: [{ name: zone }] };
  const forNodes = distribution === 'PreferSameNode' && nodeName !== undefined ? { forNodes: [{ name: nodeName }] } : {};
  const hints = { ...forZones, ...forNodes };
  return Object.keys(hints).length === 0 ? undefined : hints;
}

interface GroupPlan {
  readonly create: readonly V1EndpointSlice[];
  readonly update: readonly V1EndpointSlice[];
  readonly remove: readonly V1EndpointSlice[];
  /** The existing slices that were looked at. */
  readonly seen: readonly V1EndpointSlice[];
}

function planGroup(service: V1Service, group: Group, existing: readonly V1EndpointSlice[]): GroupPlan {
  const labels = labelsOf(service);
  const waiting = new Map(group.endpoints.map((endpoint) => [identity(endpoint), endpoint]));
  const slices = existing.map((slice) => {
    const endpoints = (slice.endpoints ?? []).flatMap((endpoint) => {
      const wanted = waiting.get(identity(endpoint));
      waiting.delete(identity(endpoint));
      return wanted ?? [];
    });
    return { slice, endpoints, changed: !equal(endpoints, slice.endpoints ?? []) || !equal(slice.metadata?.labels, labels) };
  });
  // Those that are written anyway first, then the fullest.
  for (const target of slices.toSorted((a, b) => Number(b.changed) - Number(a.changed) || b.endpoints.length - a.endpoints.length)) {
    for (const [key, endpoint] of waiting) {
      if (target.endpoints.length >= maximumEndpoints) break;
      target.endpoints.push(endpoint);
      target.changed = true;
      waiting.delete(key);
    }
  }
  const fresh: V1Endpoint[][] = [];
  const rest = [...waiting.values()];
  for (let at = 0; at < rest.length; at += maximumEndpoints) fresh.push(rest.slice(at, at + maximumEndpoints));
  if (group.endpoints.length === 0 && slices.length === 0) fresh.push([]);
  const emptied = slices.filter(({ endpoints }, index) => endpoints.length === 0 && (group.endpoints.length > 0 || index > 0));
  return {
    create: fresh.map((endpoints) => sliceOf(service, labels, group, endpoints)),
    update: slices.filter((one) => one.changed && !emptied.includes(one)).map(({ slice, endpoints }) => ({ ...slice, metadata: { ...slice.metadata, labels }, endpoints })),
    remove: emptied.map(({ slice }) => slice),
    seen: slices.map(({ slice }) => slice),
  };
}

function identity({ addresses, targetRef }: V1Endpoint): string {
  return `${targetRef?.uid ?? ''} ${addresses[0] ?? ''}`;
}

function labelsOf(service: V1Service): Record<string, string> {
  const { [headlessLabel]: _, ...labels } = service.metadata?.labels ?? {};
  return { ...labels, [managedByLabel]: manager, [serviceNameLabel]: service.metadata?.name ?? '', ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) };
}

function sliceOf(service: V1Service, labels: Record<string, string>, group: Group, endpoints: V1Endpoint[]): V1EndpointSlice {
  const { name, namespace } = service.metadata ?? {};
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [controllerReference(services, service)] },
    addressType: group.addressType,
    endpoints,
    ports: [...group.ports],
  };
}
