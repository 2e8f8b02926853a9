/** The next step of a deployment as data: what to write, in which order. Pure; the arithmetic is in `scaling.ts`. */
import type { V1Deployment, V1DeploymentStatus, V1Pod, V1ReplicaSet } from '../../api/generated/types.ts';
import { findCondition, withCondition } from '../common/conditions.ts';
import { controllerReference } from '../common/owners.ts';
import { isFinished } from '../common/pods.ts';
import { contentHash } from '../common/template-hash.ts';
import { deployments } from '../../client/resources.ts';
import {
  byAge,
  desiredReplicasAnnotation,
  isActiveSet,
  maxReplicasAnnotation,
  newReplicaSetOf,
  revisionAnnotation,
  revisionHistoryAnnotation,
  revisionOf,
  rollingLimits,
  sum,
  templateHashLabel,
  wanted,
} from './replica-sets.ts';
import { newSetReplicas, planResize, planRollingStep, type Scale } from './scaling.ts';
import { countsOf, deploymentCondition, hasDeadline, isComplete, rolloutStatus } from './status.ts';

export interface DeploymentPlan {
  /** The template's replica set, to be made. */
  readonly create?: V1ReplicaSet;
  /** Replica sets whose annotations or minReadySeconds are behind. */
  readonly refresh: readonly V1ReplicaSet[];
  readonly scale: readonly Scale[];
  /** Old replica sets beyond the history limit. */
  readonly remove: readonly V1ReplicaSet[];
  /** The deployment's revision annotation, where it is behind. */
  readonly revision?: string;
  readonly status: V1DeploymentStatus;
}

/** `replicaSets`: those the deployment owns; `pods`: theirs (read by Recreate only). */
export function planDeployment(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[], pods: readonly V1Pod[], now: number): DeploymentPlan {
  const fresh = newReplicaSetOf(deployment, replicaSets);
  const old = replicaSets.filter((replicaSet) => replicaSet !== fresh);
  const nothing = { refresh: [], scale: [], remove: [] };
  if (deployment.metadata?.deletionTimestamp !== undefined) return { ...nothing, status: countsOf(deployment, fresh, replicaSets, now) };

  const revision = String(latest([revisionOf(fresh ?? {}), latest(old.map(revisionOf)) + 1n]));
  const paused = deployment.spec?.paused === true;
  const resized = replicaSets.some((replicaSet) => isActiveSet(replicaSet) && sizeChanged(deployment, replicaSet));
  const refresh = fresh === undefined ? [] : refreshed(deployment, fresh, revision);
  const annotation = fresh !== undefined && deployment.metadata?.annotations?.[revisionAnnotation] !== revision ? { revision } : {};
  if (paused || resized) {
    const scale = planResize(deployment, fresh, old);
    return { ...nothing, ...annotation, refresh, scale: scale.length > 0 || !resized ? scale : unchanged(deployment, replicaSets), remove: paused ? surplusHistory(deployment, old) : [], status: pausedStatus(deployment, fresh, replicaSets, now) };
  }
  const rolling = deployment.spec?.strategy?.type !== 'Recreate';
  if (!rolling && !isEmptied(old, pods)) {
    return { ...nothing, ...annotation, refresh, scale: old.filter(isActiveSet).map((replicaSet) => ({ replicaSet, to: 0 })), status: rolloutStatus(deployment, fresh, replicaSets, now) };
  }
  if (fresh === undefined) {
    const create = newReplicaSet(deployment, replicaSets, revision);
    return { ...nothing, create, revision, status: found(deployment, rolloutStatus(deployment, undefined, replicaSets, now), 'NewReplicaSetCreated', `Created new replica set "${create.metadata?.name}"`, now) };
  }
  const scale = rolling ? planRollingStep(deployment, fresh, old) : planRollingStep(deployment, fresh, []);
  const status = found(deployment, rolloutStatus(deployment, fresh, replicaSets, now), 'FoundNewReplicaSet', `Found new replica set "${fresh.metadata?.name}"`, now);
  const remove = scale.length === 0 && isComplete(deployment, status) ? surplusHistory(deployment, old) : [];
  return { refresh, scale, remove, ...annotation, status };
}

/** The `replicas` of the deployment is not the one that the replica set was last sized for. */
function sizeChanged(deployment: V1Deployment, replicaSet: V1ReplicaSet): boolean {
  const desired = replicaSet.metadata?.annotations?.[desiredReplicasAnnotation];
  return desired !== undefined && Number(desired) !== (deployment.spec?.replicas ?? 1);
}

/** Sizes stay, but the annotations must learn of the new `replicas`. */
function unchanged(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[]): readonly Scale[] {
  return replicaSets.filter((replicaSet) => isActiveSet(replicaSet) && sizeChanged(deployment, replicaSet)).map((replicaSet) => ({ replicaSet, to: wanted(replicaSet) }));
}

