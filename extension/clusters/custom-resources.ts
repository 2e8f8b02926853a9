/** The resources that CustomResourceDefinitions add to a cluster. */
import type { V1CustomResourceDefinition } from '../../cluster-host/api/generated/types.ts';
import type { Resource } from '../../cluster-host/api/object.ts';

/** Whether the API server serves it by now. */
export function isEstablished({ metadata, status }: V1CustomResourceDefinition): boolean {
  const established = status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false;
  return established && metadata?.deletionTimestamp === undefined;
}

/** In the version that is stored, or else the first that is served. Undefined where it serves none. */
export function resourceOf({ spec }: V1CustomResourceDefinition): Resource | undefined {
  const served = spec.versions.filter((version) => version.served);
  const version = (served.find(({ storage }) => storage) ?? served[0])?.name;
  return version === undefined ? undefined : { group: spec.group, version, kind: spec.names.kind, plural: spec.names.plural, namespaced: spec.scope === 'Namespaced' };
}
