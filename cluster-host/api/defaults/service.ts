/** Defaults of services, and what an update keeps of what the cluster gave to the old one. */
import type { V1Service, V1ServicePort, V1ServiceSpec } from '../generated/types.ts';
import { equal } from '../validation/equality.ts';
import { isExternallyAccessible, needsHealthCheck } from '../validation/service.ts';
import { fill, fillEmpty } from './fill.ts';

const affinitySeconds = 10_800;

export function setServiceDefaults({ spec, status }: V1Service): void {
  if (spec === undefined) return;
  fillEmpty(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
  for (const port of spec.ports ?? []) fillEmpty(port, { protocol: 'TCP', targetPort: port.port });
  if (isExternallyAccessible(spec)) fillEmpty(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer') fill(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy;
  else setFamilies(spec);
  if (spec.type === 'LoadBalancer') {
    fill(spec, { allocateLoadBalancerNodePorts: true });
    for (const ingress of status?.loadBalancer?.ingress ?? []) if (ingress.ip) fill(ingress, { ipMode: 'VIP' });
  }
}

function setFamilies(spec: V1ServiceSpec): void {
  if (spec.clusterIPs?.length === 2 || spec.ipFamilies?.length === 2) fill(spec, { ipFamilyPolicy: 'RequireDualStack' });
  if (spec.ipFamilyPolicy === 'RequireDualStack' && spec.ipFamilies?.length === 1) spec.ipFamilies.push(spec.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4');
}

/** Old clients know one cluster IP only: the list is made from it. */
export function completeClusterIps(spec: V1ServiceSpec): void {
  if (spec.clusterIP && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP];
}

/** Carries over what the cluster allocated and the new object leaves out, and drops what its type no longer has. */
export function carryAllocations(spec: V1ServiceSpec, old: V1ServiceSpec): void {
  keepAllocated(spec, old);
  followClusterIp(spec, old);
  dropUnneeded(spec, old);
}

function needsClusterIp({ type }: V1ServiceSpec): boolean {
  return type !== 'ExternalName';
}

/** A load balancer may do without node ports, but keeps those it has. */
function needsNodePorts({ type }: V1ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function keepAllocated(spec: V1ServiceSpec, old: V1ServiceSpec): void {
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && old.clusterIPs) spec.clusterIPs = [...old.clusterIPs];
  }
  if (needsNodePorts(old) && needsNodePorts(spec)) keepNodePorts(spec.ports ?? [], old.ports ?? []);
  if (needsHealthCheck(old) && needsHealthCheck(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort) spec.healthCheckNodePort = old.healthCheckNodePort;
}

function keepNodePorts(ports: readonly V1ServicePort[], old: readonly V1ServicePort[]): void {
  const taken = new Set(ports.map(({ nodePort }) => nodePort));
  for (const port of ports) {
    const before = old.findLast(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
    if (!port.nodePort && before && !taken.has(before)) port.nodePort = before;
  }
}

/** Where one of `clusterIP` and `clusterIPs` changed and the other did not, the other follows. */
function followClusterIp(spec: V1ServiceSpec, old: V1ServiceSpec): void {
  if (spec.clusterIP === old.clusterIP || !equal(spec.clusterIPs, old.clusterIPs)) return;
  if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
  else delete spec.clusterIPs;
}

function dropUnneeded(spec: V1ServiceSpec, old: V1ServiceSpec): void {
  const drop = (needs: (one: V1ServiceSpec) => boolean, ...fields: readonly (keyof V1ServiceSpec)[]): void => {
    if (!needs(old) || needs(spec)) return;
    for (const field of fields) if (equal(spec[field], old[field])) delete spec[field];
  };
  drop(needsClusterIp, 'clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy');
  drop(needsHealthCheck, 'healthCheckNodePort');
  drop(({ type }) => type === 'LoadBalancer', 'allocateLoadBalancerNodePorts', 'loadBalancerClass');
  drop(isExternallyAccessible, 'externalTrafficPolicy');
  if (!needsNodePorts(old) || needsNodePorts(spec)) return;
  // New node ports are the author's own, and for validation to refuse.
  const before = new Set(old.ports?.map(({ nodePort = 0 }) => nodePort));
  if ((spec.ports ?? []).every(({ nodePort }) => !nodePort || before.has(nodePort))) for (const port of spec.ports ?? []) delete port.nodePort;
}
