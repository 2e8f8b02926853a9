/** The ranges that cluster IPs come from, and the addresses that were given out. */
import { invalid, required } from '../field-errors.ts';
import type { V1IPAddress, V1ParentReference, V1ServiceCIDR } from '../generated/types.ts';
import { checkDnsSubdomain, checkPathSegment, nameIsDnsLabel } from '../names.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, unchanged } from '../validation/errors.ts';
import { canonicalIp, isIpv6, parseIp, validateStrictCidr } from '../validation/ip.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const group = 'networking.k8s.io';

export const serviceCidr = defineKind<V1ServiceCIDR>({
  group,
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  *validate({ spec }) {
    const cidrs = spec?.cidrs ?? [];
    if (cidrs.length === 0) {
      yield required('spec.cidrs', 'at least one CIDR required');
      return;
    }
    if (cidrs.length > 2) yield invalid('spec.cidrs', spec, 'may only hold up to 2 values');
    if (cidrs.length > 1 && new Set(cidrs.map(isIpv6)).size < 2) yield invalid('spec.cidrs', spec, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64');
    for (const [index, cidr] of cidrs.entries()) yield* validateStrictCidr(`spec.cidrs[${index}]`, cidr);
  },
  *validateUpdate({ spec }, old) {
    const cidrs = spec?.cidrs ?? [];
    const before = old.spec?.cidrs ?? [];
    if (cidrs.length === before.length) {
      for (const [index, cidr] of cidrs.entries()) yield* unchanged(`spec.cidrs[${index}]`, cidr, before[index]);
    } else if (before.length === 1 && cidrs.length === 2 && cidrs[0] === before[0]) {
      // A second family may be added.
      if (isIpv6(cidrs[0] ?? '') === isIpv6(cidrs[1] ?? '')) yield invalid('spec.cidrs', spec, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64');
      yield* validateStrictCidr('spec.cidrs[1]', cidrs[1] ?? '');
    } else {
      yield invalid('spec.cidrs', spec, 'field is immutable');
    }
  },
  status: {},
  columns: [text('CIDRs', 'The ranges.', ({ spec }) => (spec?.cidrs ?? []).join(',')), ageColumn],
});

export const ipAddress = defineKind<V1IPAddress>({
  group,
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  selectableFields: {
    'spec.parentRef.name': ({ spec }) => spec?.parentRef?.name ?? '',
    'spec.parentRef.namespace': ({ spec }) => spec?.parentRef?.namespace ?? '',
    'spec.parentRef.resource': ({ spec }) => spec?.parentRef?.resource ?? '',
    'spec.parentRef.group': ({ spec }) => spec?.parentRef?.group ?? '',
  },
  validateName(name) {
    const address = parseIp(name);
    if (address === undefined) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
    return canonicalIp(address) === name ? [] : [`must be in canonical form ("${canonicalIp(address)}")`];
  },
  *validate({ spec }) {
    yield* validateParent(spec?.parentRef, 'spec.parentRef');
  },
  *validateUpdate({ spec }, old) {
    if (!equal(spec?.parentRef, old.spec?.parentRef)) yield* unchanged('spec.parentRef', spec?.parentRef, old.spec?.parentRef);
  },
  columns: [text('ParentRef', 'What it was given to.', ({ spec }) => parentText(spec?.parentRef)), ageColumn],
});

function parentText(parent: V1ParentReference | undefined): string {
  if (!parent) return '';
  return [parent.group, parent.resource, parent.namespace, parent.name].filter(Boolean).join('/');
}

function* validateParent(parent: V1ParentReference | undefined, field: string): Errors {
  if (!parent) {
    yield required(field);
    return;
  }
  if (parent.group) yield* invalidFor(`${field}.group`, parent.group, checkDnsSubdomain(parent.group));
  for (const name of ['resource', 'name'] as const) {
    if (parent[name]) yield* invalidFor(`${field}.${name}`, parent[name], checkPathSegment(parent[name]));
    else yield required(`${field}.${name}`);
  }
  if (parent.namespace) yield* invalidFor(`${field}.namespace`, parent.namespace, nameIsDnsLabel(parent.namespace, false));
}