/** Recreate waits until no pod of the old template runs. */
function isEmptied(old: readonly V1ReplicaSet[], pods: readonly V1Pod[]): boolean {
  const uids = new Set(old.map(({ metadata }) => metadata?.uid));
  const left = pods.some((pod) => !isFinished(pod) && pod.metadata?.ownerReferences?.some(({ uid }) => uids.has(uid)) === true);
  return sum(old, wanted) === 0 && !left;
}

function latest(revisions: readonly bigint[]): bigint {
  return revisions.reduce((a, b) => (b > a ? b : a), 0n);
}

export function templateHash(deployment: V1Deployment): string {
  return contentHash(deployment.spec?.template, deployment.status?.collisionCount);
}

function newReplicaSet(deployment: V1Deployment, all: readonly V1ReplicaSet[], revision: string): V1ReplicaSet {
  const { name, namespace } = deployment.metadata ?? {};
  const { template = {}, selector, minReadySeconds } = deployment.spec ?? {};
  const hash = templateHash(deployment);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { ...inheritedAnnotations(deployment), ...sizeAnnotations(deployment), [revisionAnnotation]: revision },
      ownerReferences: [controllerReference(deployments, deployment)],
    },
    spec: {
      replicas: newSetReplicas(deployment, all, undefined),
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

export function sizeAnnotations(deployment: V1Deployment): Record<string, string> {
  const replicas = deployment.spec?.replicas ?? 1;
  return { [desiredReplicasAnnotation]: String(replicas), [maxReplicasAnnotation]: String(replicas + rollingLimits(deployment).surge) };
}

/** What replica sets do not take over from the deployment. */
const ownAnnotations = new Set(['kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, revisionHistoryAnnotation, desiredReplicasAnnotation, maxReplicasAnnotation, 'deprecated.deployment.rollback.to']);

function inheritedAnnotations(deployment: V1Deployment): Record<string, string> {
  return Object.fromEntries(Object.entries(deployment.metadata?.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name)));
}

/** The new set with today's revision, annotations and minReadySeconds; empty when it has them already. A set that comes back from the past notes its former revision. */
function refreshed(deployment: V1Deployment, fresh: V1ReplicaSet, revision: string): readonly V1ReplicaSet[] {
  const old = fresh.metadata?.annotations ?? {};
  const former = old[revisionAnnotation];
  const annotations: Record<string, string> = { ...old, ...inheritedAnnotations(deployment), [revisionAnnotation]: revision };
  if (former !== undefined && former !== revision) annotations[revisionHistoryAnnotation] = [old[revisionHistoryAnnotation], former].filter(Boolean).join(',');
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const same = Object.entries(annotations).every(([name, value]) => old[name] === value) && (fresh.spec?.minReadySeconds ?? 0) === minReadySeconds;
  return same || fresh.spec === undefined ? [] : [{ ...fresh, metadata: { ...fresh.metadata, annotations }, spec: { ...fresh.spec, minReadySeconds } }];
}

function surplusHistory(deployment: V1Deployment, old: readonly V1ReplicaSet[]): readonly V1ReplicaSet[] {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const alive = old.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const surplus = byAge(alive).toSorted((a, b) => (revisionOf(a) < revisionOf(b) ? -1 : revisionOf(a) > revisionOf(b) ? 1 : 0)).slice(0, Math.max(0, alive.length - limit));
  const quiet = (replicaSet: V1ReplicaSet): boolean => wanted(replicaSet) === 0 && replicaSet.status?.replicas === 0 && (replicaSet.metadata?.generation ?? 0) <= (replicaSet.status?.observedGeneration ?? 0);
  return surplus.filter(quiet);
}

/** Notes the first sight of the template's replica set, from which the deadline counts. */
function found(deployment: V1Deployment, status: V1DeploymentStatus, reason: string, message: string, now: number): V1DeploymentStatus {
  const created = reason === 'NewReplicaSetCreated';
  const known = findCondition(status.conditions, 'Progressing');
  if (!hasDeadline(deployment) || (known !== undefined && !created && known.reason !== 'DeploymentPaused')) return resumed(status, now);
  return { ...status, conditions: withCondition(status.conditions, deploymentCondition('Progressing', 'True', reason, message, now)) };
}

function resumed(status: V1DeploymentStatus, now: number): V1DeploymentStatus {
  if (findCondition(status.conditions, 'Progressing')?.reason !== 'DeploymentPaused') return status;
  return { ...status, conditions: withCondition(status.conditions, deploymentCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', now)) };
}

function pausedStatus(deployment: V1Deployment, fresh: V1ReplicaSet | undefined, all: readonly V1ReplicaSet[], now: number): V1DeploymentStatus {
  const status = countsOf(deployment, fresh, all, now);
  const timedOut = findCondition(status.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
  if (deployment.spec?.paused !== true || !hasDeadline(deployment) || timedOut) return status;
  return { ...status, conditions: withCondition(status.conditions, deploymentCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', now)) };
}
