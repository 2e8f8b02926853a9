/** What a kubelet may not do to the status of its pods. */
import { duplicate, forbidden, invalid } from '../field-errors.ts';
import type { V1ContainerStatus, V1Pod, V1PodSpec } from '../generated/types.ts';
import { checkId, nameIsDnsSubdomain } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, qualifiedName, unchanged } from './errors.ts';
import { validateDualStack, validateIp } from './ip.ts';

const ownConditions = ['PodScheduled', 'Ready', 'Initialized'];

export function* validatePodStatusUpdate(pod: V1Pod, old: V1Pod): Errors {
  const { status = {}, spec = { containers: [] } } = pod;
  const before = old.status ?? {};
  for (const [index, { type }] of (status.conditions ?? []).entries()) {
    if (!ownConditions.includes(type)) yield* qualifiedName(`metadata.conditions[${index}].Type`, type ?? '');
  }
  if ((spec.nodeName ?? '') !== (old.spec?.nodeName ?? '')) yield forbidden('status.nodeName', 'may not be changed directly');
  const nominated = status.nominatedNodeName;
  if (nominated && nominated !== before.nominatedNodeName) yield* invalidFor('status.nominatedNodeName', nominated, nameIsDnsSubdomain(nominated, false));
  yield* unchanged('status.qosClass', status.qosClass, before.qosClass);
  const policy = old.spec?.restartPolicy;
  yield* validateTransitions(status.containerStatuses, before.containerStatuses, policy, [], 'status.containerStatuses');
  yield* validateTransitions(status.initContainerStatuses, before.initContainerStatuses, policy, sidecarNames(old.spec), 'status.initContainerStatuses');
  yield* validateTransitions(status.ephemeralContainerStatuses, before.ephemeralContainerStatuses, 'Never', [], 'status.ephemeralContainerStatuses');
  yield* validateClaimStatuses(pod);
  yield* validateIps(pod);
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const) {
    yield* validateUsers(status[list] ?? [], spec.os?.name, `status.${list}`);
  }
}

function sidecarNames(spec: V1PodSpec | undefined): string[] {
  return (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name);
}

/** A container that ended for good does not start again. */
function* validateTransitions(
  statuses: readonly V1ContainerStatus[] = [],
  old: readonly V1ContainerStatus[] = [],
  restartPolicy: string | undefined,
  restartable: readonly string[],
  field: string,
): Errors {
  if (restartPolicy === 'Always') return;
  for (const [index, before] of old.entries()) {
    const ended = before.state?.terminated;
    if (!ended || (ended.exitCode !== 0 && restartPolicy === 'OnFailure') || restartable.includes(before.name)) continue;
    if (statuses.some(({ name, state }) => name === before.name && !state?.terminated)) {
      yield forbidden(`${field}[${index}].state`, 'may not be transitioned to non-terminated state');
    }
  }
}

function* validateClaimStatuses({ spec, status }: V1Pod): Errors {
  const seen = new Set<string>();
  for (const [index, { name, resourceClaimName }] of (status?.resourceClaimStatuses ?? []).entries()) {
    const at = `status.resourceClaimStatuses[${index}].name`;
    if (!(spec?.resourceClaims ?? []).some((claim) => claim.name === name)) yield invalid(at, name, 'must match the name of an entry in `spec.resourceClaims`');
    if (seen.has(name)) yield duplicate(at, name);
    seen.add(name);
    if (resourceClaimName !== undefined) yield* invalidFor(at, resourceClaimName, nameIsDnsSubdomain(resourceClaimName, false));
  }
}

function* validateIps({ status = {} }: V1Pod): Errors {
  const podIps = status.podIPs ?? [];
  for (const [index, { ip }] of podIps.entries()) yield* validateIp(`status.podIPs[${index}]`, ip ?? '');
  yield* validateDualStack('status.podIPs', podIps.map(({ ip }) => ip), podIps, 'IP');
  const hostIps = status.hostIPs ?? [];
  if (hostIps.length === 0) return;
  const first = hostIps[0]?.ip ?? '';
  if (first !== (status.hostIP ?? '')) yield invalid('status.hostIPs[0].ip', first, 'must be equal to `hostIP`');
  for (const [index, { ip }] of hostIps.entries()) yield* validateIp(`status.hostIPs[${index}]`, ip ?? '');
  yield* validateDualStack('status.hostIPs', hostIps.map(({ ip }) => ip), hostIps, 'IP');
}

function* validateUsers(statuses: readonly V1ContainerStatus[], os: string | undefined, field: string): Errors {
  for (const [index, { user }] of statuses.entries()) {
    if (!user?.linux) continue;
    const at = `${field}[${index}].linux`;
    if (os === 'windows') {
      yield forbidden(at, 'cannot be set for a windows pod');
      continue;
    }
    yield* invalidFor(`${at}.uid`, user.linux.uid, checkId(user.linux.uid));
    yield* invalidFor(`${at}.gid`, user.linux.gid, checkId(user.linux.gid));
    for (const [group, id] of (user.linux.supplementalGroups ?? []).entries()) yield* invalidFor(`${at}.supplementalGroups[${group}]`, id, checkId(id));
  }
}
