/** Where a daemon set's pods should be, and which go (kubernetes.io/docs/concepts/workloads/controllers/daemonset): pure. */
import type { V1ControllerRevision, V1DaemonSet, V1DaemonSetStatus, V1Node, V1NodeSelectorTerm, V1Pod, V1Toleration } from '../../api/generated/types.ts';
import { matchesNode } from '../../api/scheduling/node-selector.ts';
import { isTolerated } from '../../api/scheduling/tolerations.ts';
import { isAvailable, isReady } from '../common/pods.ts';

export const hashLabel = 'controller-revision-hash';

export interface DaemonSetInput {
  readonly set: V1DaemonSet;
  readonly nodes: readonly V1Node[];
  readonly pods: readonly V1Pod[];
  readonly update: V1ControllerRevision;
  readonly now: number;
}

export interface DaemonSetPlan {
  /** Names of nodes that lack a pod. */
  readonly create: readonly string[];
  readonly delete: readonly V1Pod[];
  /** Those of `delete` that had failed. */
  readonly failed: readonly V1Pod[];
}

/** What a daemon's pods tolerate besides what they ask for: a sick node needs its daemons all the more. */
export function daemonTolerations(set: V1DaemonSet): V1Toleration[] {
  const exists = (name: string, effect: string): V1Toleration => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect });
  const added = [
    exists('not-ready', 'NoExecute'),
    exists('unreachable', 'NoExecute'),
    exists('disk-pressure', 'NoSchedule'),
    exists('memory-pressure', 'NoSchedule'),
    exists('pid-pressure', 'NoSchedule'),
    exists('unschedulable', 'NoSchedule'),
    ...(set.spec?.template.spec?.hostNetwork === true ? [exists('network-unavailable', 'NoSchedule')] : []),
  ];
  const own = set.spec?.template.spec?.tolerations ?? [];
  return [...own, ...added.filter((toleration) => !own.some(({ key, operator, effect }) => key === toleration.key && operator === toleration.operator && effect === toleration.effect))];
}

/** The node that the pod is on, or is meant for by its affinity. */
export function nodeOf(pod: V1Pod): string {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const meant = terms.flatMap(({ matchFields = [] }) => matchFields).find(({ key, operator, values }) => key === 'metadata.name' && operator === 'In' && values?.length === 1);
  return pod.spec?.nodeName ?? meant?.values?.[0] ?? '';
}

/** Whether the node should have a pod, and whether it may keep one. */
function eligibility(set: V1DaemonSet, node: V1Node): { readonly run: boolean; readonly keep: boolean } {
  const { nodeName, nodeSelector = {}, affinity } = set.spec?.template.spec ?? {};
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const labels = node.metadata?.labels ?? {};
  const fits = (nodeName ?? node.metadata?.name) === node.metadata?.name && Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) && (required === undefined || matchesNode(required, node));
  const tolerations = daemonTolerations(set);
  const untolerated = (node.spec?.taints ?? []).filter((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(tolerations, taint));
  return { run: fits && untolerated.length === 0, keep: fits && !untolerated.some(({ effect }) => effect === 'NoExecute') };
}

export function planDaemonSet(input: DaemonSetInput): DaemonSetPlan {
  const { set, nodes } = input;
  const create: string[] = [];
  const doomed: V1Pod[] = [];
  const failed: V1Pod[] = [];
  const onNode = podsByNode(input.pods);
  for (const node of nodes) {
    const name = node.metadata?.name ?? '';
    const here = (onNode.get(name) ?? []).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const { run, keep } = eligibility(set, node);
    const broken = here.filter(({ status }) => status?.phase === 'Failed');
    const working = here.filter(({ status }) => status?.phase !== 'Failed').toSorted(byAge);
    failed.push(...broken);
    if (!keep) doomed.push(...working);
    else if (run && (onNode.get(name) ?? []).length === 0) create.push(name);
    // One pod a node is enough: the oldest stays, and while a surge replaces it, the new one.
    else doomed.push(...superfluous(input, working));
  }
  if (set.metadata?.deletionTimestamp !== undefined) return { create: [], delete: [], failed: [] };
  const settled = create.length === 0 && doomed.length === 0 && failed.length === 0;
  if (!settled) return { create, delete: [...doomed, ...failed], failed };
  return { ...rollingStep(input, onNode), failed: [] };
}

