/** What DNS has to know of the cluster, out of informers. */
import type { V1EndpointSlice, V1Service } from '../api/generated/types.ts';
import type { Informers } from '../client/informer.ts';
import { endpointSlices, namespaces, services } from '../client/resources.ts';

export interface ClusterNames {
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): V1Service | undefined;
  slicesOf(namespace: string, service: string): readonly V1EndpointSlice[];
  /** Services whose cluster IP it is. */
  servicesAt(ip: string): readonly V1Service[];
  /** Slices with an endpoint of that address. */
  slicesAt(ip: string): readonly V1EndpointSlice[];
}

export interface WatchedNames extends ClusterNames {
  synced(): Promise<void>;
}

const byService = 'dns/service';
const byIp = 'dns/ip';

export function watchClusterNames(informers: Informers): WatchedNames {
  const namespaceInformer = informers.informer(namespaces);
  const serviceInformer = informers.informer(services);
  const sliceInformer = informers.informer(endpointSlices);
  serviceInformer.addIndex(byIp, ({ spec }: V1Service) => spec?.clusterIPs ?? []);
  sliceInformer.addIndex(byService, (slice: V1EndpointSlice) => {
    const service = serviceNameOf(slice);
    return service === undefined ? [] : [`${slice.metadata?.namespace ?? ''}/${service}`];
  });
  sliceInformer.addIndex(byIp, ({ endpoints }: V1EndpointSlice) => [...new Set((endpoints ?? []).flatMap(({ addresses }) => addresses))]);
  return {
    hasNamespace: (name) => namespaceInformer.lister.get('', name) !== undefined,
    service: (namespace, name) => serviceInformer.lister.get(namespace, name),
    slicesOf: (namespace, service) => sliceInformer.lister.byIndex(byService, `${namespace}/${service}`),
    servicesAt: (ip) => serviceInformer.lister.byIndex(byIp, ip),
    slicesAt: (ip) => sliceInformer.lister.byIndex(byIp, ip),
    synced: async () => void (await Promise.all([namespaceInformer.synced(), serviceInformer.synced(), sliceInformer.synced()])),
  };
}

export function serviceNameOf({ metadata }: V1EndpointSlice): string | undefined {
  return metadata?.labels?.['kubernetes.io/service-name'];
}
