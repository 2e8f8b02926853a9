/** What a deployment reports: counts, and whether it is available and getting on. Pure. */
import type { V1Deployment, V1DeploymentCondition, V1DeploymentStatus, V1ReplicaSet } from '../../api/generated/types.ts';
import { findCondition, withCondition, withoutCondition } from '../common/conditions.ts';
import { leaveOutZeros } from '../common/counts.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';
import { rollingLimits, sum, wanted } from './replica-sets.ts';

export function deploymentCondition(type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string, now: number): V1DeploymentCondition {
  return { type, status, reason, message, lastUpdateTime: timestamp(now), lastTransitionTime: timestamp(now) };
}

export function countsOf(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, all: readonly V1ReplicaSet[], now: number): V1DeploymentStatus {
  const availableReplicas = sum(all, ({ status }) => status?.availableReplicas);
  const enough = availableReplicas >= (deployment.spec?.replicas ?? 1) - rollingLimits(deployment).unavailable;
  const availability = enough
    ? deploymentCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : deploymentCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', now);
  const status: V1DeploymentStatus = {
    observedGeneration: deployment.metadata?.generation,
    replicas: sum(all, ({ status }) => status?.replicas),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, sum(all, wanted) - availableReplicas),
    terminatingReplicas: sum(all, ({ status }) => status?.terminatingReplicas),
    collisionCount: deployment.status?.collisionCount,
    conditions: withCondition(deployment.status?.conditions, availability),
  };
  return leaveOutZeros(status, ['terminatingReplicas']);
}

/** All pods are of the new template, none is missing, none is too many. */
export function isComplete(deployment: V1Deployment, status: V1DeploymentStatus): boolean {
  const { replicas = 1 } = deployment.spec ?? {};
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0)
  );
}

/** Whether the counts moved in the right direction since the last status. */
function isProgressing(old: V1DeploymentStatus, status: V1DeploymentStatus): boolean {
  const oldOnes = (one: V1DeploymentStatus): number => (one.replicas ?? 0) - (one.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    oldOnes(status) < oldOnes(old) ||
    (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

/** The largest int32: the rollout may take as long as it takes. */
const noDeadline = 2 ** 31 - 1;

export function hasDeadline(deployment: V1Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== noDeadline;
}

/** The status of a rollout under way or done, with its `Progressing` and `ReplicaFailure` conditions. */
export function rolloutStatus(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, all: readonly V1ReplicaSet[], now: number): V1DeploymentStatus {
  const status = countsOf(deployment, fresh, all, now);
  const failure = [fresh, ...all].flatMap((replicaSet) => findCondition(replicaSet?.status?.conditions, 'ReplicaFailure') ?? [])[0];
  const conditions = withProgress(deployment, fresh, status, now);
  return {
    ...status,
    conditions:
      failure === undefined
        ? withoutCondition(conditions, 'ReplicaFailure')
        : withCondition(conditions, { ...deploymentCondition('ReplicaFailure', 'True', failure.reason ?? '', failure.message ?? '', now), lastTransitionTime: failure.lastTransitionTime }),
  };
}

function withProgress(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, status: V1DeploymentStatus, now: number): V1DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  if (!hasDeadline(deployment)) return withoutCondition(conditions, 'Progressing');
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  const subject = fresh === undefined ? `Deployment "${deployment.metadata?.name}"` : `ReplicaSet "${fresh.metadata?.name}"`;
  // A finished rollout stays finished, whatever its pods do, until the template changes.
  const finished = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && known?.reason === 'NewReplicaSetAvailable';
  if (finished) return conditions;
  if (isComplete(deployment, status)) {
    return withCondition(conditions, deploymentCondition('Progressing', 'True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`, now));
  }
  if (isProgressing(deployment.status ?? {}, status)) {
    const condition = deploymentCondition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
    // The deadline counts from the last progress, so the update time moves even when nothing else does.
    const lastTransitionTime = known?.status === 'True' ? known.lastTransitionTime : condition.lastTransitionTime;
    return [...withoutCondition(conditions, 'Progressing'), { ...condition, lastTransitionTime }];
  }
  if (untilDeadline(deployment, now) !== 0) return conditions;
  return withCondition(conditions, deploymentCondition('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`, now));
}

/** Milliseconds until the rollout counts as stuck: 0 when it does, undefined when no deadline runs. */
export function untilDeadline(deployment: V1Deployment, now: number): number | undefined {
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  if (!hasDeadline(deployment) || known === undefined || known.reason === 'NewReplicaSetAvailable') return undefined;
  if (known.reason === 'ProgressDeadlineExceeded') return 0;
  if (known.reason === 'DeploymentPaused') return undefined;
  const from = millisecondsOf(known.lastUpdateTime) ?? now;
  return Math.max(0, from + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000 - now);
}
