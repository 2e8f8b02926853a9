/** The next steps of a stateful set (kubernetes.io/docs/concepts/workloads/controllers/statefulset): pure. */
import type { V1ControllerRevision, V1Pod, V1StatefulSet, V1StatefulSetStatus } from '../../api/generated/types.ts';
import { isActive, isAvailable, isFinished, isReady } from '../common/pods.ts';

export const revisionLabel = 'controller-revision-hash';

export interface StatefulSetPlan {
  /** Pods to be made, with the revision of each. */
  readonly create: readonly { readonly ordinal: number; readonly revision: V1ControllerRevision }[];
  readonly delete: readonly { readonly pod: V1Pod; readonly failed: boolean }[];
}

export interface StatefulSetInput {
  readonly set: V1StatefulSet;
  readonly pods: readonly V1Pod[];
  readonly current: V1ControllerRevision;
  readonly update: V1ControllerRevision;
  readonly now: number;
}

export function ordinalOf(set: V1StatefulSet, pod: V1Pod): number | undefined {
  const prefix = `${set.metadata?.name}-`;
  const name = pod.metadata?.name ?? '';
  const text = name.slice(prefix.length);
  return name.startsWith(prefix) && /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

export function ordinalsOf({ spec }: V1StatefulSet): { readonly first: number; readonly end: number } {
  const first = spec?.ordinals?.start ?? 0;
  return { first, end: first + (spec?.replicas ?? 1) };
}

export function planStatefulSet(input: StatefulSetInput): StatefulSetPlan {
  const { set } = input;
  if (set.metadata?.deletionTimestamp !== undefined) return { create: [], delete: [] };
  const ordered = set.spec?.podManagementPolicy !== 'Parallel';
  const create: { ordinal: number; revision: V1ControllerRevision }[] = [];
  const doomed: { pod: V1Pod; failed: boolean }[] = [];
  const { first, end } = ordinalsOf(set);
  const byOrdinal = new Map(input.pods.map((pod) => [ordinalOf(set, pod), pod]));
  const isHealthy = (pod: V1Pod): boolean => isActive(pod) && isAvailable(pod, set.spec?.minReadySeconds ?? 0, input.now);

  for (let ordinal = first; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) create.push({ ordinal, revision: revisionFor(input, ordinal) });
    else if (isFinished(pod) && pod.metadata?.deletionTimestamp === undefined) doomed.push({ pod, failed: true });
    // In order: nothing more before this one is there and healthy.
    if (ordered && (pod === undefined || !isHealthy(pod))) return { create, delete: doomed };
  }
  const condemned = input.pods.filter((pod) => isOutside(ordinalOf(set, pod), first, end)).toSorted((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0));
  const leaving = ordered ? nextToLeave(condemned, isHealthy) : condemned;
  doomed.push(...leaving.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).map((pod) => ({ pod, failed: false })));
  if (ordered && condemned.length > 0) return { create, delete: doomed };
  const settled = create.length === 0 && doomed.length === 0;
  return { create, delete: settled ? outdated(input, byOrdinal, isHealthy) : doomed };
}

/** The highest, unless it is unwell and another one below it too: then people look first. `condemned`: from the highest down. */
function nextToLeave(condemned: readonly V1Pod[], isHealthy: (pod: V1Pod) => boolean): readonly V1Pod[] {
  const [highest] = condemned;
  return highest !== undefined && (isHealthy(highest) || condemned.findLast((pod) => !isHealthy(pod)) === highest) ? [highest] : [];
}

function isOutside(ordinal: number | undefined, first: number, end: number): boolean {
  return ordinal !== undefined && (ordinal < first || ordinal >= end);
}

/** Below the partition pods stay at the revision that they have. */
function revisionFor({ set, current, update }: StatefulSetInput, ordinal: number): V1ControllerRevision {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
  return type === 'RollingUpdate' && ordinal < ordinalsOf(set).first + (rollingUpdate?.partition ?? 0) ? current : update;
}

/** Pods of an older revision, from the highest ordinal down, as many as may be unavailable at once. */
function outdated({ set, update }: StatefulSetInput, byOrdinal: ReadonlyMap<number | undefined, V1Pod>, isHealthy: (pod: V1Pod) => boolean): StatefulSetPlan['delete'] {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type === 'OnDelete') return [];
  const { first, end } = ordinalsOf(set);
  const limit = maxUnavailable(rollingUpdate?.maxUnavailable, end - first);
  let unavailable = [...byOrdinal.values()].filter((pod) => !isHealthy(pod)).length;
  const doomed: { pod: V1Pod; failed: boolean }[] = [];
  for (let ordinal = end - 1; ordinal >= first + (rollingUpdate?.partition ?? 0); ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || pod.metadata?.labels?.[revisionLabel] === update.metadata?.name || pod.metadata?.deletionTimestamp !== undefined) continue;
    // A pod that does not work anyway may be replaced whatever the limit.
    if (isHealthy(pod) && unavailable >= limit) break;
    if (isHealthy(pod)) unavailable += 1;
    doomed.push({ pod, failed: false });
    if (doomed.length >= limit) break;
  }
  return doomed;
}

function maxUnavailable(value: unknown, replicas: number): number {
  if (typeof value === 'string') return Math.max(1, Math.floor((Number.parseInt(value, 10) * replicas) / 100));
  return typeof value === 'number' ? Math.max(1, value) : 1;
}

export function planStatus({ set, pods, current, update, now }: StatefulSetInput): V1StatefulSetStatus {
  const present = pods.filter((pod) => !isFinished(pod) && pod.status?.phase !== undefined);
  const at = (revision: V1ControllerRevision) => (pod: V1Pod) => pod.metadata?.labels?.[revisionLabel] === revision.metadata?.name && pod.metadata?.deletionTimestamp === undefined;
  const replicas = present.length;
  const readyReplicas = present.filter(isReady).length;
  const updatedReplicas = present.filter(at(update)).length;
  const done = updatedReplicas === replicas && readyReplicas === replicas && replicas === (set.spec?.replicas ?? 1);
  const settledRevision = done ? update : current;
  const currentReplicas = present.filter(at(settledRevision)).length;
  return {
    observedGeneration: set.metadata?.generation,
    replicas,
    ...(readyReplicas > 0 ? { readyReplicas } : {}),
    availableReplicas: present.filter((pod) => isAvailable(pod, set.spec?.minReadySeconds ?? 0, now)).length,
    ...(currentReplicas > 0 ? { currentReplicas } : {}),
    ...(updatedReplicas > 0 ? { updatedReplicas } : {}),
    currentRevision: settledRevision.metadata?.name,
    updateRevision: update.metadata?.name,
    collisionCount: set.status?.collisionCount ?? 0,
  };
}
