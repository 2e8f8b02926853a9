/**
 * Services: cluster addresses and node ports are handed out when a service is written, and given back when it goes
 * (https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/). The cluster has IPv4 only.
 */
import { invalid as invalidField } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { V1Service, V1ServicePort, V1ServiceSpec } from '../../api/generated/types.ts';
import { internalError, invalid } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import { addressesOf, nodePortsOf, type ServiceAddresses } from './service-addresses.ts';
import type { ResourceStrategy, Undo } from './strategy.ts';

const none = 'None';

export function serviceStrategy(registries: () => Registries, addresses: ServiceAddresses): ResourceStrategy {
  let adopted: Promise<void> | undefined;
  /** What stored services have is taken before anything is handed out. */
  const ready = (): Promise<void> =>
    (adopted ??= registries()
      .need('', 'v1', 'services')
      .all('')
      .then((services) => {
        for (const { object } of services) addresses.adopt(object);
      }));
  const allocate = async (service: V1Service, old: V1Service | undefined): Promise<Undo | undefined> => {
    await ready();
    const taken: V1Service = { spec: { clusterIPs: [], ports: [] } };
    const undo = (): void => addresses.release(taken);
    try {
      allocateAddress(service, old, addresses, taken);
      allocatePorts(service, old, addresses, taken);
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  };
  return {
    returnsDeleted: true,
    beforeCreate(service: V1Service) {
      completeFamilies(service);
      return allocate(service, undefined);
    },
    beforeUpdate(service: V1Service, old: V1Service) {
      carryOver(service, old);
      completeFamilies(service);
      return allocate(service, old);
    },
    updated: (service: V1Service, old: V1Service) => addresses.release(givenUp(service, old)),
    deleted: (service) => addresses.release(service),
  };
}

function specOf(service: V1Service): V1ServiceSpec {
  return (service.spec ??= {});
}

/** Which families the service's addresses are of; there is one to choose from. */
function completeFamilies(service: V1Service): void {
  const spec = specOf(service);
  if (spec.type === 'ExternalName') {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'] as const) delete spec[field];
    return;
  }
  if ((spec.clusterIP ?? '') !== '' && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP ?? ''];
  // Addresses of a headless service without selector are its owner's to choose, of any family.
  const free = spec.clusterIP === none && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= free ? 'RequireDualStack' : 'SingleStack';
  if ((spec.ipFamilies ?? []).length === 0) spec.ipFamilies = free && spec.ipFamilyPolicy !== 'SingleStack' ? ['IPv4', 'IPv6'] : ['IPv4'];
  const errors: FieldError[] = [];
  if (!free && spec.ipFamilyPolicy === 'RequireDualStack') errors.push(invalidField('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (!free && family === 'IPv6') errors.push(invalidField(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  }
  refuse(service, errors);
}

function allocateAddress(service: V1Service, old: V1Service | undefined, addresses: ServiceAddresses, taken: V1Service): void {
  const spec = specOf(service);
  if (spec.type === 'ExternalName' || spec.clusterIP === none) return;
  const [wanted = ''] = spec.clusterIPs ?? [];
  if (wanted !== '' && old !== undefined && addressesOf(old).includes(wanted)) return;
  const address = wanted === '' ? addresses.takeAnyAddress() : wanted;
  if (address === undefined) throw internalError('failed to allocate a serviceIP: range is full');
  if (wanted !== '') {
    const problem = addresses.takeAddress(address);
    if (problem !== undefined) refuse(service, [problem]);
  }
  taken.spec?.clusterIPs?.push(address);
  spec.clusterIP = address;
  spec.clusterIPs = [address];
}

function usesNodePorts({ type, allocateLoadBalancerNodePorts }: V1ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

function allocatePorts(service: V1Service, old: V1Service | undefined, addresses: ServiceAddresses, taken: V1Service): void {
  const spec = specOf(service);
  const had = new Set(old === undefined ? [] : nodePortsOf(old));
  const mine = new Map<number, string>();
  for (const [index, port] of (spec.ports ?? []).entries()) {
    const wanted = port.nodePort ?? 0;
    if (wanted === 0 && !usesNodePorts(spec)) continue;
    // One number may serve TCP and UDP of one service.
    const shared = wanted !== 0 && mine.has(wanted) && mine.get(wanted) !== port.protocol;
    if (wanted !== 0 && !had.has(wanted) && !shared) {
      const problem = addresses.takePort(wanted, `spec.ports[${index}].nodePort`);
      if (problem !== undefined) refuse(service, [problem]);
      taken.spec?.ports?.push({ port: port.port, nodePort: wanted });
    }
    if (wanted === 0) takeAnyPort(port, addresses, taken);
    mine.set(port.nodePort ?? 0, port.protocol ?? 'TCP');
  }
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local' || (spec.healthCheckNodePort ?? 0) !== 0) return;
  const check: V1ServicePort = { port: 0 };
  takeAnyPort(check, addresses, taken);
  spec.healthCheckNodePort = check.nodePort ?? 0;
}

function takeAnyPort(port: V1ServicePort, addresses: ServiceAddresses, taken: V1Service): void {
  const nodePort = addresses.takeAnyPort();
  if (nodePort === undefined) throw internalError('failed to allocate a nodePort: range is full');
  port.nodePort = nodePort;
  taken.spec?.ports?.push({ port: port.port, nodePort });
}

/** An update that does not name what was handed out keeps it, as far as its type has a use for it. */
function carryOver(service: V1Service, old: V1Service): void {
  const spec = specOf(service);
  const before = specOf(old);
  const hadAddress = before.type !== 'ExternalName';
  if (spec.type !== 'ExternalName' && hadAddress) {
    if ((spec.clusterIP ?? '') === '' && (spec.clusterIPs ?? []).length === 0) {
      if (before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
      if (before.clusterIPs !== undefined) spec.clusterIPs = [...before.clusterIPs];
    } else if ((spec.clusterIP ?? '') === '' && spec.clusterIPs?.[0] !== undefined) spec.clusterIP = spec.clusterIPs[0];
    if (spec.ipFamilies === undefined && before.ipFamilies !== undefined) spec.ipFamilies = [...before.ipFamilies];
    if (spec.ipFamilyPolicy === undefined && before.ipFamilyPolicy !== undefined) spec.ipFamilyPolicy = before.ipFamilyPolicy;
  }
  const portsBefore = new Map((before.ports ?? []).map((port) => [`${port.protocol}/${port.port}`, port.nodePort ?? 0]));
  for (const port of spec.ports ?? []) {
    const earlier = portsBefore.get(`${port.protocol}/${port.port}`) ?? 0;
    if (usesNodePorts(spec) && (port.nodePort ?? 0) === 0 && earlier !== 0 && !usedTwice(spec, earlier)) port.nodePort = earlier;
    // A type without node ports drops those that an earlier type had.
    if (!usesNodePorts(spec) && usesNodePorts(before) && spec.type !== before.type && port.nodePort === earlier) delete port.nodePort;
  }
  const localBalancer = (one: V1ServiceSpec): boolean => one.type === 'LoadBalancer' && one.externalTrafficPolicy === 'Local';
  if (localBalancer(spec) && (spec.healthCheckNodePort ?? 0) === 0 && before.healthCheckNodePort !== undefined) spec.healthCheckNodePort = before.healthCheckNodePort;
  if (!localBalancer(spec) && localBalancer(before) && spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (spec.type !== before.type && spec.type === 'ClusterIP') delete spec.externalTrafficPolicy;
}

function usedTwice({ ports = [] }: V1ServiceSpec, nodePort: number): boolean {
  return ports.some((port) => port.nodePort === nodePort);
}

/** What the old state had and the new one has no more. */
function givenUp(service: V1Service, old: V1Service): V1Service {
  const addresses = new Set(addressesOf(service));
  const ports = new Set(nodePortsOf(service));
  return {
    spec: {
      clusterIPs: addressesOf(old).filter((address) => !addresses.has(address)),
      ports: nodePortsOf(old).filter((port) => !ports.has(port)).map((nodePort) => ({ port: 0, nodePort })),
    },
  };
}

function refuse(service: V1Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', errors);
}
