/** Which objects a resource quota is about (https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes). Pure. */
import type { V1PersistentVolumeClaim, V1Pod, V1ResourceQuotaSpec, V1ScopedResourceSelectorRequirement } from '../generated/types.ts';
import { qosClassOf } from '../kinds/pod-qos.ts';
import type { KubeObject } from '../object.ts';

/** Every scope must match; kinds that a scope does not know are not its business. */
export function matchesScopes(resource: string, object: KubeObject, { scopes = [], scopeSelector }: V1ResourceQuotaSpec): boolean {
  const requirements = [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })), ...(scopeSelector?.matchExpressions ?? [])];
  return requirements.every((requirement) => matches(resource, object, requirement));
}

function matches(resource: string, object: KubeObject, requirement: V1ScopedResourceSelectorRequirement): boolean {
  if (resource === 'pods') return podMatches(object, requirement);
  const { spec, status }: V1PersistentVolumeClaim = object;
  if (resource !== 'persistentvolumeclaims' || requirement.scopeName !== 'VolumeAttributesClass') return false;
  return [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName].some((name) => valueMatches(name ?? '', requirement));
}

function podMatches(pod: V1Pod, requirement: V1ScopedResourceSelectorRequirement): boolean {
  switch (requirement.scopeName) {
    case 'Terminating':
      return pod.spec?.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return pod.spec?.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClassOf(pod) === 'BestEffort';
    case 'NotBestEffort':
      return qosClassOf(pod) !== 'BestEffort';
    case 'PriorityClass':
      return valueMatches(pod.spec?.priorityClassName ?? '', requirement);
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod);
    default:
      return false;
  }
}

/** As a label selector would: what is not there is in no set. */
function valueMatches(value: string, { operator, values = [] }: V1ScopedResourceSelectorRequirement): boolean {
  switch (operator) {
    case 'In':
      return value !== '' && values.includes(value);
    case 'NotIn':
      return value === '' || !values.includes(value);
    case 'DoesNotExist':
      return value === '';
    default:
      return value !== '';
  }
}

function reachesOtherNamespaces({ spec }: V1Pod): boolean {
  return [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity].some((affinity) =>
    [...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm)].some(
      ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
    ),
  );
}
