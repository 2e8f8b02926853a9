/** The spec of a pod, its own or in a template (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/). */
import { duplicate, forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1HostAlias, V1ObjectMeta, V1PodResourceClaim, V1PodSchedulingGate, V1PodSpec, V1Volume } from '../generated/types.ts';
import { nameIsDnsSubdomain, rangeMessage } from '../names.ts';
import { validateAffinity } from './affinity.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.ts';
import { validateDnsConfig } from './dns-config.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, dnsSubdomain, invalidFor, optionalOneOf, qualifiedName, requiredOneOf } from './errors.ts';
import { validateIp } from './ip.ts';
import { validateLabels } from './object-meta.ts';
import { validatePodResources } from './pod-resources.ts';
import { validateResourceRequirements } from './resources.ts';
import { validateHostUsers, validatePodSecurityContext } from './security-context.ts';
import { validateTolerations } from './taints.ts';
import { validateTopologySpread } from './topology-spread.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess, validateOs } from './windows-options.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const maxInt32 = 2 ** 31 - 1;

/** `podMeta` is the metadata of the pod that has this spec; undefined for the spec of a template. */
export function* validatePodSpec(spec: V1PodSpec, podMeta: V1ObjectMeta | undefined, field: string): Errors {
  if (spec.terminationGracePeriodSeconds === undefined) yield required(`${field}.terminationGracePeriodSeconds`);
  const volumes = new Map<string, V1Volume>();
  yield* validateVolumes(spec.volumes ?? [], podMeta, `${field}.volumes`, volumes);
  yield* validateResourceClaims(spec.resourceClaims ?? [], `${field}.resourceClaims`);
  const claimNames = new Set((spec.resourceClaims ?? []).map(({ name }) => name).filter(Boolean));
  const context = { spec, volumes, claimNames };
  yield* validateContainers(context, `${field}.containers`);
  yield* validateInitContainers(context, `${field}.initContainers`);
  yield* validateEphemeralContainers(context, `${field}.ephemeralContainers`);
  yield* validatePodResources(spec, claimNames, `${field}.resources`);
  yield* validateHostNetworkPorts(spec, podMeta !== undefined, field);
  yield* requiredOneOf(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies);
  yield* requiredOneOf(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies);
  yield* validateLabels(spec.nodeSelector, `${field}.nodeSelector`);
  yield* validatePodSecurityContext(spec, `${field}.securityContext`);
  yield* validateAffinity(spec.affinity, `${field}.affinity`);
  yield* validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${field}.dnsConfig`);
  yield* validateGates(spec, field);
  yield* validateTopologySpread(spec.topologySpreadConstraints ?? [], `${field}.topologySpreadConstraints`);
  yield* validateHostProcess(spec, field);
  yield* validateHostUsers(spec, field);
  yield* validateNames(spec, field);
  yield* validateOs(spec, field);
}

function* validateGates(spec: V1PodSpec, field: string): Errors {
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    yield* qualifiedName(`${field}.readinessGates[${index}].conditionType`, conditionType ?? '');
  }
  yield* validateSchedulingGates(spec.schedulingGates ?? [], `${field}.schedulingGates`);
}

function* validateSchedulingGates(gates: readonly V1PodSchedulingGate[], field: string): Errors {
  const seen = new Set<string>();
  for (const [index, { name }] of gates.entries()) {
    yield* qualifiedName(`${field}[${index}]`, name ?? '');
    if (seen.has(name)) yield duplicate(`${field}[${index}]`, name);
    seen.add(name);
  }
}

function* validateNames(spec: V1PodSpec, field: string): Errors {
  if (spec.serviceAccountName) yield* dnsSubdomain(`${field}.serviceAccountName`, spec.serviceAccountName);
  if (spec.nodeName) yield* dnsSubdomain(`${field}.nodeName`, spec.nodeName);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxInt32)) yield invalid(`${field}.activeDeadlineSeconds`, deadline, rangeMessage(1, maxInt32));
  if (spec.hostname) yield* dnsLabel(`${field}.hostname`, spec.hostname);
  if (spec.subdomain) yield* dnsLabel(`${field}.subdomain`, spec.subdomain);
  yield* validateHostnameOverride(spec, field);
  yield* validateTolerations(spec.tolerations ?? [], `${field}.tolerations`);
  yield* validateHostAliases(spec.hostAliases ?? [], `${field}.hostAliases`);
  if (spec.priorityClassName) yield* dnsSubdomain(`${field}.priorityClassName`, spec.priorityClassName);
  if (spec.runtimeClassName !== undefined) yield* dnsSubdomain(`${field}.runtimeClassName`, spec.runtimeClassName);
  yield* optionalPreemptionPolicy(`${field}.preemptionPolicy`, spec.preemptionPolicy);
  if (spec.overhead) yield* validateResourceRequirements({ limits: spec.overhead }, `${field}.overhead`, new Set());
}

export function* optionalPreemptionPolicy(field: string, policy: string | undefined): Errors {
  if (policy === '') yield required(field);
  else yield* optionalOneOf(field, policy, ['PreemptLowerPriority', 'Never']);
}

function* validateHostnameOverride({ hostnameOverride, setHostnameAsFQDN, hostNetwork }: V1PodSpec, field: string): Errors {
  if (hostnameOverride === undefined) return;
  const at = `${field}.hostnameOverride`;
  if (setHostnameAsFQDN === true) yield forbidden(at, 'may not be set when `setHostnameAsFQDN` is true');
  if (hostNetwork === true) yield forbidden(at, 'may not be set when `hostNetwork` is true');
  yield* dnsSubdomain(at, hostnameOverride);
}

/** In the host's network a container listens on the host's ports: the two numbers are one. */
function* validateHostNetworkPorts({ hostNetwork, containers }: V1PodSpec, isPod: boolean, field: string): Errors {
  if (hostNetwork !== true) return;
  for (const [index, { ports = [] }] of (containers ?? []).entries()) {
    for (const [portIndex, { hostPort = 0, containerPort = 0 }] of ports.entries()) {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) continue;
      yield invalid(`${field}.containers[${index}].ports[${portIndex}].hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true');
    }
  }
}

