/** Which address and node ports a service gets. */
import type { FieldError } from '../../api/field-error.ts';
import type { V1Service, V1ServiceSpec } from '../../api/generated/types.ts';
import { needsHealthCheck } from '../../api/validation/service.ts';
import { internalError, invalid } from '../failure.ts';
import { nodePortsOf } from './service-addresses.ts';
import type { Transaction } from './service-transactions.ts';

/** The address of a service that has none yet. */
export function allocateAddress(service: V1Service, transaction: Transaction): void {
  const spec = (service.spec ??= {});
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return;
  const [wanted = ''] = spec.clusterIPs ?? [];
  if (wanted !== '') refuse(service, transaction.takeAddress(wanted));
  const address = wanted === '' ? transaction.takeAnyAddress() : wanted;
  if (address === undefined) throw internalError('failed to allocate a serviceIP: range is full');
  spec.clusterIP = address;
  spec.clusterIPs = [address];
}

function hasNodePorts({ type }: V1ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function allocatesNodePorts({ type, allocateLoadBalancerNodePorts }: V1ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

/** The node ports of a new service. Ports of one number, say TCP and UDP 53, share theirs. */
export function allocatePorts(service: V1Service, transaction: Transaction): void {
  const { spec = {} } = service;
  const ports = spec.ports ?? [];
  const shared = new Map<number | undefined, number>();
  if (!hasNodePorts(spec)) return;
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !allocatesNodePorts(spec)) continue;
    const given = shared.get(port.port);
    const wanted = given === undefined ? ports.find((one) => one.port === port.port && one.nodePort)?.nodePort : port.nodePort || given;
    if (wanted !== undefined && wanted !== given) refuse(service, transaction.takePort(wanted, `spec.ports[${index}].nodePort`));
    port.nodePort = wanted ?? anyPort(transaction);
    if (given === undefined) shared.set(port.port, port.nodePort);
  }
}

/** The node ports that an update adds. */
export function updatePorts(service: V1Service, old: V1Service, transaction: Transaction): void {
  const { spec = {} } = service;
  const had = new Set(nodePortsOf(old));
  if (!hasNodePorts(spec)) return;
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (!port.nodePort && !allocatesNodePorts(spec)) continue;
    if (port.nodePort && !had.has(port.nodePort)) refuse(service, transaction.takePort(port.nodePort, `spec.ports[${index}].nodePort`));
    port.nodePort ||= anyPort(transaction);
    had.add(port.nodePort);
  }
}

/** The port where a load balancer asks whether a node serves it: for those that begin to need one. */
export function allocateHealthCheck({ spec = {} }: V1Service, old: V1Service | undefined, transaction: Transaction): void {
  if (!needsHealthCheck(spec) || needsHealthCheck(old?.spec ?? {})) return;
  const wanted = spec.healthCheckNodePort;
  if (!wanted) {
    spec.healthCheckNodePort = anyPort(transaction);
    return;
  }
  const problem = transaction.takePort(wanted, 'spec.healthCheckNodePort');
  if (problem !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${problem.message.replace(/^Invalid value: \d+: /, '')}`);
}

function anyPort(transaction: Transaction): number {
  const nodePort = transaction.takeAnyPort();
  if (nodePort === undefined) throw internalError('failed to allocate a nodePort: range is full');
  return nodePort;
}

function refuse(service: V1Service, error: FieldError | undefined): void {
  if (error !== undefined) throw invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', [error]);
}
