/** Security settings of pods and containers. */
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../field-errors.ts';
import type { V1AppArmorProfile, V1PodSecurityContext, V1PodSpec, V1SeccompProfile, V1SecurityContext, V1Sysctl } from '../generated/types.ts';
import { checkId } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { invalidFor, optionalOneOf } from './errors.ts';
import { descendingPath } from './paths.ts';
import { validateWindowsOptions } from './windows-options.ts';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function* id(field: string, value: number | undefined): Errors {
  if (value !== undefined) yield* invalidFor(field, value, checkId(value));
}

export function* validateSecurityContext(context: V1SecurityContext | undefined, field: string, hostUsers: boolean): Errors {
  if (context === undefined) return;
  yield* id(`${field}.runAsUser`, context.runAsUser);
  yield* id(`${field}.runAsGroup`, context.runAsGroup);
  yield* optionalOneOf(`${field}.procMount`, context.procMount, ['Default', 'Unmasked']);
  if (hostUsers && context.procMount === 'Unmasked') yield invalid(`${field}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`');
  yield* validateSeccomp(context.seccompProfile, `${field}.seccompProfile`);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) yield invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
    for (const capability of context.capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') yield invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
    }
  }
  yield* validateWindowsOptions(context.windowsOptions, `${field}.windowsOptions`);
  yield* validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`);
}

export function* validatePodSecurityContext(spec: V1PodSpec, field: string): Errors {
  const context = spec.securityContext;
  if (context === undefined) return;
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'] as const) yield* id(`${field}.${name}`, context[name]);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) yield* id(`${field}.supplementalGroups[${index}]`, group);
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    yield invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  }
  yield* validateSysctls(context.sysctls ?? [], spec, `${field}.sysctls`);
  yield* validatePolicies(context, field);
}

function* validatePolicies(context: V1PodSecurityContext, field: string): Errors {
  yield* optionalOneOf(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  yield* validateSeccomp(context.seccompProfile, `${field}.seccompProfile`);
  yield* validateWindowsOptions(context.windowsOptions, `${field}.windowsOptions`);
  yield* validateAppArmor(context.appArmorProfile, `${field}.appArmorProfile`);
  yield* optionalOneOf(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']);
  yield* optionalOneOf(`${field}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['MountOption', 'Recursive']);
}

function* validateSeccomp(profile: V1SeccompProfile | undefined, field: string): Errors {
  if (profile === undefined) return;
  if (!profile.type) yield required(`${field}.type`, 'type is required when seccompProfile is set');
  else if (!profileTypes.includes(profile.type)) yield notSupported(`${field}.type`, profile.type, profileTypes);
  const at = `${field}.localhostProfile`;
  if (profile.type !== 'Localhost') {
    if (profile.localhostProfile !== undefined) yield invalid(at, profile, 'can only be set when seccomp type is Localhost');
  } else if (profile.localhostProfile === undefined) {
    yield required(at, 'must be set when seccomp type is Localhost');
  } else {
    yield* descendingPath(at, profile.localhostProfile);
  }
}

function* validateAppArmor(profile: V1AppArmorProfile | undefined, field: string): Errors {
  if (profile === undefined) return;
  const { type, localhostProfile } = profile;
  const at = `${field}.localhostProfile`;
  if (type === 'Localhost') {
    if (!localhostProfile?.trim()) yield localhostProfile ? invalid(at, localhostProfile, 'must not be padded with whitespace') : required(at, 'must be set when AppArmor type is Localhost');
    else if (localhostProfile !== localhostProfile.trim()) yield invalid(at, localhostProfile, 'must not be padded with whitespace');
    if (byteLength(localhostProfile ?? '') > 4095) yield tooLong(at, 4095);
  } else if (!type) {
    yield required(`${field}.type`, 'type is required when appArmorProfile is set');
  } else if (!profileTypes.includes(type)) {
    yield notSupported(`${field}.type`, type, profileTypes);
  } else if (localhostProfile !== undefined) {
    yield invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost');
  }
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlPattern = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlRegex = new RegExp(sysctlPattern);

const ipcSysctls = /^kernel\.(?:shm|msg|sem)|^fs\.mqueue\./;

function* validateSysctls(sysctls: readonly V1Sysctl[], spec: V1PodSpec, field: string): Errors {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of sysctls.entries()) {
    const at = `${field}[${index}].name`;
    if (name === '') yield required(at);
    else if (byteLength(name) > 253 || !sysctlRegex.test(name)) yield invalid(at, name, `must have at most 253 characters and match regex ${sysctlPattern}`);
    else if (seen.has(name)) yield duplicate(at, name);
    seen.add(name);
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork === true && dotted.startsWith('net.')) yield invalid(at, name, "may not be specified when 'hostNetwork' is true");
    else if (spec.hostIPC === true && ipcSysctls.test(dotted)) yield invalid(at, name, "may not be specified when 'hostIPC' is true");
  }
}

/** A pod with its own user namespace cannot share other namespaces of the host. */
export function* validateHostUsers(spec: V1PodSpec, field: string): Errors {
  if (spec.hostUsers !== false) return;
  const detail = 'when `pod.Spec.HostUsers` is false';
  if (spec.hostNetwork === true) yield forbidden(`${field}.hostNetwork`, detail);
  if (spec.hostPID === true) yield forbidden(`${field}.HostPID`, detail);
  if (spec.hostIPC === true) yield forbidden(`${field}.HostIPC`, detail);
}
