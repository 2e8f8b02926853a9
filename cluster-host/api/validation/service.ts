/** Services (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/). */
import { duplicate, forbidden, invalid, required } from '../field-errors.ts';
import type { V1LoadBalancerIngress, V1Service, V1ServicePort, V1ServiceSpec, V1SessionAffinityConfig } from '../generated/types.ts';
import { checkDnsSubdomain, checkPortNumber } from '../names.ts';
import { protocols } from './containers.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, dnsSubdomain, invalidFor, oneOf, optionalOneOf, qualifiedName, requiredOneOf } from './errors.ts';
import { portNumberOrName } from './handlers.ts';
import { validateCidr, validateIp, validateNonSpecialIp } from './ip.ts';
import { validateLabels } from './object-meta.ts';
import { validateClusterIps } from './service-addresses.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const maxAffinitySeconds = 86_400;
const kubeletPort = 10_250;
const topologyMode = 'service.kubernetes.io/topology-mode';
const topologyHints = 'service.kubernetes.io/topology-aware-hints';
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';

export function isHeadless({ clusterIPs = [] }: V1ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None';
}

export function isExternallyAccessible({ type, externalIPs = [] }: V1ServiceSpec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
}

export function needsHealthCheck({ type, externalTrafficPolicy }: V1ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

export function* validateService({ metadata, spec = {} }: V1Service): Errors {
  const annotations = metadata?.annotations ?? {};
  const { [topologyMode]: mode, [topologyHints]: hints } = annotations;
  if (mode !== undefined && hints !== undefined && mode !== hints) {
    yield invalid(`metadata.annotations[${topologyMode}]`, mode, `must match annotations[${topologyHints}] when both are specified`);
  }
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') yield required('spec.ports');
  yield* validateType(spec);
  yield* validatePorts(ports);
  yield* validateLabels(spec.selector, 'spec.selector');
  yield* validateAffinity(spec);
  yield* validateClusterIps(spec);
  yield* validateExternalIps(spec.externalIPs ?? []);
  yield* requiredOneOf('spec.type', spec.type, types);
  yield* validatePortUse(spec, ports);
  yield* validateSourceRanges(spec, annotations[sourceRanges]);
  yield* validateLoadBalancerFields(spec);
  yield* validateTrafficPolicies(spec);
}

function* validateType(spec: V1ServiceSpec): Errors {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') {
    // Some clouds open the firewall wider than asked for.
    for (const [index, { port }] of spec.type === 'LoadBalancer' ? (spec.ports ?? []).entries() : []) {
      if (port === kubeletPort) yield invalid(`spec.ports[${index}]`, port, `may not expose port ${kubeletPort} externally since it is used by kubelet`);
    }
    if (isHeadless(spec)) yield invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  } else if (spec.type === 'ExternalName') {
    const detail = 'may not be set for ExternalName services';
    if ((spec.clusterIPs ?? []).length > 0) yield forbidden('spec.clusterIPs', detail);
    if ((spec.ipFamilies ?? []).length > 0) yield forbidden('spec.ipFamilies', detail);
    if (spec.ipFamilyPolicy !== undefined) yield forbidden('spec.ipFamilyPolicy', detail);
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (name === '') yield required('spec.externalName');
    else yield* dnsSubdomain('spec.externalName', name);
  }
}

function* validatePorts(ports: readonly V1ServicePort[]): Errors {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    if (port.name) {
      yield* dnsLabel(`${at}.name`, port.name);
      if (names.has(port.name)) yield duplicate(`${at}.name`, port.name);
      names.add(port.name);
    } else if (ports.length > 1) {
      yield required(`${at}.name`);
    }
    yield* invalidFor(`${at}.port`, port.port ?? 0, checkPortNumber(port.port ?? 0));
    yield* requiredOneOf(`${at}.protocol`, port.protocol, protocols);
    yield* portNumberOrName(`${at}.targetPort`, port.targetPort);
    if (port.appProtocol !== undefined) yield* qualifiedName(`${at}.appProtocol`, port.appProtocol);
  }
}

function* validateAffinity({ sessionAffinity, sessionAffinityConfig }: V1ServiceSpec): Errors {
  yield* requiredOneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  if (sessionAffinity === 'ClientIP') yield* validateAffinityConfig(sessionAffinityConfig, 'spec.sessionAffinityConfig');
  else if (sessionAffinity === 'None' && sessionAffinityConfig) yield forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None');
}

function* validateAffinityConfig(config: V1SessionAffinityConfig | undefined, field: string): Errors {
  const detail = 'when session affinity type is ClientIP';
  const seconds = config?.clientIP?.timeoutSeconds;
  if (!config) yield required(field, detail);
  else if (!config.clientIP) yield required(`${field}.clientIP`, detail);
  else if (seconds === undefined) yield required(`${field}.clientIP.timeoutSeconds`, detail);
  else if (seconds <= 0 || seconds > maxAffinitySeconds) {
    yield invalid(`${field}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`);
  }
}

function* validateExternalIps(addresses: readonly string[]): Errors {
  for (const [index, address] of addresses.entries()) {
    const at = `spec.externalIPs[${index}]`;
    const errors = [...validateIp(at, address)];
    if (errors.length > 0) yield* errors;
    else yield* validateNonSpecialIp(at, address);
  }
}