function* validateHostAliases(aliases: readonly V1HostAlias[], field: string): Errors {
  for (const [index, { ip, hostnames = [] }] of aliases.entries()) {
    yield* validateIp(`${field}[${index}].ip`, ip ?? '');
    for (const [nameIndex, name] of hostnames.entries()) yield* dnsSubdomain(`${field}[${index}].hostnames[${nameIndex}]`, name);
  }
}

function* validateResourceClaims(claims: readonly V1PodResourceClaim[], field: string): Errors {
  const seen = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = `${field}[${index}]`;
    if (!claim.name) yield required(`${at}.name`);
    else if (seen.has(claim.name)) yield duplicate(`${at}.name`, claim.name);
    else yield* dnsLabel(`${at}.name`, claim.name);
    seen.add(claim.name);
    const { resourceClaimName: claimName, resourceClaimTemplateName: templateName } = claim;
    if (claimName !== undefined && templateName !== undefined) {
      yield invalid(at, claim, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified');
    }
    if (claimName === undefined && templateName === undefined) {
      yield invalid(at, claim, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    }
    if (claimName !== undefined) yield* invalidFor(`${at}.resourceClaimName`, claimName, nameIsDnsSubdomain(claimName, false));
    if (templateName !== undefined) yield* invalidFor(`${at}.resourceClaimTemplateName`, templateName, nameIsDnsSubdomain(templateName, false));
  }
}

/** A template may restart its pods always and nothing else. */
export function* onlyAlways(restartPolicy: string | undefined, field: string): Errors {
  if (restartPolicy !== 'Always') yield notSupported(field, restartPolicy ?? '', ['Always']);
}
