/** What a replica controller does next, and what it reports. Pure; ReplicaSet and ReplicationController share it. */
import type { V1Pod, V1ReplicaSet, V1ReplicaSetCondition, V1ReplicaSetStatus } from '../../api/generated/types.ts';
import { matchesLabels, selectorOfLabels } from '../../api/selectors/label-selector.ts';
import { withCondition, withoutCondition } from '../common/conditions.ts';
import { leaveOutZeros } from '../common/counts.ts';
import { isActive, isAvailable, isFinished, isReady } from '../common/pods.ts';
import { timestamp } from '../../api/time.ts';
import { rankForDeletion } from './ranking.ts';

/** No more pods than this are created or deleted in one go. */
const burst = 500;

export interface ReplicaPlan {
  readonly create: number;
  readonly delete: readonly V1Pod[];
}

/** `owned`: every pod of the controller; `related`: those of its siblings too. */
export function planReplicas(replicas: number, owned: readonly V1Pod[], related: readonly V1Pod[], now: number): ReplicaPlan {
  const active = owned.filter(isActive);
  const missing = replicas - active.length;
  if (missing >= 0) return { create: Math.min(missing, burst), delete: [] };
  return { create: 0, delete: rankForDeletion(active, related, now).slice(0, Math.min(-missing, burst)) };
}

export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

export function planStatus(owner: V1ReplicaSet, owned: readonly V1Pod[], failure: ReplicaFailure | undefined, now: number): V1ReplicaSetStatus {
  const active = owned.filter(isActive);
  const labels = selectorOfLabels(owner.spec?.template?.metadata?.labels);
  const minReadySeconds = owner.spec?.minReadySeconds ?? 0;
  const status: V1ReplicaSetStatus = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => matchesLabels(labels, pod.metadata?.labels)).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
    terminatingReplicas: owned.filter((pod) => pod.metadata?.deletionTimestamp !== undefined && !isFinished(pod)).length,
    observedGeneration: owner.metadata?.generation,
    conditions: conditionsAfter(owner.status?.conditions, failure, now),
  };
  return leaveOutZeros(status, ['replicas', 'terminatingReplicas']);
}

function conditionsAfter(known: readonly V1ReplicaSetCondition[] | undefined, failure: ReplicaFailure | undefined, now: number): V1ReplicaSetCondition[] {
  if (failure === undefined) return withoutCondition(known, 'ReplicaFailure');
  return withCondition(known, { type: 'ReplicaFailure', status: 'True', ...failure, lastTransitionTime: timestamp(now) });
}
