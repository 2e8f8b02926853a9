/** Whether an object has come to do what it is for, as `kubectl rollout status` and `kubectl wait` judge it. Pure; a row a kind. */
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { t } from '../l10n.ts';

export interface Readiness {
  readonly state: 'ready' | 'waiting' | 'failed';
  /** What it waits for, or why it failed; empty when it is ready. */
  readonly says: string;
}

const ready: Readiness = { state: 'ready', says: '' };
const waiting = (says: string): Readiness => ({ state: 'waiting', says });
const failed = (says: string): Readiness => ({ state: 'failed', says });

type Judge = (object: any) => Readiness;

const judges: Readonly<Record<string, Judge>> = {
  Deployment: deployment,
  StatefulSet: ({ spec, status }) => counted(status?.updateRevision === undefined || spec?.updateStrategy?.type === 'OnDelete' ? status?.readyReplicas : Math.min(status?.updatedReplicas ?? 0, status?.readyReplicas ?? 0), updatedTarget(spec)),
  DaemonSet: ({ status }) => counted(Math.min(status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0), status?.desiredNumberScheduled ?? 0),
  ReplicaSet: ({ spec, status }) => counted(status?.readyReplicas, spec?.replicas ?? 1),
  ReplicationController: ({ spec, status }) => counted(status?.readyReplicas, spec?.replicas ?? 1),
  Pod: pod,
  Job: (object) => {
    const failure = condition(object, 'Failed');
    if (failure?.status === 'True') return failed(failure.message ?? failure.reason ?? '');
    return isTrue(object, 'Complete') || (object.status?.ready ?? 0) > 0 || object.spec?.suspend === true ? ready : waiting(t('no pod of it runs yet'));
  },
  PersistentVolumeClaim: ({ status }) => (status?.phase === 'Lost' ? failed(t('its volume is gone')) : ready),
  CustomResourceDefinition: (object) => (isTrue(object, 'Established') ? ready : waiting(condition(object, 'NamesAccepted')?.message ?? '')),
  APIService: (object) => (isTrue(object, 'Available') ? ready : waiting(condition(object, 'Available')?.message ?? '')),
  Service: ({ spec, status }) => (spec?.type === 'LoadBalancer' && (status?.loadBalancer?.ingress ?? []).length === 0 ? waiting(t('no address from a load balancer yet')) : ready),
};

/** `object`: as it is now. Kinds that nobody knows are ready, unless their own condition `Ready` says otherwise. */
export function readinessOf(kind: string, object: KubeObject): Readiness {
  const { generation } = object.metadata ?? {};
  const observed: unknown = object['status']?.observedGeneration;
  if (typeof observed === 'number' && generation !== undefined && observed < generation) return waiting(t('the change is not seen yet'));
  return (judges[kind] ?? custom)(object);
}

function deployment(object: KubeObject): Readiness {
  const { spec, status } = object;
  if (spec?.paused === true) return ready;
  const late = condition(object, 'Progressing');
  if (late?.reason === 'ProgressDeadlineExceeded') return failed(late.message ?? '');
  if (status?.observedGeneration === undefined) return waiting(t('the change is not seen yet'));
  const old = (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const counts = counted(Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0), spec?.replicas ?? 1);
  return counts.state === 'ready' && old > 0 ? waiting(t('{0} old pods still run', old)) : counts;
}

function pod(object: KubeObject): Readiness {
  const phase: string | undefined = object['status']?.phase;
  if (phase === 'Failed') return failed(object['status']?.message ?? '');
  return phase === 'Succeeded' || isTrue(object, 'Ready') ? ready : waiting(phase ?? 'Pending');
}

function custom(object: KubeObject): Readiness {
  const own = condition(object, 'Ready');
  return own === undefined || own.status === 'True' ? ready : waiting(own.message ?? own.reason ?? '');
}

function counted(count: number | undefined, wanted: number): Readiness {
  return (count ?? 0) >= wanted ? ready : waiting(t('{0} of {1} ready', count ?? 0, wanted));
}

/** With a partition only the pods above it are updated, and all have to be ready; otherwise all are both. */
function updatedTarget(spec: any): number {
  return Math.max(0, (spec?.replicas ?? 1) - (spec?.updateStrategy?.rollingUpdate?.partition ?? 0));
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function condition(object: KubeObject, type: string): Condition | undefined {
  const conditions: unknown = object['status']?.conditions;
  return Array.isArray(conditions) ? (conditions as readonly Condition[]).find((found) => found.type === type) : undefined;
}

function isTrue(object: KubeObject, type: string): boolean {
  return condition(object, type)?.status === 'True';
}
