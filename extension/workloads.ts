/** The pods that belong to an object: itself, what its selector matches, or what it owns. */
import type { V1LabelSelector, V1Pod } from '../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../cluster-host/api/object.ts';
import { matchesLabels, nothing, selectorOfLabels, validSelectorOf, type Selector } from '../cluster-host/api/selectors/label-selector.ts';
import type { Lister } from '../cluster-host/client/informer.ts';
import { daemonSets, deployments, jobs, pods, replicaSets, replicationControllers, services, statefulSets } from '../cluster-host/client/resources.ts';

export interface PodOwnerRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const mapSelectors = new Set(['Service', 'ReplicationController']);

interface Source {
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
}

/** Kinds that have pods, with the resource that holds them. */
export const podOwners: Readonly<Record<string, Resource<any>>> = {
  Pod: pods,
  Deployment: deployments,
  StatefulSet: statefulSets,
  DaemonSet: daemonSets,
  ReplicaSet: replicaSets,
  ReplicationController: replicationControllers,
  Job: jobs,
  Service: services,
};

/** Current pods, by name. */
export function podsOf(source: Source, ref: PodOwnerRef): readonly V1Pod[] {
  const lister = source.lister(pods);
  const resource = podOwners[ref.kind];
  if (lister === undefined || resource === undefined) return [];
  if (ref.kind === 'Pod') return [lister.get(ref.namespace, ref.name)].filter((pod) => pod !== undefined);
  const owner = source.lister(resource)?.get(ref.namespace, ref.name) as KubeObject | undefined;
  if (owner === undefined) return [];
  const selector = selectorOf(ref.kind, owner);
  const found = lister.list(ref.namespace).filter((pod) => matchesLabels(selector, pod.metadata?.labels));
  return found.toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
}

/** Services and ReplicationControllers select by a plain map, everything else by a LabelSelector. An empty one selects nothing here. */
function selectorOf(kind: string, owner: KubeObject): Selector {
  const selector = owner['spec']?.selector as V1LabelSelector | Record<string, string> | undefined;
  if (selector === undefined || Object.keys(selector).length === 0) return nothing;
  return mapSelectors.has(kind) ? selectorOfLabels(selector as Record<string, string>) : validSelectorOf(selector);
}

/** Whether a drain moves a pod away: not one of a DaemonSet, which comes back at once, a static one, or one that has ended. */
export function movesAway({ metadata, status }: V1Pod): boolean {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true)?.kind;
  const isStatic = metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return owner !== 'DaemonSet' && !isStatic && metadata?.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}
