/**
 * The services that the host itself provides to pods: the API (`kubernetes`) and DNS (`kube-dns`). They run outside of any pod,
 * on the gateway of the pod network, so their endpoints are written here instead of by a controller.
 */
import type { V1Endpoints, V1EndpointSlice, V1Service } from '../api/generated/types.ts';
import type { KubeObject, Resource } from '../api/object.ts';
import { hasReason, type Client } from '../client/client.ts';
import { endpoints, endpointSlices, services } from '../client/resources.ts';
import type { HostAddress } from './infrastructure.ts';

interface ServicePort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

function sliceOf(namespace: string, service: string, ip: string, ports: readonly ServicePort[]): V1EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: service, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: ports.map((port) => ({ ...port })),
  };
}

function endpointsOf(namespace: string, service: string, ip: string, ports: readonly ServicePort[]): V1Endpoints {
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  return { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: service, namespace, labels }, subsets: [{ addresses: [{ ip }], ports: ports.map((port) => ({ ...port })) }] };
}

function dnsService(clusterIP: string): V1Service {
  const ports = [
    { name: 'dns', protocol: 'UDP', port: 53 },
    { name: 'dns-tcp', protocol: 'TCP', port: 53 },
  ];
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system', labels }, spec: { clusterIP, ports } };
}

/** Creates the object, or replaces it where it is there already. */
async function ensure<T extends KubeObject>(client: Client, resource: Resource<T>, object: T): Promise<void> {
  const objects = client.resource(resource, object.metadata?.namespace);
  try {
    await objects.create(object);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    const existing = await objects.get(object.metadata?.name ?? '');
    await objects.update({ ...object, metadata: { ...object.metadata, resourceVersion: existing.metadata?.resourceVersion ?? '' } });
  }
}

/** Left as it is once it is there: a user may have changed it. */
async function ensureDnsService(client: Client, clusterIP: string): Promise<void> {
  const system = client.resource(services, 'kube-system');
  try {
    await system.get('kube-dns');
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    await system.create(dnsService(clusterIP));
  }
}

export async function publishSystemServices(client: Client, dnsIP: string, host: HostAddress): Promise<void> {
  const apiPorts: readonly ServicePort[] = [{ name: 'https', protocol: 'TCP', port: host.apiPort }];
  const dnsPorts: readonly ServicePort[] = [
    { name: 'dns', protocol: 'UDP', port: host.dnsPort },
    { name: 'dns-tcp', protocol: 'TCP', port: host.dnsPort },
  ];
  await Promise.all([
    ensureDnsService(client, dnsIP),
    ensure(client, endpoints, endpointsOf('default', 'kubernetes', host.ip, apiPorts)),
    ensure(client, endpointSlices, sliceOf('default', 'kubernetes', host.ip, apiPorts)),
    ensure(client, endpoints, endpointsOf('kube-system', 'kube-dns', host.ip, dnsPorts)),
    ensure(client, endpointSlices, sliceOf('kube-system', 'kube-dns', host.ip, dnsPorts)),
  ]);
}
