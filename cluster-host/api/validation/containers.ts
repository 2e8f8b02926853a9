/** Containers of pods: ordinary, init and ephemeral ones. */
import { duplicate, forbidden, invalid, notFound, notSupported, required, tooMany } from '../field-errors.ts';
import type { V1Container, V1ContainerPort, V1ContainerRestartRule, V1EphemeralContainer, V1PodSpec } from '../generated/types.ts';
import { checkPortName, checkPortNumber } from '../names.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, invalidFor, oneOf, requiredOneOf, requiredText } from './errors.ts';
import { probeNames, validateLifecycle, validateProbe } from './handlers.ts';
import { validateResourceRequirements } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';
import { validateVolumeDevices, validateVolumeMounts } from './volume-mounts.ts';
import type { Volumes } from './volumes.ts';
import { pullPolicies } from './volumes.ts';

/** What containers need to know of their pod. */
export interface ContainerContext {
  readonly spec: V1PodSpec;
  readonly volumes: Volumes;
  readonly claimNames: ReadonlySet<string>;
}

export const protocols = ['SCTP', 'TCP', 'UDP'];
const messagePolicies = ['File', 'FallbackToLogsOnError'];

/** Restart policies that a container may set for itself. */
const restartPolicies = ['Always', 'Never', 'OnFailure'];

export function isSidecar(container: V1Container): boolean {
  return container.restartPolicy === 'Always';
}

export function* validateContainers(context: ContainerContext, field: string): Errors {
  const { terminationGracePeriodSeconds: gracePeriod } = context.spec;
  const containers = context.spec.containers ?? [];
  if (containers.length === 0) {
    yield required(field);
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${field}[${index}]`;
    yield* validateContainer(container, context, at);
    if (names.has(container.name)) yield duplicate(`${at}.name`, container.name);
    names.add(container.name);
    yield* validateHooks(container, gracePeriod, at);
    yield* validateRestartPolicy(container, at);
  }
  yield* validateHostPortConflicts(containers, field);
}

export function* validateInitContainers(context: ContainerContext, field: string): Errors {
  const { containers, initContainers = [], terminationGracePeriodSeconds: gracePeriod } = context.spec;
  const names = new Set((containers ?? []).map(({ name }) => name));
  for (const [index, container] of initContainers.entries()) {
    const at = `${field}[${index}]`;
    yield* validateContainer(container, context, at);
    yield* validateRestartPolicy(container, at);
    if (names.has(container.name)) yield duplicate(`${at}.name`, container.name);
    else if (container.name) names.add(container.name);
    yield* validateHostPortConflicts([container], field);
    if (isSidecar(container)) yield* validateHooks(container, gracePeriod, at);
    else yield* forbidHooks(container, at);
  }
}

function* validateHooks(container: V1Container, gracePeriod: number | undefined, field: string): Errors {
  yield* validateLifecycle(container.lifecycle, `${field}.lifecycle`, gracePeriod);
  for (const name of probeNames) yield* validateProbe(name, container[name], `${field}.${name}`, gracePeriod);
}

function* forbidHooks(container: V1Container, field: string): Errors {
  for (const name of ['lifecycle', ...probeNames] as const) {
    if (container[name]) yield forbidden(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always');
  }
}

function* validateRestartPolicy({ restartPolicy, restartPolicyRules: rules = [] }: V1Container, field: string): Errors {
  if (restartPolicy === undefined) {
    if (rules.length > 0) yield required(`${field}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
    return;
  }
  yield* oneOf(`${field}.restartPolicy`, restartPolicy, restartPolicies);
  if (rules.length > 20) yield tooMany(`${field}.restartPolicyRules`, rules.length, 20);
  for (const [index, rule] of rules.entries()) yield* validateRestartRule(rule, `${field}.restartPolicyRules[${index}]`);
}

