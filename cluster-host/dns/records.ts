/**
 * Names of the cluster and their records (kubernetes.io/docs/concepts/services-networking/dns-pod-service and the
 * specification in kubernetes/dns). Pure: a question and the cluster in, an outcome out.
 */
import type { V1EndpointSlice, V1Service } from '../api/generated/types.ts';
import { serviceNameOf, type ClusterNames } from './cluster-names.ts';

export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly data: string }
  | { readonly type: 'CNAME' | 'PTR' | 'NS'; readonly name: string; readonly data: string }
  | { readonly type: 'TXT'; readonly name: string; readonly data: string }
  | { readonly type: 'SRV'; readonly name: string; readonly data: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string } }
  | SoaRecord;

export interface SoaRecord {
  readonly type: 'SOA';
  readonly name: string;
  readonly data: { readonly mname: string; readonly rname: string; readonly serial: number; readonly refresh: number; readonly retry: number; readonly expire: number; readonly minimum: number };
}

export type Outcome =
  | { readonly type: 'records'; readonly answers: readonly DnsRecord[]; readonly additionals: readonly DnsRecord[] }
  /** The name exists, but has nothing of that type. */
  | { readonly type: 'noData' }
  | { readonly type: 'noName' }
  /** The name stands for another one; its records belong into the answer too. */
  | { readonly type: 'alias'; readonly record: DnsRecord; readonly target: string }
  /** Not a name of the cluster: others have to be asked. */
  | { readonly type: 'elsewhere' };

const noName: Outcome = { type: 'noName' };
const noData: Outcome = { type: 'noData' };
const dnsSchemaVersion = '1.1.0';

/** `name` in lower case without the last dot; `domain` is `cluster.local`. */
export function lookUp(names: ClusterNames, domain: string, name: string, type: string): Outcome {
  if (name.endsWith('.in-addr.arpa')) return reverse(names, domain, name, type);
  if (name === domain) return apex(domain, type);
  if (!name.endsWith(`.${domain}`)) return { type: 'elsewhere' };
  const labels = name.slice(0, -domain.length - 1).split('.');
  const zone = labels.at(-1) ?? '';
  switch (zone) {
    case 'svc':
      return serviceName(names, domain, name, labels.slice(0, -1), type);
    case 'pod':
      return podName(names, name, labels.slice(0, -1), type);
    case 'dns-version':
      return labels.length > 1 ? noName : type === 'TXT' ? found([{ type: 'TXT', name, data: dnsSchemaVersion }]) : noData;
    default:
      return noName;
  }
}

export function soa(domain: string): SoaRecord {
  return { type: 'SOA', name: domain, data: { mname: `ns.dns.${domain}`, rname: `hostmaster.${domain}`, serial: 1, refresh: 7200, retry: 1800, expire: 86_400, minimum: 30 } };
}

function found(answers: readonly DnsRecord[], additionals: readonly DnsRecord[] = []): Outcome {
  return { type: 'records', answers, additionals };
}

function apex(domain: string, type: string): Outcome {
  if (type === 'SOA') return found([soa(domain)]);
  return type === 'NS' ? found([{ type: 'NS', name: domain, data: `ns.dns.${domain}` }]) : noData;
}

