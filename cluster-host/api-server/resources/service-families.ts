/** Which IP families the addresses of a service are of. The cluster has IPv4 only; headless services without selector are free to say otherwise. */
import { invalid as invalidField } from '../../api/field-errors.ts';
import type { FieldError } from '../../api/field-error.ts';
import type { V1Service, V1ServiceSpec } from '../../api/generated/types.ts';
import { validateClusterIps } from '../../api/validation/service-addresses.ts';
import { isIpv6 } from '../../api/validation/ip.ts';
import { invalid } from '../failure.ts';

/** Throws `ApiFailure` where addresses, families and policy do not go together. */
export function completeFamilies(service: V1Service, old: V1Service | undefined): void {
  const spec = (service.spec ??= {});
  if (spec.type === 'ExternalName') return;
  // Addresses of a headless service without selector are its owner's to choose, of any family.
  const free = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (free ? 'RequireDualStack' : 'SingleStack');
  refuse(service, [...validateClusterIps(spec)]);
  if (spec.ipFamilyPolicy === 'SingleStack' && old !== undefined) dropSecondary(spec, old.spec ?? {});
  refuse(service, [...policyErrors(spec, old?.spec ?? {}), ...inferFamilies(spec)]);
  if (!free) refuse(service, [...unconfigured(spec)]);
  const [first = 'IPv4'] = (spec.ipFamilies ??= []);
  if (spec.ipFamilies.length === 0) spec.ipFamilies.push(first);
  if (free && spec.ipFamilies.length < 2 && spec.ipFamilyPolicy !== 'SingleStack') spec.ipFamilies.push(first === 'IPv4' ? 'IPv6' : 'IPv4');
}

/** Asking for one family gives up the second, where neither list was changed by hand. */
function dropSecondary(spec: V1ServiceSpec, old: V1ServiceSpec): void {
  if (same(spec.clusterIPs, old.clusterIPs)) spec.clusterIPs?.splice(1);
  if (same(spec.ipFamilies, old.ipFamilies)) spec.ipFamilies?.splice(1);
}

function same(list: readonly string[] = [], other: readonly string[] = []): boolean {
  return list.length === other.length && list.every((item, index) => item === other[index]);
}

function* policyErrors(spec: V1ServiceSpec, old: V1ServiceSpec): Generator<FieldError> {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const wrong = (detail: string): FieldError => invalidField('spec.ipFamilyPolicy', ipFamilyPolicy, detail);
  const reduced = (list: readonly string[], before: readonly string[] = []): boolean => list.length === 1 && before.length === 2 && list[0] === before[0];
  if (ipFamilyPolicy !== 'SingleStack') {
    if (reduced(clusterIPs, old.clusterIPs)) yield wrong("must be 'SingleStack' to release the secondary cluster IP");
    if (reduced(ipFamilies, old.ipFamilies)) yield wrong("must be 'SingleStack' to release the secondary IP family");
    return;
  }
  const dual = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (clusterIPs.length === 2) yield wrong(`${dual} cluster IPs are specified`);
  if (ipFamilies.length === 2) yield wrong(`${dual} IP families are specified`);
}

/** Families that are not named follow from the addresses. */
function* inferFamilies(spec: V1ServiceSpec): Generator<FieldError> {
  const families = (spec.ipFamilies ??= []);
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === 'None') return;
    if (index < families.length) continue;
    if (isIpv6(address)) yield invalidField(`spec.clusterIPs[${index}]`, spec.clusterIPs, 'IPv6 is not configured on this cluster');
    else families.push('IPv4');
  }
}

function* unconfigured({ ipFamilyPolicy, ipFamilies = [] }: V1ServiceSpec): Generator<FieldError> {
  if (ipFamilyPolicy === 'RequireDualStack') yield invalidField('spec.ipFamilyPolicy', ipFamilyPolicy, 'this cluster is not configured for dual-stack services');
  for (const [index, family] of ipFamilies.entries()) {
    if (family !== 'IPv4') yield invalidField(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster');
  }
}

function refuse(service: V1Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: '', kind: 'Service' }, service.metadata?.name ?? '', errors);
}
