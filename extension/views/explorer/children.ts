/** What stands below what in the explorer: pure lookups in listers, by index where there may be many. */
import type { V1EndpointSlice, V1Pod, V1ReplicaSet } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import type { Lister } from '../../../cluster-host/client/informer.ts';
import {
  configMaps,
  cronJobs,
  daemonSets,
  deployments,
  endpointSlices,
  ingresses,
  jobs,
  namespaces,
  nodes,
  persistentVolumeClaims,
  pods,
  replicaSets,
  replicationControllers,
  secrets,
  services,
  statefulSets,
} from '../../../cluster-host/client/resources.ts';
import { byController, byNode, byService } from '../../clusters/resources.ts';
import { groupNode, objectNode, type ContainerNode, type EndpointNode, type ExplorerNode, type GroupName, type GroupNode, type ObjectNode } from './node.ts';

/** Where objects come from: a connection, or listers made by hand in a test. */
export interface ExplorerCluster {
  readonly namespace: string;
  /** Undefined where the cluster does not serve the resource. */
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
  /** Whether its first list is in: until then, empty means nothing. */
  loaded(resource: Resource<any>): boolean;
}

const groupResources: Readonly<Record<Exclude<GroupName, 'workloads' | 'nodes'>, readonly Resource<any>[]>> = {
  services: [services, ingresses],
  configuration: [configMaps, secrets, persistentVolumeClaims],
};

const workloadResources: readonly Resource<any>[] = [deployments, statefulSets, daemonSets, replicaSets, replicationControllers, jobs, cronJobs, pods];

/** Owners whose objects hang below them, by what they own. */
const ownedBy: Readonly<Record<string, Resource<any>>> = {
  Deployment: replicaSets,
  ReplicaSet: pods,
  ReplicationController: pods,
  StatefulSet: pods,
  DaemonSet: pods,
  Job: pods,
  CronJob: jobs,
};

/** The active namespace first, then the others by name, those of the system last; then the nodes. */
export function rootsOf(cluster: ExplorerCluster): readonly ExplorerNode[] {
  const rank = (name: string): number => (name === cluster.namespace ? 0 : name.startsWith('kube-') ? 2 : 1);
  const all = sorted(cluster.lister(namespaces)?.list() ?? []).toSorted((a, b) => rank(nameOf(a)) - rank(nameOf(b)));
  const found = all.map((namespace) => objectNode(namespaces, namespace, undefined));
  return cluster.lister(nodes) === undefined ? found : [...found, groupNode('nodes', undefined, undefined)];
}

export function childrenOf(cluster: ExplorerCluster, node: ExplorerNode): readonly ExplorerNode[] {
  switch (node.type) {
    case 'group':
      return groupChildren(cluster, node);
    case 'object':
      return objectChildren(cluster, node);
    case 'container':
    case 'endpoint':
    case 'hint':
      return [];
  }
}

function groupChildren(cluster: ExplorerCluster, node: GroupNode): readonly ExplorerNode[] {
  if (node.group === 'nodes') return objectsOf(cluster, nodes, undefined, node);
  if (node.group === 'workloads') {
    return workloadResources.flatMap((resource) => objectsOf(cluster, resource, node.namespace, node, (object) => isTopLevel(cluster, object)));
  }
  return groupResources[node.group].flatMap((resource) => objectsOf(cluster, resource, node.namespace, node));
}

function namespaceChildren(cluster: ExplorerCluster, node: ObjectNode, namespace: string): readonly ExplorerNode[] {
  const [workloads, ...others] = (['workloads', 'services', 'configuration'] as const).map((group) => groupNode(group, namespace, node));
  const rest = others.filter((group) => !isEmpty(cluster, group));
  if (workloads !== undefined && !isEmpty(cluster, workloads)) return [workloads, ...rest];
  const idle = namespace === cluster.namespace && cluster.loaded(pods) && cluster.loaded(deployments);
  return idle ? [{ type: 'hint', id: `${node.id}/hint`, parent: node }, ...rest] : rest;
}

function isEmpty(cluster: ExplorerCluster, { group, namespace }: GroupNode): boolean {
  const resources = group === 'workloads' ? workloadResources : group === 'nodes' ? [nodes] : groupResources[group];
  return resources.every((resource) => (cluster.lister(resource)?.list(namespace) ?? []).length === 0);
}

/** Owned objects stand below their owner, as long as that is shown. */
function isTopLevel(cluster: ExplorerCluster, object: KubeObject): boolean {
  const owner = object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return true;
  const resource = workloadResources.find((candidate) => candidate.kind === owner.kind);
  return resource === undefined || cluster.lister(resource)?.get(object.metadata?.namespace ?? '', owner.name) === undefined;
}

function objectChildren(cluster: ExplorerCluster, node: ObjectNode): readonly ExplorerNode[] {
  const { object } = node;
  const name = nameOf(object);
  const owned = ownedBy[node.resource.kind];
  if (owned !== undefined) {
    const found = cluster.lister(owned)?.byIndex(byController, object.metadata?.uid ?? '') ?? [];
    return sorted(found).filter(isShown).map((child) => objectNode(owned, child, node));
  }
  switch (node.resource.kind) {
    case 'Namespace':
      return namespaceChildren(cluster, node, name);
    case 'Node':
      return sorted(cluster.lister(pods)?.byIndex(byNode, name) ?? []).map((pod) => objectNode(pods, pod, node));
    case 'Pod':
      return containersOf(object, node);
    case 'Service':
      return (cluster.lister(endpointSlices)?.byIndex(byService, `${object.metadata?.namespace ?? ''}/${name}`) ?? []).flatMap((slice) => endpointsOf(slice, node));
    default:
      return [];
  }
}

/** ReplicaSets of earlier revisions stay for a rollback; they have nothing to show. */
function isShown(object: KubeObject): boolean {
  const { spec, status } = object as V1ReplicaSet;
  return object['spec']?.replicas === undefined || (spec?.replicas ?? 0) > 0 || (status?.replicas ?? 0) > 0;
}

function containersOf(pod: V1Pod, parent: ExplorerNode): readonly ContainerNode[] {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  return containers.map(({ name }) => ({ type: 'container', id: `${parent.id}/${name}`, parent, pod, container: name }));
}

function endpointsOf(slice: V1EndpointSlice, parent: ExplorerNode): readonly EndpointNode[] {
  const ports = (slice.ports ?? []).flatMap(({ port, protocol }) => (port === undefined ? [] : [`${port}/${protocol ?? 'TCP'}`]));
  return (slice.endpoints ?? []).flatMap((endpoint) =>
    endpoint.addresses.map((address) => ({
      type: 'endpoint' as const,
      id: `${parent.id}/${slice.metadata?.name ?? ''}/${address}`,
      parent,
      address,
      ports,
      ready: endpoint.conditions?.ready !== false,
      pod: endpoint.targetRef?.kind === 'Pod' ? endpoint.targetRef.name : undefined,
    })),
  );
}

function objectsOf(
  cluster: ExplorerCluster,
  resource: Resource<any>,
  namespace: string | undefined,
  parent: ExplorerNode,
  wanted: (object: KubeObject) => boolean = () => true,
): readonly ObjectNode[] {
  const found = (cluster.lister(resource)?.list(namespace) ?? []).filter(wanted);
  return sorted(found).map((object) => objectNode(resource, object, parent));
}

function sorted<T extends KubeObject>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function nameOf(object: KubeObject): string {
  return object.metadata?.name ?? '';
}
