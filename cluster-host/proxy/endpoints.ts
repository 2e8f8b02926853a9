/** Which endpoints of a service port take connections (kubernetes.io/docs/concepts/services-networking/endpoint-slices). */
import type { V1EndpointSlice } from '../api/generated/types.ts';
import type { Endpoint } from './rules.ts';

export interface ServiceEndpoint extends Endpoint {
  /** Empty where the endpoint is on no node of the cluster. */
  readonly node: string;
  readonly ready: boolean;
  /** Still answers, but goes away. */
  readonly drains: boolean;
  /** Nodes and zones whose traffic it is meant for; empty where the slice gives no hint. */
  readonly forNodes: readonly string[];
  readonly forZones: readonly string[];
}

/** The endpoints behind a named port over all slices of a service; the first slice that names an address counts. */
export function endpointsOfPort(slices: readonly V1EndpointSlice[], portName: string, protocol: string): readonly ServiceEndpoint[] {
  const found = new Map<string, ServiceEndpoint>();
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue;
    for (const { name = '', protocol: slicePort = 'TCP', port } of slice.ports ?? []) {
      if (name !== portName || slicePort !== protocol || port === undefined) continue;
      for (const { addresses, conditions = {}, nodeName: node = '', hints } of slice.endpoints ?? []) {
        const ip = addresses[0];
        if (ip === undefined || found.has(`${ip}:${port}`)) continue;
        const ready = conditions.ready ?? true;
        const serving = conditions.serving ?? ready;
        const [forNodes, forZones] = [hints?.forNodes ?? [], hints?.forZones ?? []].map((list) => list.map(({ name }) => name)) as [string[], string[]];
        found.set(`${ip}:${port}`, { ip, port, node, ready, drains: serving && (conditions.terminating ?? false), forNodes, forZones });
      }
    }
  }
  return [...found.values()].toSorted((a, b) => compareAddresses(a.ip, b.ip) || a.port - b.port);
}

/** The ready ones; where there is none, those that still serve while they end (KEP-1669). */
export function usable(endpoints: readonly ServiceEndpoint[]): readonly Endpoint[] {
  const ready = endpoints.filter(({ ready }) => ready);
  const chosen = ready.length > 0 ? ready : endpoints.filter(({ drains }) => drains);
  return chosen.map(({ ip, port }) => ({ ip, port }));
}

export function onNode(endpoints: readonly ServiceEndpoint[], node: string): readonly ServiceEndpoint[] {
  return endpoints.filter((endpoint) => endpoint.node === node);
}

/**
 * The ready endpoints that hints name for traffic from a node: those of the node, else those of its zone; undefined where hints
 * are missing or name none, so that all endpoints take it (kubernetes.io/docs/reference/networking/virtual-ips/#traffic-distribution).
 */
export function hinted(endpoints: readonly ServiceEndpoint[], node: string, zone: string | undefined): readonly ServiceEndpoint[] | undefined {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  const named = (hints: 'forNodes' | 'forZones', name: string | undefined): readonly ServiceEndpoint[] | undefined => {
    if (name === undefined || ready.some((endpoint) => endpoint[hints].length === 0)) return undefined;
    const chosen = ready.filter((endpoint) => endpoint[hints].includes(name));
    return chosen.length === 0 ? undefined : chosen;
  };
  return named('forNodes', node) ?? named('forZones', zone);
}

function compareAddresses(a: string, b: string): number {
  const [left, right] = [a, b].map((ip) => ip.split('.').map(Number));
  for (let index = 0; index < 4; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
