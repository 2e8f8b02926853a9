/** The objects of a namespace in columns, with what leads where: Ingress, Service, workload, ReplicaSet, pod, configuration. Pure. */
import { apiVersionOf, type KubeObject, type Resource } from '../../../cluster-host/api/object.ts';
import { cronJobs, daemonSets, deployments, ingresses, jobs, pods, replicaSets, replicationControllers, services, statefulSets } from '../../../cluster-host/client/resources.ts';
import { diagnose, type DiagnosisSource } from '../../diagnosis/diagnose.ts';
import { relatedTo } from '../../objects/related.ts';
import { podState } from '../pod-state.ts';
import type { DashboardRef, Graph, GraphNode, Health } from './messages.ts';

const columns: readonly (readonly Resource<any>[])[] = [[ingresses], [services], [deployments, statefulSets, daemonSets, replicationControllers, jobs, cronJobs], [replicaSets], [pods]];
const lastColumn = columns.length;
/** Pods of one owner that are drawn by themselves. */
const shownPods = 5;
/** A namespace with more than this is drawn in part. */
const nodeLimit = 250;

type Edge = readonly [from: string, to: string];

export function graphOf(source: DiagnosisSource, namespace: string): Graph {
  const nodes = new Map<string, Omit<GraphNode, 'row'>>();
  const edges: Edge[] = [];
  for (const [column, resources] of columns.entries()) {
    for (const resource of resources) {
      const all = (source.lister(resource)?.list(namespace) ?? []).filter((object: KubeObject) => isShown(resource, object)).toSorted(byName);
      for (const object of resource === pods ? fewOfEach(all) : all) {
        if (nodes.size >= nodeLimit) break;
        add(nodes, column, resource, object, source);
        edges.push(...edgesOf(source, resource, object, nodes));
      }
    }
  }
  const drawn = [...nodes.values()];
  const rows = rowsOf(drawn, edges);
  const more = hiddenPods(source, namespace, nodes);
  return {
    nodes: drawn.map((node) => ({ ...node, row: rows.get(node.id) ?? 0, ...(more.has(node.id) ? { more: more.get(node.id)! } : {}) })),
    edges: edges.filter(([from, to]) => nodes.has(from) && nodes.has(to)),
  };
}

function add(nodes: Map<string, Omit<GraphNode, 'row'>>, column: number, resource: Resource<any>, object: KubeObject, source: DiagnosisSource): void {
  nodes.set(idOf(resource, object), { id: idOf(resource, object), ref: refOf(resource, object), column, health: healthOf(resource.kind, object, source) });
}

/** Towards what an object leads; configuration joins the drawing when something uses it. */
function edgesOf(source: DiagnosisSource, resource: Resource<any>, object: KubeObject, nodes: Map<string, Omit<GraphNode, 'row'>>): readonly Edge[] {
  const own = idOf(resource, object);
  const owner = object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const namespace = object.metadata?.namespace ?? '';
  const owned: readonly Edge[] = owner === undefined ? [] : [[`${owner.kind}/${namespace}/${owner.name}`, own]];
  const others = relatedTo(source, resource, object).flatMap(({ relation, resource: kind, object: other }): readonly Edge[] => {
    if (relation === 'routes' && resource.kind === 'Ingress') return [[own, idOf(kind, other)]];
    if (relation === 'selects') return [[own, topOf(source, other)]];
    if (relation !== 'uses' || owner !== undefined || nodes.size >= nodeLimit || other.metadata?.name === 'default') return [];
    if (!nodes.has(idOf(kind, other))) add(nodes, lastColumn, kind, other, source);
    return [[own, idOf(kind, other)]];
  });
  return [...owned, ...new Map(others.map((edge) => [edge.join(), edge])).values()];
}

/** A Service leads to the workload whose pods it selects, not to each of them. */
function topOf(source: DiagnosisSource, pod: KubeObject): string {
  const namespace = pod.metadata?.namespace ?? '';
  const ownerOf = (object: KubeObject | undefined) => object?.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const owner = ownerOf(pod);
  if (owner === undefined) return idOf(pods, pod);
  const above = owner.kind === 'ReplicaSet' ? ownerOf(source.lister(replicaSets)?.get(namespace, owner.name)) : undefined;
  return `${(above ?? owner).kind}/${namespace}/${(above ?? owner).name}`;
}

/** Each column from the top; what is reached from above comes in the order of what leads to it. */
function rowsOf(nodes: readonly Omit<GraphNode, 'row'>[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (let column = 0; column <= lastColumn; column++) {
    const weight = (id: string): number => Math.min(...edges.filter(([, to]) => to === id).map(([from]) => rows.get(from) ?? Infinity), Infinity);
    const inColumn = nodes.filter((node) => node.column === column).map(({ id }) => ({ id, weight: weight(id) }));
    inColumn.toSorted((a, b) => (a.weight === b.weight ? 0 : a.weight - b.weight)).forEach(({ id }, row) => rows.set(id, row));
  }
  return rows;
}

function fewOfEach(all: readonly KubeObject[]): readonly KubeObject[] {
  const counts = new Map<string, number>();
  return all.filter((pod) => {
    const owner = pod.metadata?.ownerReferences?.[0]?.uid ?? pod.metadata?.uid ?? '';
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return counts.get(owner)! <= shownPods;
  });
}

/** By owner: how many of its pods are not drawn. */
function hiddenPods(source: DiagnosisSource, namespace: string, nodes: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> {
  const hidden = new Map<string, number>();
  for (const pod of source.lister(pods)?.list(namespace) ?? []) {
    const owner = pod.metadata?.ownerReferences?.[0];
    if (owner === undefined || nodes.has(idOf(pods, pod))) continue;
    const id = `${owner.kind}/${namespace}/${owner.name}`;
    hidden.set(id, (hidden.get(id) ?? 0) + 1);
  }
  return hidden;
}

function isShown(resource: Resource<any>, { spec, status }: KubeObject): boolean {
  return resource !== replicaSets || (spec?.replicas ?? 0) > 0 || (status?.replicas ?? 0) > 0;
}

function healthOf(kind: string, object: KubeObject, source: DiagnosisSource): Health {
  if (kind === 'Pod') {
    const { condition } = podState(object);
    return condition === 'running' ? 'good' : condition === 'completed' || condition === 'terminating' ? 'quiet' : condition === 'starting' || condition === 'pending' || condition === 'notReady' ? 'busy' : 'bad';
  }
  return diagnose(kind, object, source) === undefined ? (['ConfigMap', 'Secret', 'ServiceAccount'].includes(kind) ? 'quiet' : 'good') : 'bad';
}

export function refOf(resource: Resource<any>, { metadata }: KubeObject): DashboardRef {
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

function idOf({ kind }: Resource<any>, { metadata }: KubeObject): string {
  return `${kind}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function byName(a: KubeObject, b: KubeObject): number {
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