function* validateRestartRule({ action, exitCodes }: V1ContainerRestartRule, field: string): Errors {
  yield* oneOf(`${field}.action`, action, ['Restart', 'RestartAllContainers']);
  if (exitCodes === undefined) {
    yield required(`${field}.exitCodes`, 'must be specified');
    return;
  }
  yield* oneOf(`${field}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']);
  const count = exitCodes.values?.length ?? 0;
  if (count > 255) yield tooMany(`${field}.exitCodes.values`, count, 255);
}

/** Fields that make no sense in a container that is added to a running pod. */
const notInEphemeral = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resizePolicy', 'restartPolicy', 'restartPolicyRules'] as const;

export function* validateEphemeralContainers(context: ContainerContext, field: string): Errors {
  const { containers, initContainers = [], ephemeralContainers = [] } = context.spec;
  const others = new Set([...(containers ?? []), ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  for (const [index, container] of ephemeralContainers.entries()) {
    const at = `${field}[${index}]`;
    yield* validateContainer(container, context, at);
    yield* validateImageSpaces(container.image ?? '', `${at}.image`);
    if (names.has(container.name)) yield duplicate(`${at}.name`, container.name);
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) yield notFound(`${at}.targetContainerName`, target);
    yield* forbidInEphemeral(container, at);
  }
}

function* forbidInEphemeral(container: V1EphemeralContainer, field: string): Errors {
  const detail = 'cannot be set for an Ephemeral Container';
  for (const name of notInEphemeral) {
    const value = container[name];
    if (value !== undefined && !(name === 'resources' && Object.keys(value).length === 0)) yield forbidden(`${field}.${name}`, detail);
  }
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    if (mount.subPath) yield forbidden(`${field}.volumeMounts[${index}].subPath`, detail);
    if (mount.subPathExpr) yield forbidden(`${field}.volumeMounts[${index}].subPathExpr`, detail);
  }
}

/** Templates may have images with spaces around them: an old promise. */
export function* validateImageSpaces(image: string, field: string): Errors {
  if (image !== image.trim()) yield invalid(field, image, 'must not have leading or trailing whitespace');
}

function* validateContainer(container: V1Container, context: ContainerContext, field: string): Errors {
  if (container.name) yield* dnsLabel(`${field}.name`, container.name);
  else yield required(`${field}.name`);
  yield* requiredText(`${field}.image`, container.image);
  yield* requiredOneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies);
  yield* validatePorts(container.ports ?? [], `${field}.ports`);
  yield* validateEnv(container.env ?? [], context.volumes, `${field}.env`);
  yield* validateEnvFrom(container.envFrom ?? [], `${field}.envFrom`);
  yield* validateVolumeMounts(container, context.volumes, `${field}.volumeMounts`);
  yield* validateVolumeDevices(container, context.volumes, `${field}.volumeDevices`);
  yield* requiredOneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  yield* validateResourceRequirements(container.resources ?? {}, `${field}.resources`, context.claimNames);
  yield* validateResizePolicy(container, context.spec.restartPolicy, `${field}.resizePolicy`);
  yield* validateSecurityContext(container.securityContext, `${field}.securityContext`, context.spec.hostUsers !== false);
}

function* validatePorts(ports: readonly V1ContainerPort[], field: string): Errors {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${field}[${index}]`;
    if (port.name) {
      const problems = checkPortName(port.name);
      yield* invalidFor(`${at}.name`, port.name, problems);
      if (problems.length === 0 && names.has(port.name)) yield duplicate(`${at}.name`, port.name);
      if (problems.length === 0) names.add(port.name);
    }
    if (port.containerPort) yield* invalidFor(`${at}.containerPort`, port.containerPort, checkPortNumber(port.containerPort));
    else yield required(`${at}.containerPort`);
    if (port.hostPort) yield* invalidFor(`${at}.hostPort`, port.hostPort, checkPortNumber(port.hostPort));
    yield* requiredOneOf(`${at}.protocol`, port.protocol, protocols);
  }
}

function* validateHostPortConflicts(containers: readonly V1Container[], field: string): Errors {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [portIndex, { protocol = '', hostIP = '', hostPort }] of (container.ports ?? []).entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) yield duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key);
      taken.add(key);
    }
  }
}

function* validateResizePolicy({ resizePolicy = [] }: V1Container, podRestartPolicy: string | undefined, field: string): Errors {
  const seen = new Set<string>();
  for (const [index, { resourceName, restartPolicy }] of resizePolicy.entries()) {
    if (seen.has(resourceName)) yield duplicate(`${field}[${index}]`, resourceName);
    seen.add(resourceName);
    if (!resourceName) yield required(field);
    else if (resourceName !== 'cpu' && resourceName !== 'memory') yield notSupported(field, resourceName, ['cpu', 'memory']);
    yield* requiredOneOf(field, restartPolicy, ['NotRequired', 'RestartContainer']);
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') yield invalid(field, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
  }
}
