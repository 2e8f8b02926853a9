/** What a deployment reads out of its replica sets: which is new, which are old, their revisions and sizes. Pure. */
import type { V1Deployment, V1PodTemplateSpec, V1ReplicaSet } from '../../api/generated/types.ts';
import { equal } from '../common/equal.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';
export const templateHashLabel = 'pod-template-hash';

/** The oldest replica set whose template is the deployment's, hash label aside. */
export function newReplicaSetOf(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[]): V1ReplicaSet | undefined {
  const template = deployment.spec?.template;
  return byAge(replicaSets).find((replicaSet) => template !== undefined && sameTemplate(replicaSet.spec?.template, template));
}

export function sameTemplate(a: V1PodTemplateSpec | undefined, b: V1PodTemplateSpec): boolean {
  return equal(withoutHash(a ?? {}), withoutHash(b));
}

function withoutHash(template: V1PodTemplateSpec): V1PodTemplateSpec {
  const { [templateHashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: _created, ...metadata } = template.metadata ?? {};
  return { ...template, metadata: { ...metadata, labels } };
}

export function byAge(replicaSets: readonly V1ReplicaSet[]): readonly V1ReplicaSet[] {
  const age = ({ metadata }: V1ReplicaSet): string => `${metadata?.creationTimestamp ?? ''} ${metadata?.name ?? ''}`;
  return replicaSets.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}

/** Any whole number of 64 bits; 0 where there is none, or something else. */
export function revisionOf(object: { metadata?: { annotations?: Record<string, string> } }): bigint {
  const text = object.metadata?.annotations?.[revisionAnnotation] ?? '';
  const revision = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text) : 0n;
  return BigInt.asIntN(64, revision) === revision ? revision : 0n;
}

export function wanted(replicaSet: V1ReplicaSet | undefined): number {
  return replicaSet?.spec?.replicas ?? (replicaSet === undefined ? 0 : 1);
}

/** How many pods there may be: a set that is to shrink still has those that it reports. */
export function present(replicaSet: V1ReplicaSet): number {
  return Math.max(wanted(replicaSet), replicaSet.status?.replicas ?? 0);
}

/** What surely is available: a set that is shrinking may still report pods that are about to go. */
export function available(replicaSet: V1ReplicaSet | undefined): number {
  return Math.min(replicaSet?.status?.availableReplicas ?? 0, wanted(replicaSet));
}

export function sum(replicaSets: readonly V1ReplicaSet[], count: (replicaSet: V1ReplicaSet) => number | undefined): number {
  return replicaSets.reduce((total, replicaSet) => total + (count(replicaSet) ?? 0), 0);
}

export function isActiveSet(replicaSet: V1ReplicaSet): boolean {
  return wanted(replicaSet) > 0;
}

/** How many pods may be missing and how many may be too many: percentages of the replicas, up for surge, down for unavailability, never both 0. */
export function rollingLimits(deployment: V1Deployment): { readonly surge: number; readonly unavailable: number } {
  const { replicas = 1, strategy } = deployment.spec ?? {};
  if (strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = scaled(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = scaled(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

function scaled(value: unknown, total: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(String(value), 10) * total) / 100);
}
