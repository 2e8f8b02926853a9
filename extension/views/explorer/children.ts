/** What stands below what in the explorer: pure lookups in listers, by index where there may be many. */
import type { V1CustomResourceDefinition, V1EndpointSlice, V1Pod, V1ReplicaSet } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import type { Lister } from '../../../cluster-host/client/informer.ts';
import { customResourceDefinitions, deployments, endpointSlices, events, jobs, namespaces, pods, replicaSets } from '../../../cluster-host/client/resources.ts';
import { isEstablished, resourceOf } from '../../clusters/custom-resources.ts';
import { byController, byNode, byService, explorerResources } from '../../clusters/resources.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { timeOf } from '../../diagnosis/finding.ts';
import type { ConnectionState } from '../../clusters/connection.ts';
import { isSame, type Preferences } from './preferences.ts';
import { clusterGroups, groups, namespaceGroups, type Group } from './groups.ts';
import { below, groupNode, objectNode, type ContainerNode, type EndpointNode, type ExplorerNode, type GroupNode, type ObjectNode, type Place } from './node.ts';

/** Where objects come from: a connection, or listers made by hand in a test. */
export interface ExplorerCluster {
  readonly context: string;
  readonly state: ConnectionState;
  readonly namespace: string;
  /** Undefined where the cluster does not serve the resource. */
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
  /** Whether the cluster serves it; asking does not follow it yet. */
  serves(resource: Resource<any>): boolean;
  /** Whether its first list is in: until then, empty means nothing. */
  loaded(resource: Resource<any>): boolean;
}

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

/** Favourites; the active namespace, then the others by name, those of the system last; then what belongs to no namespace. */
export function rootsOf(cluster: ExplorerCluster, place: Place, preferences: Preferences): readonly ExplorerNode[] {
  if (cluster.state.phase !== 'connected') return [];
  const rank = (name: string): number => (name === cluster.namespace ? 0 : name.startsWith('kube-') ? 2 : 1);
  const wanted = new Set(preferences.namespaces);
  const all = sorted(cluster.lister(namespaces)?.list() ?? []).filter((namespace) => wanted.size === 0 || wanted.has(nameOf(namespace)));
  const found = all.toSorted((a, b) => rank(nameOf(a)) - rank(nameOf(b))).map((namespace) => objectNode(namespaces, namespace, place));
  const favourites = groupNode('favourites', undefined, place);
  const first = favouritesOf(cluster, favourites, preferences).length === 0 ? [] : [favourites];
  return [...first, ...found, ...clusterGroups.map((group) => groupNode(group, undefined, place)).filter((group) => !isEmpty(cluster, group))];
}

function favouritesOf(cluster: ExplorerCluster, node: GroupNode, { favourites }: Preferences): readonly ObjectNode[] {
  const resources = [...explorerResources.map(({ resource }) => resource), ...definedResources(cluster)];
  return favourites.flatMap((favourite) => {
    const resource = resources.find(({ group, plural }) => isSame({ ...favourite, group, plural }, favourite));
    const object: KubeObject | undefined = resource && cluster.lister(resource)?.get(favourite.namespace, favourite.name);
    return resource === undefined || object === undefined ? [] : [objectNode(resource, object, below(node))];
  });
}

export function childrenOf(cluster: ExplorerCluster, node: ExplorerNode, preferences: Preferences): readonly ExplorerNode[] {
  switch (node.type) {
    case 'cluster':
      return rootsOf(cluster, below(node), preferences);
    case 'group':
      return node.group === 'favourites' ? favouritesOf(cluster, node, preferences) : groupChildren(cluster, node);
    case 'object':
      return objectChildren(cluster, node);
    case 'container':
    case 'extra':
    case 'endpoint':
    case 'hint':
    case 'problem':
      return [];
  }
}

function groupChildren(cluster: ExplorerCluster, node: GroupNode): readonly ExplorerNode[] {
  switch (node.group) {
    case 'workloads':
      return groups.workloads.resources.flatMap((resource) => objectsOf(cluster, resource, node.namespace, node, (object) => isTopLevel(cluster, object)));
    case 'custom':
      return definedResources(cluster).flatMap((resource) => (resource.namespaced ? objectsOf(cluster, resource, node.namespace, node) : []));
    case 'events':
      return latestEvents(cluster, node);
    default:
      return groups[node.group].resources.flatMap((resource: Resource<any>) => objectsOf(cluster, resource, node.namespace, node));
  }
}

const shownEvents = 100;

function latestEvents(cluster: ExplorerCluster, node: GroupNode): readonly ExplorerNode[] {
  const all = (cluster.lister(events)?.list(node.namespace) ?? []).toSorted((a, b) => timeOf(b) - timeOf(a));
  return all.slice(0, shownEvents).map((event) => objectNode(events, event, below(node)));
}

