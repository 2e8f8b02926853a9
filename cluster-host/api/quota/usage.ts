/** What an object takes of a resource quota (https://kubernetes.io/docs/concepts/policy/resource-quotas/). Pure. */
import type { V1PersistentVolumeClaim, V1Pod, V1Service } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { quantityFromNumber, zeroQuantity } from '../quantity.ts';
import { addResources, podResources, resourcesOf, type Resources } from '../scheduling/pod-resources.ts';
import { millisecondsOf } from '../time.ts';

/** `pods`, `deployments.apps`: how quotas name a kind of object. */
export function quotaResource({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** Kinds that may be counted by their plain name too. */
const plainlyCounted: ReadonlySet<string> = new Set(['pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps', 'persistentvolumeclaims']);
const special: Readonly<Record<string, (object: any) => Resources>> = { pods: podUsage, services: serviceUsage, persistentvolumeclaims: claimUsage };

/** `resource` as `quotaResource` names it; `now` in milliseconds since the epoch. */
export function usageOf(resource: string, object: KubeObject, now: number): Resources {
  const usage: Resources = new Map([[`count/${resource}`, one]]);
  if (resource === 'pods' && isOver(object, now)) return usage;
  if (plainlyCounted.has(resource)) usage.set(resource, one);
  addResources(usage, special[resource]?.(object) ?? new Map());
  return usage;
}

/** Whether objects of the kind can take anything that goes by the name. */
export function concerns(resource: string, name: string): boolean {
  if (name === `count/${resource}` || (plainlyCounted.has(resource) && name === resource)) return true;
  if (resource === 'services') return name.startsWith('services.');
  if (resource === 'persistentvolumeclaims') return name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/');
  return resource === 'pods' && name !== 'requests.storage' && (/^(?:requests|limits)\./.test(name) || computed.has(name) || name.startsWith('hugepages-'));
}

const one = quantityFromNumber(1);
/** Resources whose request goes by its plain name too. */
const computed: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** A pod that has ended, or should have, takes nothing any more. */
function isOver({ metadata, status }: V1Pod, now: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const deleted = millisecondsOf(metadata?.deletionTimestamp);
  return deleted !== undefined && now > deleted;
}

function podUsage(pod: V1Pod): Resources {
  const usage: Resources = new Map();
  for (const [name, amount] of podResources(pod, 'requests')) {
    usage.set(`requests.${name}`, amount);
    if (computed.has(name) || name.startsWith('hugepages-')) usage.set(name, amount);
  }
  for (const [name, amount] of podResources(pod, 'limits')) if (computed.has(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

function serviceUsage({ spec }: V1Service): Resources {
  const balanced = spec?.type === 'LoadBalancer';
  const hasNodePorts = spec?.type === 'NodePort' || (balanced && spec.allocateLoadBalancerNodePorts !== false);
  return new Map([
    ['services.nodeports', hasNodePorts ? quantityFromNumber(spec?.ports?.length ?? 0) : zeroQuantity],
    ['services.loadbalancers', balanced ? one : zeroQuantity],
  ]);
}

function claimUsage({ metadata, spec }: V1PersistentVolumeClaim): Resources {
  const storageClass = metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
  const storage = resourcesOf(spec?.resources?.requests).get('storage');
  const of = storageClass === '' ? undefined : `${storageClass}.storageclass.storage.k8s.io/`;
  return new Map([
    ...(of === undefined ? [] : [[`${of}persistentvolumeclaims`, one] as const]),
    ...(storage === undefined ? [] : [['requests.storage', storage] as const]),
    ...(storage === undefined || of === undefined ? [] : [[`${of}requests.storage`, storage] as const]),
  ]);
}
