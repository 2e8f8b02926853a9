/** How a deployment sizes its replica sets (kubernetes.io/docs/concepts/workloads/controllers/deployment): pure arithmetic. */
import type { V1Deployment, V1ReplicaSet } from '../../api/generated/types.ts';
import { available, byAge, desiredReplicasAnnotation, isActiveSet, maxReplicasAnnotation, present, rollingLimits, sum, wanted } from './replica-sets.ts';

export interface Scale {
  readonly replicaSet: V1ReplicaSet;
  readonly to: number;
}

/** One step of a rolling update: the new set grows first; when it cannot, old ones shrink. */
export function planRollingStep(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, old: readonly V1ReplicaSet[]): readonly Scale[] {
  if (fresh !== undefined) {
    const to = newSetReplicas(deployment, [fresh, ...old], fresh);
    if (to !== wanted(fresh)) return [{ replicaSet: fresh, to }];
  }
  return shrinkOld(deployment, fresh, old);
}

/** How large the new set may be now: within replicas and maxSurge over all. `fresh` undefined: about to be made. */
export function newSetReplicas(deployment: V1Deployment, all: readonly V1ReplicaSet[], fresh: V1ReplicaSet | undefined): number {
  const { replicas = 1, strategy } = deployment.spec ?? {};
  const current = wanted(fresh);
  if (strategy?.type === 'Recreate') return replicas;
  if (current > replicas) return replicas;
  const room = replicas + rollingLimits(deployment).surge - sum(all, present);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

function shrinkOld(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, old: readonly V1ReplicaSet[]): readonly Scale[] {
  if (sum(old, wanted) === 0) return [];
  const replicas = deployment.spec?.replicas ?? 1;
  const minimum = replicas - rollingLimits(deployment).unavailable;
  const all = fresh === undefined ? old : [fresh, ...old];
  const newUnavailable = wanted(fresh) - available(fresh);
  const maximum = sum(all, wanted) - minimum - newUnavailable;
  if (maximum <= 0) return [];

  // Pods that do not work anyway go first: they cost no availability.
  const sizes = new Map(old.map((replicaSet) => [replicaSet, wanted(replicaSet)]));
  let cleaned = 0;
  for (const replicaSet of byAge(old)) {
    const unhealthy = Math.min(maximum - cleaned, wanted(replicaSet) - available(replicaSet));
    if (unhealthy <= 0) continue;
    sizes.set(replicaSet, wanted(replicaSet) - unhealthy);
    cleaned += unhealthy;
  }
  let surplus = Math.min(sum(all, available) - minimum, maximum - cleaned);
  for (const replicaSet of byAge(old)) {
    if (surplus <= 0) break;
    const size = sizes.get(replicaSet) ?? 0;
    const take = Math.min(size, surplus);
    sizes.set(replicaSet, size - take);
    surplus -= take;
  }
  return changes(sizes);
}

/**
 * Brings the sizes to a changed `replicas` without rolling: the only live set takes all; a finished rollout empties the old ones;
 * in the middle of a rollout each set grows or shrinks in proportion.
 */
export function planResize(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, old: readonly V1ReplicaSet[]): readonly Scale[] {
  const replicas = deployment.spec?.replicas ?? 1;
  const all = fresh === undefined ? old : [...old, fresh];
  const active = all.filter(isActiveSet);
  if (active.length <= 1) {
    const only = active[0] ?? fresh ?? byAge(old).at(-1);
    return only === undefined || wanted(only) === replicas ? [] : [{ replicaSet: only, to: replicas }];
  }
  if (isSaturated(deployment, fresh)) return old.filter(isActiveSet).map((replicaSet) => ({ replicaSet, to: 0 }));
  return deployment.spec?.strategy?.type === 'Recreate' ? [] : proportional(deployment, active);
}

function isSaturated(deployment: V1Deployment, fresh: V1ReplicaSet | undefined): boolean {
  const replicas = deployment.spec?.replicas ?? 1;
  return fresh !== undefined && wanted(fresh) === replicas && Number(fresh.metadata?.annotations?.[desiredReplicasAnnotation]) === replicas && available(fresh) === replicas;
}

function proportional(deployment: V1Deployment, active: readonly V1ReplicaSet[]): readonly Scale[] {
  const replicas = deployment.spec?.replicas ?? 1;
  const allowed = replicas > 0 ? replicas + rollingLimits(deployment).surge : 0;
  const toAdd = allowed - sum(active, wanted);
  const oldestLast = byAge(active).toReversed();
  // The largest set first; growing favours the newer of equals, shrinking the older.
  const ordered = (toAdd > 0 ? oldestLast : oldestLast.toReversed()).toSorted((a, b) => wanted(b) - wanted(a));
  const sizes = new Map<V1ReplicaSet, number>();
  let added = 0;
  for (const replicaSet of ordered) {
    const share = toAdd === 0 ? 0 : shareOf(deployment, replicaSet, toAdd, added, allowed);
    sizes.set(replicaSet, wanted(replicaSet) + share);
    added += share;
  }
  const [largest] = ordered;
  if (largest !== undefined) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + toAdd - added));
  return changes(sizes);
}

/** The set's part of what is to be added (or removed), never beyond what is left of it. */
function shareOf(deployment: V1Deployment, replicaSet: V1ReplicaSet, toAdd: number, added: number, allowed: number): number {
  const size = wanted(replicaSet);
  const before = Number(replicaSet.metadata?.annotations?.[maxReplicasAnnotation]) || (deployment.status?.replicas ?? 0);
  const fraction = deployment.spec?.replicas === 0 ? -size : before === 0 ? 0 : Math.round((size * allowed) / before) - size;
  return toAdd > 0 ? Math.max(0, Math.min(fraction, toAdd - added)) : Math.min(0, Math.max(fraction, toAdd - added));
}

function changes(sizes: ReadonlyMap<V1ReplicaSet, number>): readonly Scale[] {
  return [...sizes].flatMap(([replicaSet, to]) => (to === wanted(replicaSet) ? [] : [{ replicaSet, to }]));
}