/** `a-b-c-d.namespace.pod`: any address of a namespace that exists, whether a pod has it or not. */
function podName(names: ClusterNames, name: string, labels: readonly string[], type: string): Outcome {
  const [namespace = '', address] = labels.toReversed();
  if (namespace === '') return noData;
  if (labels.length > 2 || !names.hasNamespace(namespace)) return noName;
  if (address === undefined) return noData;
  const ip = address.replaceAll('-', '.');
  if (!isIPv4(ip)) return noName;
  return type === 'A' ? found([{ type: 'A', name, data: ip }]) : noData;
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** One address that a service's name leads to. */
interface Place {
  readonly ip: string;
  readonly port: number;
  readonly portName: string;
  readonly protocol: string;
  /** What the address is called: the service's own name, or the endpoint's below it. */
  readonly host: string;
}

/** `service.namespace.svc`, with an endpoint's name or `_port._protocol` before it. */
function serviceName(names: ClusterNames, domain: string, name: string, labels: readonly string[], type: string): Outcome {
  const [namespace = '', serviceLabel, ...before] = labels.toReversed();
  if (namespace === '') return noData;
  if (!names.hasNamespace(namespace)) return noName;
  if (serviceLabel === undefined) return noData;
  const service = names.service(namespace, serviceLabel);
  if (service === undefined) return noName;
  const host = `${serviceLabel}.${namespace}.svc.${domain}`;
  const { spec } = service;
  if (spec?.type === 'ExternalName') {
    const target = spec.externalName ?? '';
    return before.length > 0 || target === '' ? noName : { type: 'alias', record: { type: 'CNAME', name, data: target }, target };
  }
  const wanted = selection(before);
  if (wanted === undefined) return noName;
  const headless = spec?.clusterIP === 'None';
  const all = headless || wanted.endpoint !== undefined ? endpointPlaces(names.slicesOf(namespace, serviceLabel), host) : servicePlaces(service, host);
  const places = all.filter((place) => fits(place, wanted, host));
  if (places.length === 0) return noName;
  if (type === 'A') return found(unique(places.filter(({ ip }) => ip !== '').map(({ ip }) => ({ type: 'A', name, data: ip }))));
  return type === 'SRV' ? serviceRecords(name, places) : noData;
}

interface Selection {
  readonly endpoint?: string;
  readonly port?: string;
  readonly protocol?: string;
}

/** What stands before the service's name, nearest label first; undefined for what names nothing. */
function selection(before: readonly string[]): Selection | undefined {
  const [first, second, ...more] = before;
  if (more.length > 0) return undefined;
  if (first === undefined) return {};
  if (second === undefined) return first.startsWith('_') ? undefined : { endpoint: first };
  return first.startsWith('_') && second.startsWith('_') ? { protocol: first.slice(1), port: second.slice(1) } : undefined;
}

function fits(place: Place, { endpoint, port, protocol }: Selection, host: string): boolean {
  if (endpoint !== undefined && place.host !== `${endpoint}.${host}`) return false;
  return port === undefined || (place.portName.toLowerCase() === port && place.protocol.toLowerCase() === protocol);
}

function servicePlaces({ spec }: V1Service, host: string): readonly Place[] {
  const ips = (spec?.clusterIPs ?? [spec?.clusterIP ?? '']).filter(isIPv4);
  const ports = spec?.ports ?? [];
  return ips.flatMap((ip) => ports.map(({ port, name: portName = '', protocol = 'TCP' }) => ({ ip, port, portName, protocol, host })));
}

function endpointPlaces(slices: readonly V1EndpointSlice[], host: string): readonly Place[] {
  return slices.flatMap(({ addressType, endpoints = [], ports }) => {
    if (addressType !== 'IPv4') return [];
    // A service without ports still has a name.
    const named = ports === undefined || ports.length === 0 ? [{ port: 0 }] : ports;
    return endpoints
      .filter(({ conditions }) => conditions?.ready ?? true)
      .flatMap((endpoint) =>
        endpoint.addresses.flatMap((ip) =>
          named.map(({ port = 0, name: portName = '', protocol = 'TCP' }: { port?: number; name?: string; protocol?: string }) => ({ ip, port, portName, protocol, host: `${endpointLabel(endpoint.hostname, ip)}.${host}` })),
        ),
      );
  });
}

function endpointLabel(hostname: string | undefined, ip: string): string {
  return hostname === undefined || hostname === '' ? ip.replaceAll('.', '-') : hostname.toLowerCase();
}

function serviceRecords(name: string, places: readonly Place[]): Outcome {
  const real = places.filter(({ port }) => port > 0);
  if (real.length === 0) return noData;
  const weight = Math.max(1, Math.floor(100 / real.length));
  const answers = unique(real.map(({ port, host }): DnsRecord => ({ type: 'SRV', name, data: { priority: 0, weight, port, target: host } })));
  return found(answers, unique(real.map(({ ip, host }): DnsRecord => ({ type: 'A', name: host, data: ip }))));
}

/** `4.3.2.1.in-addr.arpa`: services by their cluster IP, else endpoints by their address. */
function reverse(names: ClusterNames, domain: string, name: string, type: string): Outcome {
  const ip = name.slice(0, -'.in-addr.arpa'.length).split('.').toReversed().join('.');
  if (!isIPv4(ip)) return { type: 'elsewhere' };
  const services = names.servicesAt(ip).map(({ metadata }) => `${metadata?.name}.${metadata?.namespace}.svc.${domain}`);
  const hosts = services.length > 0 ? services : names.slicesAt(ip).flatMap((slice) => endpointHosts(slice, ip, domain));
  if (hosts.length === 0) return { type: 'elsewhere' };
  return type === 'PTR' ? found(unique(hosts.map((data): DnsRecord => ({ type: 'PTR', name, data })))) : noData;
}

function endpointHosts(slice: V1EndpointSlice, ip: string, domain: string): readonly string[] {
  const service = serviceNameOf(slice);
  if (service === undefined) return [];
  return (slice.endpoints ?? [])
    .filter(({ addresses, conditions }) => addresses.includes(ip) && (conditions?.ready ?? true))
    .map(({ hostname }) => `${endpointLabel(hostname, ip)}.${service}.${slice.metadata?.namespace}.svc.${domain}`);
}

function unique(records: readonly DnsRecord[]): readonly DnsRecord[] {
  return [...new Map(records.map((record) => [JSON.stringify(record), record])).values()];
}
