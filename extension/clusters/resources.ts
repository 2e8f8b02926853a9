/** The resources that views follow, with the indexes by which they are looked up. */
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Indexer } from '../../cluster-host/client/informer.ts';
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  cronJobs,
  customResourceDefinitions,
  daemonSets,
  deployments,
  endpointSlices,
  events,
  horizontalPodAutoscalers,
  ingresses,
  jobs,
  limitRanges,
  namespaces,
  networkPolicies,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  resourceQuotas,
  roleBindings,
  roles,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
} from '../../cluster-host/client/resources.ts';

export interface ExplorerResource {
  readonly resource: Resource<any>;
  readonly indexes?: Readonly<Record<string, Indexer<any>>>;
}

/** Finds objects by the uid of the controller that owns them; by nothing (`''`) those that no controller owns. */
export const byController = 'controller';
/** Finds pods by the node they run on. */
export const byNode = 'node';
/** Finds events by the uid of the object that they are about. */
export const bySubject = 'subject';
/** Finds EndpointSlices by `namespace/name` of their Service. */
export const byService = 'service';

const controller: Indexer<KubeObject> = (object) => [object.metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid ?? ''];

export const explorerResources: readonly ExplorerResource[] = [
  { resource: namespaces },
  { resource: nodes },
  { resource: deployments },
  { resource: statefulSets },
  { resource: daemonSets },
  { resource: replicaSets, indexes: { [byController]: controller } },
  { resource: replicationControllers },
  { resource: jobs, indexes: { [byController]: controller } },
  { resource: cronJobs },
  { resource: pods, indexes: { [byController]: controller, [byNode]: (pod: KubeObject) => [pod['spec']?.nodeName ?? ''] } },
  { resource: services },
  {
    resource: endpointSlices,
    indexes: { [byService]: ({ metadata }: KubeObject) => [`${metadata?.namespace ?? ''}/${metadata?.labels?.['kubernetes.io/service-name'] ?? ''}`] },
  },
  { resource: ingresses },
  { resource: configMaps },
  { resource: secrets },
  { resource: persistentVolumeClaims },
  { resource: events, indexes: { [bySubject]: (event: KubeObject) => [event['involvedObject']?.uid ?? ''] } },
  ...[networkPolicies, horizontalPodAutoscalers, podDisruptionBudgets, resourceQuotas, limitRanges, persistentVolumes, storageClasses].map((resource) => ({ resource })),
  ...[serviceAccounts, roles, roleBindings, clusterRoles, clusterRoleBindings, customResourceDefinitions].map((resource) => ({ resource })),
];