function definedResources(cluster: ExplorerCluster): readonly Resource[] {
  const definitions = (cluster.lister(customResourceDefinitions)?.list() ?? []).filter(isEstablished);
  return definitions.map(resourceOf).filter((resource) => resource !== undefined);
}

function namespaceChildren(cluster: ExplorerCluster, node: ObjectNode, namespace: string): readonly ExplorerNode[] {
  const workloads = groupNode('workloads', namespace, below(node));
  const rest = namespaceGroups.map((group) => groupNode(group, namespace, below(node))).filter((group) => !isEmpty(cluster, group));
  if (!isEmpty(cluster, workloads)) return [workloads, ...rest];
  const idle = namespace === cluster.namespace && cluster.loaded(pods) && cluster.loaded(deployments);
  return idle ? [{ type: 'hint', id: `${node.id}/hint`, context: node.context, parent: node }, ...rest] : rest;
}

function isEmpty(cluster: ExplorerCluster, { group, namespace }: GroupNode): boolean {
  const { resources, onDemand }: Group = groups[group];
  if (onDemand === true) return !resources.some((resource) => cluster.serves(resource));
  const all = group === 'custom' ? definedResources(cluster).filter(({ namespaced }) => namespaced) : resources;
  return all.every((resource) => (cluster.lister(resource)?.list(namespace) ?? []).length === 0);
}

/** Owned objects stand below their owner, as long as that is shown. */
function isTopLevel(cluster: ExplorerCluster, object: KubeObject): boolean {
  const owner = object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return true;
  const resource: Resource<any> | undefined = groups.workloads.resources.find((candidate) => candidate.kind === owner.kind);
  return resource === undefined || cluster.lister(resource)?.get(object.metadata?.namespace ?? '', owner.name) === undefined;
}

function objectChildren(cluster: ExplorerCluster, node: ObjectNode): readonly ExplorerNode[] {
  const finding = diagnose(node.resource.kind, node.object, cluster);
  const below = partsOf(cluster, node);
  return finding === undefined ? below : [{ type: 'problem', id: `${node.id}/problem`, context: node.context, parent: node, finding }, ...below];
}

function partsOf(cluster: ExplorerCluster, node: ObjectNode): readonly ExplorerNode[] {
  const { object } = node;
  const name = nameOf(object);
  const owned = ownedBy[node.resource.kind];
  if (owned !== undefined) {
    const found = cluster.lister(owned)?.byIndex(byController, object.metadata?.uid ?? '') ?? [];
    return sorted(found).filter(isShown).map((child) => objectNode(owned, child, below(node)));
  }
  switch (node.resource.kind) {
    case 'Namespace':
      return namespaceChildren(cluster, node, name);
    case 'Node':
      return sorted(cluster.lister(pods)?.byIndex(byNode, name) ?? []).map((pod) => objectNode(pods, pod, below(node)));
    case 'Pod':
      return containersOf(object, node);
    case 'CustomResourceDefinition':
      return instancesOf(cluster, node);
    case 'Service':
      return (cluster.lister(endpointSlices)?.byIndex(byService, `${object.metadata?.namespace ?? ''}/${name}`) ?? []).flatMap((slice) => endpointsOf(slice, node));
    default:
      return [];
  }
}

/** Those of a namespaced kind stand in their namespaces. */
function instancesOf(cluster: ExplorerCluster, node: ObjectNode): readonly ExplorerNode[] {
  const definition = node.object as V1CustomResourceDefinition;
  const resource = isEstablished(definition) ? resourceOf(definition) : undefined;
  return resource === undefined || resource.namespaced ? [] : objectsOf(cluster, resource, undefined, node);
}

/** ReplicaSets of earlier revisions stay for a rollback; they have nothing to show. */
function isShown(object: KubeObject): boolean {
  const { spec, status } = object as V1ReplicaSet;
  return object['spec']?.replicas === undefined || (spec?.replicas ?? 0) > 0 || (status?.replicas ?? 0) > 0;
}

function containersOf(pod: V1Pod, parent: ExplorerNode): readonly ContainerNode[] {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  return containers.map(({ name }) => ({ type: 'container', id: `${parent.id}/${name}`, context: parent.context, parent, pod, container: name }));
}

function endpointsOf(slice: V1EndpointSlice, parent: ExplorerNode): readonly EndpointNode[] {
  const ports = (slice.ports ?? []).flatMap(({ port, protocol }) => (port === undefined ? [] : [`${port}/${protocol ?? 'TCP'}`]));
  return (slice.endpoints ?? []).flatMap((endpoint) =>
    endpoint.addresses.map((address) => ({
      type: 'endpoint' as const,
      context: parent.context,
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
  return sorted(found).map((object) => objectNode(resource, object, below(parent)));
}

function sorted<T extends KubeObject>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function nameOf(object: KubeObject): string {
  return object.metadata?.name ?? '';
}