/** Node ports only where the type has them, and no port twice. */
function* validatePortUse({ type }: V1ServiceSpec, ports: readonly V1ServicePort[]): Errors {
  if (type === 'ClusterIP') {
    for (const [index, { nodePort }] of ports.entries()) if (nodePort) yield forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  }
  const nodePorts = new Set<string>();
  for (const [index, { protocol = '', nodePort }] of ports.entries()) {
    if (!nodePort) continue;
    if (nodePorts.has(`${protocol}/${nodePort}`)) yield duplicate(`spec.ports[${index}].nodePort`, nodePort);
    nodePorts.add(`${protocol}/${nodePort}`);
  }
  const used = new Set<string>();
  for (const [index, { protocol = '', port }] of ports.entries()) {
    if (used.has(`${protocol}/${port}`)) {
      const shown = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
      yield duplicate(`spec.ports[${index}]`, shown);
    }
    used.add(`${protocol}/${port}`);
  }
}

const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

function* validateSourceRanges({ type, loadBalancerSourceRanges: ranges = [] }: V1ServiceSpec, annotation: string | undefined): Errors {
  if (ranges.length > 0) {
    const field = 'spec.LoadBalancerSourceRanges';
    if (type !== 'LoadBalancer') yield forbidden(field, onlyLoadBalancer);
    for (const [index, range] of ranges.entries()) yield* validateCidr(`${field}[${index}]`, range.trim());
  } else if (annotation !== undefined) {
    const field = `metadata.annotations[${sourceRanges}]`;
    if (type !== 'LoadBalancer') yield forbidden(field, onlyLoadBalancer);
    if (annotation.trim() !== '') for (const range of annotation.split(',')) yield* validateCidr(field, range.trim());
  }
}

function* validateLoadBalancerFields({ type, allocateLoadBalancerNodePorts, loadBalancerClass }: V1ServiceSpec): Errors {
  if (type === 'LoadBalancer') {
    if (allocateLoadBalancerNodePorts === undefined) yield required('allocateLoadBalancerNodePorts');
    if (loadBalancerClass !== undefined) yield* qualifiedName('spec.loadBalancerClass', loadBalancerClass);
    return;
  }
  if (allocateLoadBalancerNodePorts !== undefined) yield forbidden('spec.allocateLoadBalancerNodePorts', onlyLoadBalancer);
  if (loadBalancerClass !== undefined) yield forbidden('spec.loadBalancerClass', onlyLoadBalancer);
}

function* validateTrafficPolicies(spec: V1ServiceSpec): Errors {
  const { externalTrafficPolicy, healthCheckNodePort, internalTrafficPolicy } = spec;
  if (isExternallyAccessible(spec)) yield* requiredOneOf('spec.externalTrafficPolicy', externalTrafficPolicy, ['Cluster', 'Local']);
  else if (externalTrafficPolicy) yield invalid('spec.externalTrafficPolicy', externalTrafficPolicy, 'may only be set for externally-accessible services');
  // That a service which needs a health check port has one is seen to when ports are allocated.
  if (healthCheckNodePort && needsHealthCheck(spec)) yield* invalidFor('spec.healthCheckNodePort', healthCheckNodePort, checkPortNumber(healthCheckNodePort));
  else if (healthCheckNodePort) {
    yield invalid('spec.healthCheckNodePort', healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
  }
  if (internalTrafficPolicy === undefined && spec.type !== 'ExternalName' && types.includes(spec.type ?? '')) yield required('spec.internalTrafficPolicy');
  yield* optionalOneOf('spec.internalTrafficPolicy', internalTrafficPolicy, ['Cluster', 'Local']);
  yield* optionalOneOf('spec.trafficDistribution', spec.trafficDistribution, ['PreferClose', 'PreferSameNode', 'PreferSameZone']);
}

export function* validateServiceUpdate(service: V1Service, old: V1Service): Errors {
  const spec = service.spec ?? {};
  const before = old.spec ?? {};
  if (spec.type === 'LoadBalancer' && before.type === 'LoadBalancer' && spec.loadBalancerClass !== before.loadBalancerClass) {
    yield invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set');
  }
  if (needsHealthCheck(before) && needsHealthCheck(spec) && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    yield forbidden('spec.healthCheckNodePort', 'field is immutable');
  }
  yield* validateService(service);
}

export function* validateServiceStatus({ spec, status }: V1Service): Errors {
  const field = 'status.loadBalancer.ingress';
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec?.type !== 'LoadBalancer' && ingress.length > 0) yield forbidden(field, 'may only be used when `spec.type` is "LoadBalancer"');
  else for (const [index, one] of ingress.entries()) yield* validateIngress(one, `${field}[${index}]`);
}

function* validateIngress({ ip, ipMode, hostname }: V1LoadBalancerIngress, field: string): Errors {
  if (ip) yield* validateIp(`${field}.ip`, ip);
  if (ipMode === undefined) {
    if (ip) yield required(`${field}.ipMode`, 'must be specified when `ip` is set');
  } else if (!ip) {
    yield forbidden(`${field}.ipMode`, 'may not be specified when `ip` is not set');
  } else {
    yield* oneOf(`${field}.ipMode`, ipMode, ['Proxy', 'VIP']);
  }
  if (!hostname) return;
  yield* invalidFor(`${field}.hostname`, hostname, checkDnsSubdomain(hostname));
  if (/^[\d.]+$/.test(hostname)) yield invalid(`${field}.hostname`, hostname, 'must be a DNS name, not an IP address');
}
