/** The baseline policy: a row a check, in the order in which findings are reported. */
import type { V1SELinuxOptions } from '../generated/types.ts';
import { containersOf, containersText, plural, quoted, settersText, sortedSet, valuesOf, type AnyContainer, type Check, type Finding, type PodLike } from './check.ts';

const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

export function seccompUnconfined({ spec }: PodLike): Finding | undefined {
  const setters = settersText(spec, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined');
  return setters === undefined ? undefined : { reason: 'seccompProfile', detail: `${setters} must not set securityContext.seccompProfile.type to "Unconfined"` };
}

export const seccompBaseline: Check = { since: 0, find: seccompUnconfined };

const defaultCapabilities: ReadonlySet<string> = new Set(['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT']);

export const capabilitiesBaseline: Check = {
  since: 0,
  find({ spec }) {
    const added = ({ securityContext }: AnyContainer): readonly string[] => (securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
    const bad = containersOf(spec).filter((container) => added(container).length > 0);
    if (bad.length === 0) return undefined;
    return { reason: 'non-default capabilities', detail: `${containersText(bad)} must not include ${quoted(sortedSet(bad.flatMap(added)))} in securityContext.capabilities.add` };
  },
};

function findAppArmor({ metadata, spec }: PodLike): Finding | undefined {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key, value]) => key.startsWith(appArmorAnnotation) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'));
  const type = settersText(spec, ({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined');
  const setters = [...(type === undefined ? [] : [type]), ...(annotations.length === 0 ? [] : [`${plural('annotation', annotations.length)} ${quoted(annotations.map(([key]) => key).toSorted())}`])];
  if (setters.length === 0) return undefined;
  const values = sortedSet([...(type === undefined ? [] : ['Unconfined']), ...annotations.map(([, value]) => value)]);
  return { reason: plural('forbidden AppArmor profile', values.length), detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}` };
}

function findHostNamespaces({ spec }: PodLike): Finding | undefined {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
}

function findHostPaths({ spec }: PodLike): Finding | undefined {
  const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined);
  return bad.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))}` };
}

function findHostPorts({ spec }: PodLike): Finding | undefined {
  const portsOf = ({ ports = [] }: AnyContainer): readonly string[] => ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)]));
  const bad = containersOf(spec).filter((container) => portsOf(container).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sortedSet(bad.flatMap(portsOf));
  return { reason: 'hostPort', detail: `${containersText(bad)} ${uses(bad.length)} ${plural('hostPort', ports.length)} ${ports.join(', ')}` };
}

function findProbeHosts({ spec }: PodLike): Finding | undefined {
  const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): readonly string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? '']).filter((host) => host !== '');
  const bad = containersOf(spec).filter((container) => hostsOf(container).length > 0).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (bad.length === 0) return undefined;
  const hosts = sortedSet(bad.flatMap(hostsOf));
  return { reason: 'probe or lifecycle host', detail: `${containersText(bad)} ${uses(bad.length)} ${plural('probe or lifecycle host', hosts.length)} ${quoted(hosts)}` };
}

function findPrivileged({ spec }: PodLike): Finding | undefined {
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.privileged === true);
  return bad.length === 0 ? undefined : { reason: 'privileged', detail: `${containersText(bad)} must not set securityContext.privileged=true` };
}

function findProcMount({ spec }: PodLike): Finding | undefined {
  // In a user namespace of its own a pod may see all of /proc.
  if (spec.hostUsers === false) return undefined;
  const mountOf = ({ securityContext }: AnyContainer): string => securityContext?.procMount ?? 'Default';
  const bad = containersOf(spec).filter((container) => mountOf(container) !== 'Default');
  return bad.length === 0 ? undefined : { reason: 'procMount', detail: `${containersText(bad)} must not set securityContext.procMount to ${quoted(sortedSet(bad.map(mountOf)))}` };
}

const seLinuxTypes: ReadonlySet<string> = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

function findSeLinux({ spec }: PodLike): Finding | undefined {
  const isBad = ({ type = '', user = '', role = '' }: V1SELinuxOptions): boolean => !seLinuxTypes.has(type) || user !== '' || role !== '';
  const setters = settersText(spec, ({ seLinuxOptions }) => seLinuxOptions !== undefined && isBad(seLinuxOptions));
  if (setters === undefined) return undefined;
  const all = valuesOf(spec, ({ seLinuxOptions }) => seLinuxOptions);
  const types = sortedSet(all.map(({ type = '' }) => type).filter((type) => !seLinuxTypes.has(type)));
  const faults = [
    ...(types.length === 0 ? [] : [`${plural('type', types.length)} ${quoted(types)}`]),
    ...(all.some(({ user = '' }) => user !== '') ? ['user may not be set'] : []),
    ...(all.some(({ role = '' }) => role !== '') ? ['role may not be set'] : []),
  ];
  return { reason: 'seLinuxOptions', detail: `${setters} set forbidden securityContext.seLinuxOptions: ${faults.join('; ')}` };
}

const safeSysctls: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  ...['ip_local_port_range', 'tcp_syncookies', 'ping_group_range', 'ip_unprivileged_port_start', 'ip_local_reserved_ports', 'tcp_keepalive_time', 'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes', 'tcp_rmem', 'tcp_wmem'].map((name) => `net.ipv4.${name}`),
]);

function findSysctls({ spec }: PodLike): Finding | undefined {
  const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safeSysctls.has(name));
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
}

function findHostProcess({ spec }: PodLike): Finding | undefined {
  const setters = settersText(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  return setters === undefined ? undefined : { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
}

function uses(count: number): string {
  return count === 1 ? 'uses' : 'use';
}

export const baselineChecks: readonly Check[] = [
  { since: 0, find: findAppArmor },
  capabilitiesBaseline,
  { since: 0, find: findHostNamespaces },
  { since: 0, find: findHostPaths },
  { since: 0, find: findHostPorts },
  { since: 34, find: findProbeHosts },
  { since: 0, find: findPrivileged },
  { since: 0, find: findProcMount },
  { since: 0, find: findSeLinux },
  seccompBaseline,
  { since: 0, find: findSysctls },
  { since: 0, find: findHostProcess },
];
