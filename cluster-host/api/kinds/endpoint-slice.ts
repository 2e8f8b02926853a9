import { fill } from '../defaults/fill.ts';
import { duplicate, invalid, notSupported, required, tooMany } from '../field-errors.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice } from '../generated/types.ts';
import { checkDnsLabel, checkQualifiedName, nameIsDnsSubdomain } from '../names.ts';
import { protocols } from '../validation/containers.ts';
import type { Errors } from '../validation/errors.ts';
import { dnsLabel, invalidFor, requiredOneOf, requiredText, unchanged } from '../validation/errors.ts';
import { isIpv6, parseIp, validateNonSpecialIp } from '../validation/ip.ts';
import { validateLabels } from '../validation/object-meta.ts';
import { ageColumn, listWithMore, text, unset } from './columns.ts';
import { defineKind } from './define-kind.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxAddresses = 100;
const maxEndpoints = 1000;
const maxHints = 8;
const maxPorts = 20_000;
const maxTopologyLabels = 16;

export const endpointSlice = defineKind<V1EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  setDefaults({ ports }) {
    for (const port of ports ?? []) fill(port, { name: '', protocol: 'TCP' });
  },
  generationOf: ['addressType', 'endpoints', 'ports', 'metadata.labels'],
  validate,
  *validateUpdate(object, old) {
    yield* validate(object);
    yield* unchanged('addressType', object.addressType, old.addressType);
  },
  columns: [
    text('AddressType', 'Kind of its addresses.', ({ addressType }) => addressType ?? ''),
    text('Ports', 'Ports of each endpoint.', ({ ports }) => listWithMore((ports ?? []).map(portText), 3) || unset),
    text('Endpoints', 'Addresses of the endpoints.', ({ endpoints }) => listWithMore((endpoints ?? []).flatMap(({ addresses }) => addresses ?? []), 3) || unset),
    ageColumn,
  ],
});

function portText({ port, name }: DiscoveryV1EndpointPort): string {
  return port === undefined ? (name ?? '*') : String(port);
}

function* validate({ addressType, endpoints, ports }: V1EndpointSlice): Errors {
  yield* requiredOneOf('addressType', addressType, addressTypes);
  yield* validateEndpoints(endpoints ?? [], addressType);
  yield* validatePorts(ports ?? []);
}

function* validateEndpoints(endpoints: readonly V1Endpoint[], addressType: string): Errors {
  if (endpoints.length > maxEndpoints) {
    yield tooMany('endpoints', endpoints.length, maxEndpoints);
    return;
  }
  for (const [index, endpoint] of endpoints.entries()) yield* validateEndpoint(endpoint, addressType, `endpoints[${index}]`);
}

function* validateEndpoint(endpoint: V1Endpoint, addressType: string, field: string): Errors {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) yield required(`${field}.addresses`, 'must contain at least 1 address');
  else if (addresses.length > maxAddresses) yield tooMany(`${field}.addresses`, addresses.length, maxAddresses);
  for (const [index, address] of addresses.entries()) yield* validateAddress(address, addressType, `${field}.addresses[${index}]`);
  const { nodeName, deprecatedTopology: topology = {}, hostname } = endpoint;
  if (nodeName !== undefined) yield* invalidFor(`${field}.nodeName`, nodeName, nameIsDnsSubdomain(nodeName, false));
  if (Object.keys(topology).length > maxTopologyLabels) yield tooMany(`${field}.deprecatedTopology`, Object.keys(topology).length, maxTopologyLabels);
  yield* validateLabels(topology, `${field}.deprecatedTopology`);
  if (hostname !== undefined) yield* dnsLabel(`${field}.hostname`, hostname);
  yield* validateHints(endpoint, `${field}.hints`);
}

function* validateAddress(address: string, type: string, field: string): Errors {
  if (type === 'FQDN') {
    yield* fullyQualifiedName(field, address);
  } else if (type === 'IPv4' || type === 'IPv6') {
    const wrongFamily = parseIp(address) === undefined || isIpv6(address) !== (type === 'IPv6');
    if (wrongFamily) yield invalid(field, address, `must be a valid ${type} address`);
    yield* validateNonSpecialIp(field, address);
  }
}

function* fullyQualifiedName(field: string, name: string): Errors {
  if (name === '') {
    yield required(field);
    return;
  }
  const domain = name.replace(/\.$/, '');
  const problems = nameIsDnsSubdomain(domain, false);
  yield* invalidFor(field, name, problems);
  if (problems.length > 0) return;
  const labels = domain.split('.');
  if (labels.length < 2) yield invalid(field, name, 'should be a domain with at least two segments separated by dots');
  for (const label of labels) for (const problem of checkDnsLabel(label)) yield invalid(field, label, problem);
}

function* validateHints({ hints }: V1Endpoint, field: string): Errors {
  for (const [list, noun] of [['forZones', 'forZones'], ['forNodes', 'forNodes']] as const) {
    const names = hints?.[list] ?? [];
    if (names.length > maxHints) yield tooMany(`${field}.${noun}`, names.length, maxHints);
    const seen = new Set<string>();
    for (const [index, { name }] of names.entries()) {
      const at = `${field}.${noun}[${index}].name`;
      if (seen.has(name)) yield duplicate(at, name);
      seen.add(name);
      yield* requiredText(at, name);
      if (name) yield* validateLabels({ [list === 'forZones' ? 'zone' : 'node']: name }, at);
    }
  }
}

function* validatePorts(ports: readonly DiscoveryV1EndpointPort[]): Errors {
  if (ports.length > maxPorts) {
    yield tooMany('ports', ports.length, maxPorts);
    return;
  }
  const names = new Set<string>();
  for (const [index, { name = '', protocol, appProtocol }] of ports.entries()) {
    const at = `ports[${index}]`;
    if (name !== '') yield* dnsLabel(`${at}.name`, name);
    if (names.has(name)) yield duplicate(`${at}.name`, name);
    names.add(name);
    if (protocol === undefined) yield required(`${at}.protocol`);
    else if (!protocols.includes(protocol)) yield notSupported(`${at}.protocol`, protocol, protocols);
    if (appProtocol !== undefined) yield* invalidFor(`${at}.appProtocol`, appProtocol, checkQualifiedName(appProtocol));
  }
}
