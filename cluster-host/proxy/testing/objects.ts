/** Services, slices and nodes for the tests of this room and of DNS. */
import type { V1EndpointSlice, V1Node, V1Service, V1ServiceSpec } from '../../api/generated/types.ts';

export function node(index: number, network = '10.244'): V1Node {
  return {
    metadata: { name: `node-${index}` },
    spec: { podCIDR: `${network}.${index}.0/24` },
    status: { addresses: [{ type: 'InternalIP', address: `${network}.0.${10 + index}` }, { type: 'Hostname', address: `node-${index}` }] },
  };
}

export function service(name: string, spec: Partial<V1ServiceSpec>): V1Service {
  return { metadata: { name, namespace: 'default' }, spec: { type: 'ClusterIP', ...(spec.clusterIP !== undefined && { clusterIPs: [spec.clusterIP] }), ...spec } };
}

export interface TestEndpoint {
  readonly ip: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
  readonly hostname?: string;
  readonly hints?: NonNullable<NonNullable<V1EndpointSlice['endpoints']>[number]['hints']>;
}

export function slice(service: string, ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[], endpoints: readonly TestEndpoint[], suffix = 'a'): V1EndpointSlice {
  return {
    metadata: { name: `${service}-${suffix}`, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: ports.map((port) => ({ name: '', protocol: 'TCP', ...port })),
    endpoints: endpoints.map(({ ip, node, ready = true, terminating = false, hostname, hints }) => ({
      addresses: [ip],
      conditions: { ready: ready && !terminating, serving: ready, terminating },
      ...(node !== undefined && { nodeName: node }),
      ...(hostname !== undefined && { hostname }),
      ...(hints !== undefined && { hints }),
    })),
  };
}
