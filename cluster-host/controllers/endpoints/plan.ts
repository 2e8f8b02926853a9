/** The Endpoints of a service (kubernetes.io/docs/concepts/services-networking/service/#endpoints): pure. */
import type { CoreV1EndpointPort, V1EndpointAddress, V1EndpointSubset, V1Endpoints, V1Pod, V1Service } from '../../api/generated/types.ts';
import { hasAddress, headlessLabel, hostnameOf, isHeadless, podsOf, targetPort } from '../common/service-pods.ts';
import { isReady } from '../common/pods.ts';

export const managedByLabel = 'endpoints.kubernetes.io/managed-by';
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';
/** More addresses are cut off, as Kubernetes does. */
const maximumAddresses = 1000;

export interface PlannedEndpoints {
  readonly labels: Record<string, string>;
  readonly subsets: V1EndpointSubset[];
  readonly truncated: boolean;
}

export function planEndpoints(service: V1Service, pods: readonly V1Pod[]): PlannedEndpoints {
  const subsets = new Map<string, { ports: CoreV1EndpointPort[]; ready: V1EndpointAddress[]; notReady: V1EndpointAddress[] }>();
  const tolerant = service.spec?.publishNotReadyAddresses === true;
  const selected = podsOf(service, pods).filter((pod) => hasAddress(pod) && (tolerant || pod.metadata?.deletionTimestamp === undefined));
  for (const pod of selected.toSorted((a, b) => ((a.status?.podIP ?? '') < (b.status?.podIP ?? '') ? -1 : 1))) {
    const ports = portsOf(service, pod);
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ports, ready: [], notReady: [] };
    subsets.set(key, subset);
    (tolerant || isReady(pod) ? subset.ready : subset.notReady).push(addressOf(service, pod));
  }
  const labels = { ...service.metadata?.labels, [managedByLabel]: 'endpoint-controller', ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) };
  return { labels, ...truncate([...subsets.values()]) };
}

function portsOf(service: V1Service, pod: V1Pod): CoreV1EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    const { name, appProtocol, protocol = 'TCP' } = port;
    return number === undefined ? [] : [{ ...(name === undefined || name === '' ? {} : { name }), port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function addressOf(service: V1Service, pod: V1Pod): V1EndpointAddress {
  const { name, namespace, uid } = pod.metadata ?? {};
  const hostname = hostnameOf(pod, service);
  return { ip: pod.status?.podIP ?? '', ...(hostname === undefined ? {} : { hostname }), nodeName: pod.spec?.nodeName, targetRef: { kind: 'Pod', namespace, name, uid } };
}

/** Ready addresses come first when there is not room for all. */
function truncate(subsets: readonly { ports: CoreV1EndpointPort[]; ready: V1EndpointAddress[]; notReady: V1EndpointAddress[] }[]): Omit<PlannedEndpoints, 'labels'> {
  const total = subsets.reduce((sum, { ready, notReady }) => sum + ready.length + notReady.length, 0);
  let room = maximumAddresses;
  const take = (addresses: V1EndpointAddress[]): V1EndpointAddress[] => {
    const taken = addresses.slice(0, room);
    room -= taken.length;
    return taken;
  };
  const ready = subsets.map((subset) => take(subset.ready));
  const notReady = subsets.map((subset) => take(subset.notReady));
  const cut = subsets.map(({ ports }, index) => ({
    ...nonEmpty('addresses', ready[index] ?? []),
    ...nonEmpty('notReadyAddresses', notReady[index] ?? []),
    ...nonEmpty('ports', ports),
  }));
  return { subsets: cut.filter(({ addresses, notReadyAddresses }) => addresses !== undefined || notReadyAddresses !== undefined), truncated: total > maximumAddresses };
}

function nonEmpty<K extends string, T>(name: K, items: T[]): Partial<Record<K, T[]>> {
  return items.length === 0 ? {} : ({ [name]: items } as Record<K, T[]>);
}

/** Whether the Endpoints belong to this controller, now or from a time when they bore no label. */
export function isManaged(endpoints: V1Endpoints): boolean {
  return endpoints.metadata?.labels?.[managedByLabel] === 'endpoint-controller';
}
