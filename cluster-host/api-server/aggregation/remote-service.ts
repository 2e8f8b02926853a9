/** An APIService that another server answers for: where it is, and what is wrong where it cannot be reached. Pure. */
import type { V1APIService, V1APIServiceCondition, V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { equal } from '../../api/values.ts';
import { serviceTarget } from '../proxy-target.ts';
import type { ServicePlace } from '../admission/webhooks/webhook-caller.ts';

/** Of the group that `v1.metrics.example.com` names. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export type Availability = { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string };

export const passed: Availability = { status: 'True', reason: 'Passed', message: 'all checks passed' };

export function discoveryFailed(url: string, why: string): Availability {
  return { status: 'False', reason: 'FailedDiscoveryCheck', message: `failing or missing response from ${url}: ${why}` };
}

/** The address behind the service, or why there is none. */
export function placeOf({ spec }: V1APIService, service: V1Service | undefined, slices: readonly V1EndpointSlice[], pick: (count: number) => number): ServicePlace | Availability {
  const { name = '', namespace = '', port = 443 } = spec?.service ?? {};
  const unavailable = (reason: string, message: string): Availability => ({ status: 'False', reason, message });
  if (service === undefined) return unavailable('ServiceNotFound', `service/${name} in "${namespace}" is not present`);
  const listened = service.spec?.ports?.find((one) => one.port === port);
  if (listened === undefined) return unavailable('ServicePortError', `service/${name} in "${namespace}" is not listening on port ${port}`);
  const own = slices.filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name);
  if (own.length === 0) return unavailable('EndpointsNotFound', `cannot find endpointslices for service/${name} in "${namespace}"`);
  try {
    return serviceTarget(`https:${name}:${port}`, service, own, pick);
  } catch {
    return unavailable('MissingEndpoints', `endpointslices for service/${name} in "${namespace}" have no addresses with port name "${listened.name ?? ''}"`);
  }
}

export function isPlace(found: ServicePlace | Availability): found is ServicePlace {
  return 'host' in found;
}

/** The status with the condition `Available`; the same one where nothing changed. */
export function withAvailability({ status = {} }: V1APIService, { status: value, reason, message }: Availability, now: string): NonNullable<V1APIService['status']> {
  const old = (status.conditions ?? []).find(({ type }) => type === 'Available');
  const lastTransitionTime = old?.status === value && old.lastTransitionTime !== undefined ? old.lastTransitionTime : now;
  const next: V1APIServiceCondition = { type: 'Available', status: value, lastTransitionTime, reason, message };
  if (old !== undefined && equal(old, next)) return status;
  return { ...status, conditions: [...(status.conditions ?? []).filter(({ type }) => type !== 'Available'), next] };
}

export function isAvailable({ status }: V1APIService): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Available' && value === 'True');
}

/** A plain list of resources as a version of aggregated discovery. */
export function discoveredVersion({ group, version }: GroupVersion, list: KubeObject | undefined): object {
  const resources = (list?.['resources'] ?? []) as readonly PlainResource[];
  const kindOf = (one: PlainResource): object => ({ group: one.group ?? group, version: one.version ?? version, kind: one.kind });
  const entries = resources
    .filter(({ name }) => !name.includes('/'))
    .map((one) => {
      const parts = resources.filter(({ name }) => name.startsWith(`${one.name}/`)).map((part) => ({ subresource: part.name.slice(one.name.length + 1), responseKind: kindOf(part), verbs: part.verbs }));
      const { name: resource, singularName, namespaced, verbs, shortNames, categories } = one;
      return {
        resource,
        responseKind: kindOf(one),
        scope: namespaced === true ? 'Namespaced' : 'Cluster',
        singularResource: singularName ?? '',
        verbs,
        ...(shortNames && { shortNames }),
        ...(categories && { categories }),
        ...(parts.length > 0 && { subresources: parts }),
      };
    });
  return { version, ...(entries.length > 0 && { resources: entries }), freshness: list === undefined ? 'Stale' : 'Current' };
}

interface PlainResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}
