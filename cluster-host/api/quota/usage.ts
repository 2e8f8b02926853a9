/**
 * What an object takes of a quota (https://kubernetes.io/docs/concepts/policy/resource-quotas/). Pure.
 *
 * Every namespaced object counts as `count/<plural>.<group>`; a few kinds count under names of their own besides. The whole
 * usage of a namespace is the sum over its objects; the kind that a name in `spec.hard` counts is `countedKind`.
 */
import type { V1PersistentVolumeClaim, V1Pod, V1ResourceQuota, V1ScopedResourceSelectorRequirement, V1Service } from '../generated/types.ts';
import { qosClassOf } from '../kinds/pod-qos.ts';
import type { KubeObject } from '../object.ts';
import { addQuantities, quantityFromNumber, quantityOf, type Quantity } from '../quantity.ts';
import { millisecondsOf } from '../time.ts';
import { podAmounts } from './pod-amounts.ts';

export interface GroupPlural {
  readonly group: string;
  readonly plural: string;
}

/** Amounts by the names that may stand in `spec.hard`. */
export type Usage = Map<string, Quantity>;

/** Kinds that older quotas count by their plural alone. */
const plainCounts = new Set(['configmaps', 'persistentvolumeclaims', 'pods', 'replicationcontrollers', 'resourcequotas', 'secrets', 'services']);
const storageClassPart = '.storageclass.storage.k8s.io/';

export function addUsage(total: Usage, usage: Usage): void {
  for (const [name, amount] of usage) total.set(name, addQuantities(total.get(name) ?? quantityOf('0'), amount));
}

/** The kind whose objects a name of `spec.hard` counts. */
export function countedKind(name: string): GroupPlural {
  if (name.startsWith('count/')) {
    const [plural = '', ...group] = name.slice('count/'.length).split('.');
    return { group: group.join('.'), plural };
  }
  if (name.startsWith('services.')) return { group: '', plural: 'services' };
  if (name === 'requests.storage' || name.includes(storageClassPart)) return { group: '', plural: 'persistentvolumeclaims' };
  return { group: '', plural: plainCounts.has(name) ? name : 'pods' };
}

/** All that the object takes, whether or not a quota counts it. */
export function usageOf({ group, plural }: GroupPlural, object: KubeObject, now: number): Usage {
  const one = quantityFromNumber(1);
  const usage: Usage = new Map([[`count/${plural}${group === '' ? '' : `.${group}`}`, one]]);
  if (group !== '') return usage;
  if (plural === 'pods') {
    if (isOver(object, now)) return usage;
    addUsage(usage, podAmounts(object));
  }
  if (plural === 'services') addUsage(usage, serviceUsage(object));
  if (plural === 'persistentvolumeclaims') addUsage(usage, claimUsage(object));
  if (plainCounts.has(plural)) usage.set(plural, one);
  return usage;
}

/** A pod that has ended, or should long have, takes no more resources. */
function isOver({ metadata, status }: V1Pod, now: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const deleted = millisecondsOf(metadata?.deletionTimestamp);
  return deleted !== undefined && deleted + (metadata?.deletionGracePeriodSeconds ?? 0) * 1000 < now;
}

function serviceUsage({ spec }: V1Service): Usage {
  const ports = spec?.ports ?? [];
  const nodePorts = spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false) ? ports.length : ports.filter(({ nodePort }) => (nodePort ?? 0) > 0).length;
  return new Map([
    ['services.nodeports', quantityFromNumber(nodePorts)],
    ['services.loadbalancers', quantityFromNumber(spec?.type === 'LoadBalancer' ? 1 : 0)],
  ]);
}

function claimUsage({ spec, status }: V1PersistentVolumeClaim): Usage {
  const asked = quantityOf(spec?.resources?.requests?.['storage']);
  const allocated = quantityOf(status?.allocatedResources?.['storage']);
  const storage = allocated.nanos > asked.nanos ? allocated : asked;
  const usage: Usage = new Map([['requests.storage', storage]]);
  if (spec?.storageClassName) {
    usage.set(`${spec.storageClassName}${storageClassPart}requests.storage`, storage);
    usage.set(`${spec.storageClassName}${storageClassPart}persistentvolumeclaims`, quantityFromNumber(1));
  }
  return usage;
}

/** Whether the quota's scopes take in the object; without scopes every object is. */
export function isInScope({ spec }: V1ResourceQuota, { group, plural }: GroupPlural, object: KubeObject): boolean {
  const requirements: readonly V1ScopedResourceSelectorRequirement[] = [...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })), ...(spec?.scopeSelector?.matchExpressions ?? [])];
  return requirements.every((requirement) => group === '' && meets(plural, object, requirement));
}

function meets(plural: string, object: KubeObject, requirement: V1ScopedResourceSelectorRequirement): boolean {
  if (plural === 'persistentvolumeclaims') return requirement.scopeName === 'VolumeAttributesClass' && matches(requirement, (object as V1PersistentVolumeClaim).spec?.volumeAttributesClassName);
  if (plural !== 'pods') return false;
  const pod: V1Pod = object;
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
      return matches(requirement, pod.spec?.priorityClassName);
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod);
    default:
      return false;
  }
}

function matches({ operator, values = [] }: V1ScopedResourceSelectorRequirement, value: string | undefined): boolean {
  const isSet = value !== undefined && value !== '';
  if (operator === 'Exists') return isSet;
  if (operator === 'DoesNotExist') return !isSet;
  return operator === 'In' ? isSet && values.includes(value) : !isSet || !values.includes(value);
}

function reachesOtherNamespaces({ spec }: V1Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity]
    .flatMap((affinity) => [...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm)])
    .some(({ namespaces, namespaceSelector }) => (namespaces ?? []).length > 0 || namespaceSelector !== undefined);
}
