/** Settings for containers of Windows, and what a pod for one operating system may not set. */
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1Container, V1PodSpec, V1WindowsSecurityContextOptions } from '../generated/types.ts';
import { checkDnsSubdomain } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { invalidFor } from './errors.ts';

const maxCredentialSpecKiB = 64;
const maxDomainLength = 256;
const maxUserLength = 104;
const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export function* validateWindowsOptions(options: V1WindowsSecurityContextOptions | undefined, field: string): Errors {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options ?? {};
  if (gmsaCredentialSpecName !== undefined) yield* invalidFor(`${field}.gmsaCredentialSpecName`, gmsaCredentialSpecName, checkDnsSubdomain(gmsaCredentialSpecName));
  if (gmsaCredentialSpec !== undefined) {
    const at = `${field}.gmsaCredentialSpec`;
    if (gmsaCredentialSpec === '') yield invalid(at, '', 'gmsaCredentialSpec cannot be an empty string');
    else if (byteLength(gmsaCredentialSpec) > maxCredentialSpecKiB * 1024) yield invalid(at, gmsaCredentialSpec, `gmsaCredentialSpec size must be under ${maxCredentialSpecKiB} KiB`);
  }
  if (runAsUserName !== undefined) yield* invalidFor(`${field}.runAsUserName`, runAsUserName, checkUserName(runAsUserName));
}

function checkUserName(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (/\p{Cc}/u.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const user = parts.at(-1) ?? '';
  const problems: string[] = [];
  if (domain !== undefined) {
    if (byteLength(domain) >= maxDomainLength) problems.push(`runAsUserName's Domain length must be under ${maxDomainLength} characters`);
    if (!netBiosDomain.test(domain) && !dnsDomain.test(domain)) problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (byteLength(user) > maxUserLength) problems.push(`runAsUserName's User length must not be longer than ${maxUserLength} characters`);
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return problems;
}

/** Every container of a pod with its field: init containers first, as Kubernetes visits them. */
export function* containersOf(spec: V1PodSpec, field: string): Generator<readonly [V1Container, string], void, undefined> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) yield [container, `${field}.${list}[${index}]`];
  }
}

/** HostProcess containers: all or none of a pod, and in the host's network. */
export function* validateHostProcess(spec: V1PodSpec, field: string): Errors {
  const podValue = spec.securityContext?.windowsOptions?.hostProcess;
  let total = 0;
  let hostProcesses = 0;
  for (const [container, at] of containersOf(spec, field)) {
    total++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (podValue !== undefined && own !== undefined && podValue !== own) {
      yield invalid(`${at}.securityContext.windowsOptions.hostProcess`, own, `pod hostProcess value must be identical if both are specified, was ${podValue}`);
    }
    if (own ?? podValue) hostProcesses++;
  }
  if (hostProcesses === 0) return;
  if (hostProcesses !== total) yield invalid(field, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers');
  if (spec.hostNetwork !== true) yield invalid(`${field}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers');
}

const linuxPodFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
] as const;
const linuxSpecFields = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'] as const;
const linuxContainerFields = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

export function* validateOs(spec: V1PodSpec, field: string): Errors {
  const { os } = spec;
  if (os === undefined) return;
  if (!os.name) yield required(`${field}.os.name`, 'cannot be empty');
  else if (os.name === 'windows') yield* forbidLinuxFields(spec, field);
  else if (os.name === 'linux') yield* forbidWindowsFields(spec, field);
  else yield notSupported(`${field}.os`, os.name, ['linux', 'windows']);
}

function* forbidLinuxFields(spec: V1PodSpec, field: string): Errors {
  const detail = 'cannot be set for a windows pod';
  for (const name of linuxPodFields) if (spec.securityContext?.[name] !== undefined) yield forbidden(`${field}.securityContext.${name}`, detail);
  for (const name of linuxSpecFields) {
    const value = spec[name];
    const unset = name === 'hostPID' || name === 'hostIPC' ? value !== true : value === undefined;
    if (!unset) yield forbidden(`${field}.${name}`, detail);
  }
  for (const [{ securityContext }, at] of containersOf(spec, field)) {
    for (const name of linuxContainerFields) if (securityContext?.[name] !== undefined) yield forbidden(`${at}.securityContext.${name}`, detail);
  }
}

function* forbidWindowsFields(spec: V1PodSpec, field: string): Errors {
  const detail = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) yield forbidden(`${field}.securityContext.windowsOptions`, detail);
  for (const [{ securityContext }, at] of containersOf(spec, field)) {
    if (securityContext?.windowsOptions) yield forbidden(`${at}.securityContext.windowsOptions`, detail);
  }
}
