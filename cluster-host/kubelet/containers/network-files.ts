/** A pod's `/etc/hosts` and `/etc/resolv.conf` (kubernetes.io/docs/concepts/services-networking/dns-pod-service). Pure. */
import type { V1Pod } from '../../api/generated/types.ts';
import { nameOf, namespaceOf } from '../pods/pod-facts.ts';

export interface ClusterDns {
  readonly ip: string;
  /** `cluster.local`. */
  readonly domain: string;
}

const mostHostnameLetters = 63;

export function hostnameOf(pod: V1Pod): string {
  const { hostname, hostnameOverride } = pod.spec as { hostname?: string; hostnameOverride?: string };
  if (hostnameOverride !== undefined) return hostnameOverride;
  const short = hostname !== undefined && hostname !== '' ? hostname : nameOf(pod).slice(0, mostHostnameLetters).replace(/[-.]+$/, '');
  return short;
}

/** `host.subdomain.namespace.svc.domain`, undefined for a pod without a subdomain. */
export function fullHostname(pod: V1Pod, { domain }: ClusterDns): string | undefined {
  const subdomain = pod.spec?.subdomain;
  return subdomain === undefined || subdomain === '' ? undefined : `${hostnameOf(pod)}.${subdomain}.${namespaceOf(pod)}.svc.${domain}`;
}

export function hostsFile(pod: V1Pod, ip: string, dns: ClusterDns): string {
  const full = fullHostname(pod, dns);
  const own = full === undefined ? `${ip}\t${hostnameOf(pod)}` : `${ip}\t${full}\t${hostnameOf(pod)}`;
  const aliases = (pod.spec?.hostAliases ?? []).map((alias) => `${alias.ip}\t${(alias.hostnames ?? []).join('\t')}`);
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    own,
    ...(aliases.length === 0 ? [] : ['', '# Entries added by HostAliases.', ...aliases]),
    '',
  ].join('\n');
}

/** Undefined where the pod uses its node's resolver as it is. */
export function resolverFile(pod: V1Pod, { ip, domain }: ClusterDns): string | undefined {
  const { dnsPolicy = 'ClusterFirst', hostNetwork, dnsConfig } = pod.spec ?? {};
  const ofCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && hostNetwork !== true);
  if (!ofCluster && dnsPolicy !== 'None') return undefined;
  const namespace = namespaceOf(pod);
  const servers = ofCluster ? [ip] : [];
  const searches = ofCluster ? [`${namespace}.svc.${domain}`, `svc.${domain}`, domain] : [];
  const options = new Map(ofCluster ? [['ndots', '5']] : []);
  for (const { name = '', value } of dnsConfig?.options ?? []) options.set(name, value ?? '');
  return [
    ...unique([...servers, ...(dnsConfig?.nameservers ?? [])]).map((server) => `nameserver ${server}`),
    ...line('search', unique([...searches, ...(dnsConfig?.searches ?? [])])),
    ...line('options', [...options].map(([name, value]) => (value === '' ? name : `${name}:${value}`))),
    '',
  ].join('\n');
}

function line(keyword: string, words: readonly string[]): string[] {
  return words.length === 0 ? [] : [`${keyword} ${words.join(' ')}`];
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
