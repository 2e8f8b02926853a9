/** Which endpoints of a service port take connections (kubernetes.io/docs/concepts/services-networking/endpoint-slices). */
import type { V1EndpointSlice } from '../api/generated/types.ts';
import type { Endpoint } from './rules.ts';

export interface ServiceEndpoint extends Endpoint {
  /** Empty where the endpoint is on no node of the cluster. */
  readonly node: string;
  readonly ready: boolean;
  /** Still answers, but goes away. */
  readonly drains: boolean;
}

/** The endpoints behind a named port over all slices of a service; the first slice that names an address counts. */
export function endpointsOfPort(slices: readonly V1EndpointSlice[], portName: string, protocol: string): readonly ServiceEndpoint[] {
  const found = new Map<string, ServiceEndpoint>();
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue;
    for (const { name = '', protocol: slicePort = 'TCP', port } of slice.ports ?? []) {
      if (name !== portName || slicePort !== protocol || port === undefined) continue;
      for (const { addresses, conditions = {}, nodeName: node = '' } of slice.endpoints ?? []) {
        const ip = addresses[0];
        if (ip === undefined || found.has(`${ip}:${port}`)) continue;
        const ready = conditions.ready ?? true;
        const serving = conditions.serving ?? ready;
        found.set(`${ip}:${port}`, { ip, port, node, ready, drains: serving && (conditions.terminating ?? false) });
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

function compareAddresses(a: string, b: string): number {
  const [left, right] = [a, b].map((ip) => ip.split('.').map(Number));
  for (let index = 0; index < 4; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
