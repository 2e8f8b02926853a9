import { fillEmpty } from '../defaults/fill.ts';
import { required } from '../field-errors.ts';
import type { CoreV1EndpointPort, V1EndpointAddress, V1EndpointSubset, V1Endpoints } from '../generated/types.ts';
import { checkPortNumber, nameIsDnsSubdomain } from '../names.ts';
import { protocols } from '../validation/containers.ts';
import type { Errors } from '../validation/errors.ts';
import { dnsLabel, invalidFor, qualifiedName, requiredOneOf } from '../validation/errors.ts';
import { isIpv6, validateIp, validateNonSpecialIp } from '../validation/ip.ts';
import { ageColumn, listWithMore, none, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

export const endpoints = defineKind<V1Endpoints>({
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  setDefaults({ subsets = [] }) {
    for (const { ports = [] } of subsets) for (const port of ports) fillEmpty(port, { protocol: 'TCP' });
  },
  *validate({ subsets = [] }) {
    for (const [index, subset] of subsets.entries()) yield* validateSubset(subset, `subsets[${index}]`);
  },
  warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  columns: [text('Endpoints', 'Addresses and ports that are ready.', ({ subsets = [] }) => (subsets.length === 0 ? none : listWithMore(subsets.flatMap(targets), 3))), ageColumn],
});

function targets({ addresses = [], ports = [] }: V1EndpointSubset): string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) => addresses.map(({ ip }) => (isIpv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`)));
}

function* validateSubset({ addresses = [], notReadyAddresses = [], ports = [] }: V1EndpointSubset, field: string): Errors {
  if (addresses.length + notReadyAddresses.length === 0) yield required(field, 'must specify `addresses` or `notReadyAddresses`');
  for (const [index, address] of addresses.entries()) yield* validateAddress(address, `${field}.addresses[${index}]`);
  for (const [index, address] of notReadyAddresses.entries()) yield* validateAddress(address, `${field}.notReadyAddresses[${index}]`);
  for (const [index, port] of ports.entries()) yield* validatePort(port, ports.length > 1, `${field}.ports[${index}]`);
}

function* validateAddress({ ip, hostname, nodeName }: V1EndpointAddress, field: string): Errors {
  yield* validateIp(`${field}.ip`, ip ?? '');
  if (hostname) yield* dnsLabel(`${field}.hostname`, hostname);
  if (nodeName !== undefined) yield* invalidFor(`${field}.nodeName`, nodeName, nameIsDnsSubdomain(nodeName, false));
  yield* validateNonSpecialIp(`${field}.ip`, ip ?? '');
}

function* validatePort({ name, port, protocol, appProtocol }: CoreV1EndpointPort, nameRequired: boolean, field: string): Errors {
  if (name) yield* dnsLabel(`${field}.name`, name);
  else if (nameRequired) yield required(`${field}.name`);
  yield* invalidFor(`${field}.port`, port ?? 0, checkPortNumber(port ?? 0));
  yield* requiredOneOf(`${field}.protocol`, protocol, protocols);
  if (appProtocol !== undefined) yield* qualifiedName(`${field}.appProtocol`, appProtocol);
}