function superfluous({ update, now, set }: DaemonSetInput, working: readonly V1Pod[]): readonly V1Pod[] {
  const fresh = working.filter((pod) => isOf(update, pod));
  const old = working.filter((pod) => !isOf(update, pod));
  if (surge(set, 1) > 0 && fresh.length > 0 && old.length > 0) {
    const replaced = fresh.some((pod) => isAvailable(pod, set.spec?.minReadySeconds ?? 0, now));
    return [...fresh.slice(1), ...(replaced ? old : old.slice(1))];
  }
  return working.slice(1);
}

/** Replaces pods of an older template, within maxUnavailable or maxSurge. */
function rollingStep(input: DaemonSetInput, onNode: ReadonlyMap<string, readonly V1Pod[]>): { readonly create: readonly string[]; readonly delete: readonly V1Pod[] } {
  const { set, nodes, update, now } = input;
  if (set.spec?.updateStrategy?.type === 'OnDelete') return { create: [], delete: [] };
  const wanted = nodes.filter((node) => eligibility(set, node).run).map(({ metadata }) => metadata?.name ?? '');
  const works = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp === undefined && isAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
  const old = wanted.flatMap((name) => (onNode.get(name) ?? []).filter((pod) => !isOf(update, pod) && pod.metadata?.deletionTimestamp === undefined));
  const mostSurge = surge(set, wanted.length);
  if (mostSurge > 0) {
    const underWay = wanted.filter((name) => (onNode.get(name) ?? []).length > 1).length;
    const alone = wanted.filter((name) => (onNode.get(name) ?? []).length === 1 && old.some((pod) => nodeOf(pod) === name));
    return { create: alone.slice(0, Math.max(0, mostSurge - underWay)), delete: [] };
  }
  const unavailable = wanted.filter((name) => !(onNode.get(name) ?? []).some(works)).length;
  const room = Math.max(0, most(set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted.length) - unavailable);
  // What does not work anyway may be replaced at once.
  return { create: [], delete: [...old.filter((pod) => !works(pod)), ...old.filter(works).slice(0, room)] };
}

function surge(set: V1DaemonSet, nodes: number): number {
  return most(set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0, nodes);
}

function most(value: unknown, nodes: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(String(value), 10) * nodes) / 100);
}

function isOf(revision: V1ControllerRevision, pod: V1Pod): boolean {
  return pod.metadata?.labels?.[hashLabel] === revision.metadata?.labels?.[hashLabel];
}

function byAge(a: V1Pod, b: V1Pod): number {
  return (a.metadata?.creationTimestamp ?? '') < (b.metadata?.creationTimestamp ?? '') ? -1 : 1;
}

function podsByNode(pods: readonly V1Pod[]): Map<string, V1Pod[]> {
  const onNode = new Map<string, V1Pod[]>();
  for (const pod of pods) onNode.set(nodeOf(pod), [...(onNode.get(nodeOf(pod)) ?? []), pod]);
  return onNode;
}

export function planStatus({ set, nodes, pods, update, now }: DaemonSetInput): V1DaemonSetStatus {
  const onNode = podsByNode(pods);
  const counts = { current: 0, misscheduled: 0, desired: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const [pod] = (onNode.get(node.metadata?.name ?? '') ?? []).toSorted(byAge);
    const { run } = eligibility(set, node);
    if (run) counts.desired += 1;
    if (!run && pod !== undefined) counts.misscheduled += 1;
    if (!run || pod === undefined) continue;
    counts.current += 1;
    if (isReady(pod)) counts.ready += 1;
    if (isAvailable(pod, set.spec?.minReadySeconds ?? 0, now)) counts.available += 1;
    if (isOf(update, pod)) counts.updated += 1;
  }
  const unavailable = counts.desired - counts.available;
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    observedGeneration: set.metadata?.generation,
    ...(counts.updated > 0 ? { updatedNumberScheduled: counts.updated } : {}),
    ...(counts.available > 0 ? { numberAvailable: counts.available } : {}),
    ...(unavailable > 0 ? { numberUnavailable: unavailable } : {}),
  };
}

/** The template's affinity, narrowed to one node: the scheduler puts the pod there and nowhere else. */
export function affinityTo(node: string, affinity: NonNullable<V1Pod['spec']>['affinity']): NonNullable<V1Pod['spec']>['affinity'] {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const nodeSelectorTerms: V1NodeSelectorTerm[] = [{ matchFields }];
  return { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
