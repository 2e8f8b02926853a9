/** What the dashboard shows of a cluster, out of its listers. Pure. */
import type { CoreV1Event, V1Node, V1Pod } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import { asNumber } from './numbers.ts';
import { cronJobs, daemonSets, deployments, events, jobs, namespaces, nodes, persistentVolumeClaims, pods, replicaSets, replicationControllers, services, statefulSets } from '../../../cluster-host/client/resources.ts';
import type { ConnectionState } from '../../clusters/connection.ts';
import { byNode } from '../../clusters/resources.ts';
import { diagnose, type DiagnosisSource } from '../../diagnosis/diagnose.ts';
import { timeOf } from '../../diagnosis/finding.ts';
import { readinessOf } from '../../apply/ready.ts';
import { podState } from '../pod-state.ts';
import { graphOf, refOf } from './graph.ts';
import type { Dashboard, DashboardEvent, DashboardNode, DashboardProblem, DashboardRef, DashboardWorkloads, Usage } from './messages.ts';

export interface DashboardSource extends DiagnosisSource {
  readonly context: string;
  readonly state: ConnectionState;
}

/** What is measured of a node: cores and bytes. */
export interface NodeUse {
  readonly cpu: number;
  readonly memory: number;
}

const workloadKinds: readonly Resource<any>[] = [deployments, statefulSets, daemonSets, replicaSets, replicationControllers, jobs, cronJobs, pods];
/** What the dashboard looks at: to be followed before it is drawn. */
export const dashboardResources: readonly Resource<any>[] = [...workloadKinds, namespaces, nodes, events, services, persistentVolumeClaims];
const shownEvents = 40;
const shownProblems = 20;

export function dashboardOf(source: DashboardSource, namespace: string, uses: ReadonlyMap<string, NodeUse>): Dashboard {
  const { context, state } = source;
  const shared = { context, namespace, connected: state.phase === 'connected', version: state.phase === 'connected' ? state.version : state.phase === 'away' ? state.message : '' };
  if (state.phase !== 'connected') return { ...shared, namespaces: [], nodes: [], workloads: [], problems: [], events: [], graph: { nodes: [], edges: [] } };
  return {
    ...shared,
    namespaces: list(source, namespaces).map(({ metadata }) => metadata?.name ?? '').toSorted(),
    nodes: list(source, nodes).toSorted(byName).map((node) => nodeOf(source, node, uses.get(node.metadata?.name ?? ''))),
    workloads: workloadKinds.map((resource) => workloadsOf(source, resource)).filter(({ good, busy, bad }) => good + busy + bad > 0),
    problems: problemsOf(source),
    events: eventsOf(source),
    graph: graphOf(source, namespace),
  };
}

function nodeOf(source: DiagnosisSource, node: V1Node, use: NodeUse | undefined): DashboardNode {
  const onIt = (source.lister(pods)?.byIndex(byNode, node.metadata?.name ?? '') ?? []).filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const ready = node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
  const cordoned = node.spec?.unschedulable === true;
  const usage = (resource: 'cpu' | 'memory'): Usage => ({
    allocatable: asNumber(node.status?.allocatable?.[resource]),
    requested: onIt.reduce((sum, pod) => sum + requestOf(pod, resource), 0),
    ...(use === undefined ? {} : { used: use[resource] }),
  });
  return {
    ref: refOf(nodes, node),
    health: ready ? (cordoned ? 'quiet' : 'good') : 'bad',
    status: [ready ? 'Ready' : 'NotReady', ...(cordoned ? ['SchedulingDisabled'] : [])].join(','),
    pods: { allocatable: asNumber(node.status?.allocatable?.['pods']), requested: onIt.length },
    cpu: usage('cpu'),
    memory: usage('memory'),
  };
}

/** As the scheduler counts it: all containers together, or the largest init container. */
function requestOf({ spec }: V1Pod, resource: string): number {
  const of = (containers: readonly { readonly resources?: { readonly requests?: Readonly<Record<string, unknown>> } }[]): readonly number[] => containers.map(({ resources }) => asNumber(resources?.requests?.[resource]));
  return Math.max(of(spec?.containers ?? []).reduce((sum, value) => sum + value, 0), ...of(spec?.initContainers ?? []));
}

function workloadsOf(source: DiagnosisSource, resource: Resource<any>): DashboardWorkloads {
  const counts = { good: 0, busy: 0, bad: 0 };
  for (const object of list(source, resource).filter((found) => isTop(resource, found))) counts[stateOf(source, resource.kind, object)]++;
  return { kind: resource.kind, ...counts };
}

function stateOf(source: DiagnosisSource, kind: string, object: KubeObject): 'good' | 'busy' | 'bad' {
  if (kind === 'Pod') {
    const { condition } = podState(object);
    return condition === 'running' || condition === 'completed' ? 'good' : condition === 'failing' || condition === 'failed' || condition === 'unknown' ? 'bad' : 'busy';
  }
  if (diagnose(kind, object, source) !== undefined) return 'bad';
  return readinessOf(kind, object).state === 'ready' ? 'good' : 'busy';
}

/** ReplicaSets and Jobs are counted where nothing else owns them; pods always. */
function isTop({ kind }: Resource<any>, { metadata }: KubeObject): boolean {
  return kind === 'Pod' || metadata?.ownerReferences?.some(({ controller }) => controller === true) !== true;
}

function problemsOf(source: DiagnosisSource): readonly DashboardProblem[] {
  const found: DashboardProblem[] = [];
  for (const resource of [nodes, ...workloadKinds, services, persistentVolumeClaims] as readonly Resource<any>[]) {
    for (const object of list(source, resource) as readonly KubeObject[]) {
      if (found.length >= shownProblems) return found;
      // The owner tells of its pods.
      if (resource !== nodes && object.metadata?.ownerReferences?.some(({ controller }) => controller === true) === true) continue;
      const finding = diagnose(resource.kind, object, source);
      if (finding !== undefined) found.push({ ref: refOf(resource, object), sentence: finding.sentence, remedy: finding.remedy });
    }
  }
  return found;
}

function eventsOf(source: DiagnosisSource): readonly DashboardEvent[] {
  return list(source, events)
    .toSorted((a, b) => timeOf(b) - timeOf(a))
    .slice(0, shownEvents)
    .map((event) => ({ ref: subjectOf(event), warning: event.type === 'Warning', time: timeOf(event), reason: event.reason ?? '', message: event.message ?? '', count: event.count ?? 1 }));
}

function subjectOf({ involvedObject: { kind = '', apiVersion = 'v1', namespace = '', name = '' } }: CoreV1Event): DashboardRef {
  return { kind, apiVersion, namespace, name };
}

function list<T extends KubeObject>(source: DiagnosisSource, resource: Resource<T>): readonly T[] {
  return source.lister(resource)?.list() ?? [];
}

function byName(a: KubeObject, b: KubeObject): number {
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
