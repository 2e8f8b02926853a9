/** Where a request to `…/proxy` of a pod, service or node leads. Pure. */
import type { V1EndpointSlice, V1Node, V1Pod, V1Service } from '../api/generated/types.ts';
import { badRequest, serviceUnavailable } from './failure.ts';

export interface ProxyTarget {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** The node that can reach it; empty where any can. */
  readonly node: string;
}

/** The parts of `name`, `name:port` or `scheme:name:port`. */
export interface ProxyName {
  readonly scheme: 'http' | 'https';
  readonly name: string;
  /** A number or the name of a port; empty where none was named. */
  readonly port: string;
}

const kubeletPort = 10_250;

/** Throws BadRequest. `kind` is how messages call it: `pod`, `service`, `node`. */
export function parseProxyName(kind: string, id: string): ProxyName {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme)) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}

export function podTarget(id: string, { spec, status }: V1Pod): ProxyTarget {
  const { scheme, port } = parseProxyName('pod', id);
  const first = spec?.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort;
  const host = allowed(status?.podIP);
  return { scheme, host, port: port === '' ? (first ?? defaultPort(scheme)) : numberOf(port, 'pod', id), node: spec?.nodeName ?? '' };
}

/** `pick` chooses one of so many. Throws ServiceUnavailable where nothing is ready behind the port. */
export function serviceTarget(id: string, service: V1Service, slices: readonly V1EndpointSlice[], pick: (count: number) => number): ProxyTarget {
  const { scheme, name, port } = parseProxyName('service', id);
  const portName = /^\d+$/.test(port) ? nameOfPort(service, Number(port)) : port;
  if (portName === undefined) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const places = slices.flatMap(({ endpoints = [], ports = [] }) =>
    ports
      .filter((each) => (each.name ?? '') === portName && each.port !== undefined)
      .flatMap((each) =>
        endpoints
          .filter(({ conditions }) => conditions?.ready ?? true)
          .flatMap(({ addresses, nodeName = '' }) => addresses.map((host): ProxyTarget => ({ scheme, host, port: each.port ?? 0, node: nodeName }))),
      ),
  );
  const place = places[pick(places.length)];
  if (place === undefined) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(places.length === 0 && slices.length === 0 ? name : id)}`);
  return place;
}

/** Whether a request to a node means its kubelet. */
export function meansKubelet(id: string, { status }: V1Node): boolean {
  const { port } = parseProxyName('node', id);
  return port === '' || Number(port) === kubeletPortOf(status);
}

function kubeletPortOf(status: V1Node['status']): number {
  return status?.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
}

export function nodeTarget(id: string, node: V1Node): ProxyTarget {
  const { scheme, name, port } = parseProxyName('node', id);
  const { addresses = [] } = node.status ?? {};
  const own = kubeletPortOf(node.status);
  const chosen = port === '' ? own : numberOf(port, 'node', id);
  const host = allowed(addresses.find(({ type }) => type === 'InternalIP')?.address);
  return { scheme: chosen === own ? 'https' : scheme, host, port: chosen, node: name };
}

function nameOfPort({ spec }: V1Service, number: number): string | undefined {
  const port = spec?.ports?.find(({ port }) => port === number);
  return port === undefined ? undefined : (port.name ?? '');
}

function defaultPort(scheme: 'http' | 'https'): number {
  return scheme === 'https' ? 443 : 80;
}

function numberOf(port: string, kind: string, id: string): number {
  const value = Number(port);
  if (!/^\d{1,5}$/.test(port) || value < 1 || value > 0xffff) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return value;
}

/** No way into the machine's own loopback, link-local or multicast addresses. */
function allowed(address: string | undefined): string {
  const [first = 0, second = 0] = (address ?? '').split('.').map(Number);
  if (address === undefined || address === '' || first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254)) throw badRequest('address not allowed');
  return address;
}
