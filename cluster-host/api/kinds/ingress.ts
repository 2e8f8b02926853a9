import { invalid, notSupported, required } from '../field-errors.ts';
import type { V1HTTPIngressPath, V1Ingress, V1IngressBackend, V1IngressRule, V1IngressSpec, V1IngressTLS, V1TypedLocalObjectReference } from '../generated/types.ts';
import { checkDnsSubdomain, checkPathSegment, checkPortName, checkPortNumber, checkWildcardDnsSubdomain, nameIsDns1035Label } from '../names.ts';
import type { Errors } from '../validation/errors.ts';
import { dnsSubdomain, invalidFor, requiredText } from '../validation/errors.ts';
import { parseIp, validateIp } from '../validation/ip.ts';
import { ageColumn, none, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badSuffixes = ['/..', '/.'];
const maxHosts = 3;

export const ingress = defineKind<V1Ingress>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  generationOf: ['spec'],
  *validate({ metadata, spec = {} }) {
    yield* validateSpec(spec);
    const annotated = metadata?.annotations?.[classAnnotation];
    if (annotated !== undefined && spec.ingressClassName !== undefined && annotated !== spec.ingressClassName) {
      yield invalid(`annotations.${classAnnotation}`, annotated, 'must match `ingressClassName` when both are specified');
    }
  },
  *validateUpdate({ spec = {} }) {
    yield* validateSpec(spec);
  },
  status: {
    *validateUpdate({ status }) {
      for (const [index, { ip, hostname }] of (status?.loadBalancer?.ingress ?? []).entries()) {
        const at = `status.loadBalancer.ingress[${index}]`;
        if (ip) yield* validateIp(`${at}.ip`, ip);
        if (hostname) yield* invalidFor(`${at}.hostname`, hostname, checkDnsSubdomain(hostname));
        if (hostname && parseIp(hostname)) yield invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address');
      }
    },
  },
  warnings: ({ metadata }, old) => {
    const annotated = metadata?.annotations?.[classAnnotation] !== undefined && old?.metadata?.annotations?.[classAnnotation] === undefined;
    return annotated && old === undefined ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`] : [];
  },
  columns: [
    text('Class', 'Which controller serves it.', ({ metadata, spec }) => spec?.ingressClassName ?? metadata?.annotations?.[classAnnotation] ?? none),
    text('Hosts', 'Hosts it answers for.', ({ spec }) => hostsText(spec?.rules ?? [])),
    text('Address', 'Where it is reached.', ({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').toSorted().join(',')),
    text('Ports', 'Ports of it.', ({ spec }) => ((spec?.tls ?? []).length > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
});

function hostsText(rules: readonly V1IngressRule[]): string {
  const hosts: string[] = [];
  for (const { host } of rules) {
    if (hosts.length === maxHosts) return `${hosts.join(',')} + ${rules.length - maxHosts} more...`;
    if (host) hosts.push(host);
  }
  return hosts.join(',') || '*';
}

function* validateSpec(spec: V1IngressSpec): Errors {
  const rules = spec.rules ?? [];
  if (rules.length === 0 && !spec.defaultBackend) yield invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
  if (spec.defaultBackend) yield* validateBackend(spec.defaultBackend, 'spec.defaultBackend');
  for (const [index, rule] of rules.entries()) yield* validateRule(rule, `spec.rules[${index}]`);
  for (const [index, tls] of (spec.tls ?? []).entries()) yield* validateTls(tls, `spec.tls[${index}]`);
  if (spec.ingressClassName !== undefined) yield* dnsSubdomain('spec.ingressClassName', spec.ingressClassName);
}

function* validateHost(field: string, host: string): Errors {
  yield* invalidFor(field, host, host.includes('*') ? checkWildcardDnsSubdomain(host) : checkDnsSubdomain(host));
}

function* validateTls({ hosts = [], secretName }: V1IngressTLS, field: string): Errors {
  for (const [index, host] of hosts.entries()) yield* validateHost(`${field}.hosts[${index}]`, host);
  if (secretName) yield* dnsSubdomain(`${field}.secretName`, secretName);
}

function* validateRule({ host, http }: V1IngressRule, field: string): Errors {
  if (host) {
    if (parseIp(host)) yield invalid(`${field}.host`, host, 'must be a DNS name, not an IP address');
    yield* validateHost(`${field}.host`, host);
  }
  if (!http) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) yield required(`${field}.http.paths`);
  for (const [index, path] of paths.entries()) yield* validatePath(path, `${field}.http.paths[${index}]`);
}

function* validatePath({ path = '', pathType, backend }: V1HTTPIngressPath, field: string): Errors {
  if (pathType === undefined || pathType === null) {
    yield required(`${field}.pathType`, 'pathType must be specified');
    return;
  }
  const at = `${field}.path`;
  const relative = !path.startsWith('/');
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (relative) yield invalid(at, path, 'must be an absolute path');
    for (const sequence of badSequences) if (path.includes(sequence)) yield invalid(at, path, `must not contain '${sequence}'`);
    for (const suffix of badSuffixes) if (path.endsWith(suffix)) yield invalid(at, path, `cannot end with '${suffix}'`);
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && relative) yield invalid(at, path, 'must be an absolute path');
  } else {
    yield notSupported(`${field}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix']);
  }
  yield* validateBackend(backend ?? {}, `${field}.backend`);
}

function* validateBackend({ resource, service }: V1IngressBackend, field: string): Errors {
  if (resource && service) {
    yield invalid(field, '', 'cannot set both resource and service backends');
  } else if (resource) {
    yield* validateTypedReference(resource, `${field}.resource`);
  } else if (!service) {
    yield invalid(field, '', 'resource or service backend is required');
  } else {
    if (service.name) yield* invalidFor(`${field}.service.name`, service.name, nameIsDns1035Label(service.name, false));
    else yield required(`${field}.service.name`);
    const { name, number } = service.port ?? {};
    if (name && number) yield invalid(field, '', 'cannot set both port name & port number');
    else if (name) yield* invalidFor(`${field}.service.port.name`, name, checkPortName(name));
    else if (number) yield* invalidFor(`${field}.service.port.number`, number, checkPortNumber(number));
    else yield required(field, 'port name or number is required');
  }
}

/** A reference to any kind of object in the same place. */
export function* validateTypedReference({ apiGroup, kind, name }: V1TypedLocalObjectReference, field: string): Errors {
  if (apiGroup !== undefined) yield* invalidFor(`${field}.apiGroup`, apiGroup, checkDnsSubdomain(apiGroup));
  yield* requiredText(`${field}.kind`, kind, 'kind is required');
  if (kind) yield* invalidFor(`${field}.kind`, kind, checkPathSegment(kind));
  yield* requiredText(`${field}.name`, name, 'name is required');
  if (name) yield* invalidFor(`${field}.name`, name, checkPathSegment(name));
}
