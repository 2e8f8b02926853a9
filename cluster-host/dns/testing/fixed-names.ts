/** Names out of objects that do not change. */
import type { V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { serviceNameOf, type ClusterNames } from '../cluster-names.ts';

export function fixedNames(objects: { readonly namespaces: readonly string[]; readonly services: readonly V1Service[]; readonly slices: readonly V1EndpointSlice[] }): ClusterNames {
  return {
    hasNamespace: (name) => objects.namespaces.includes(name),
    service: (namespace, name) => objects.services.find((service) => keyOf(service) === `${namespace}/${name}`),
    slicesOf: (namespace, service) => objects.slices.filter((slice) => slice.metadata?.namespace === namespace && serviceNameOf(slice) === service),
    servicesAt: (ip) => objects.services.filter(({ spec }) => spec?.clusterIPs?.includes(ip) === true),
    slicesAt: (ip) => objects.slices.filter(({ endpoints }) => endpoints?.some(({ addresses }) => addresses.includes(ip)) === true),
  };
}
