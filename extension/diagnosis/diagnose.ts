/** Why an object is not healthy: a row a kind, each over the listers of a cluster. */
import type { CoreV1Event, V1Deployment, V1Job, V1Node, V1PersistentVolumeClaim, V1Service } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Lister } from '../../cluster-host/client/informer.ts';
import { endpointSlices, events, pods, replicaSets } from '../../cluster-host/client/resources.ts';
import { byController, byService, bySubject } from '../clusters/resources.ts';
import { t } from '../l10n.ts';
import { revisionOf } from '../rollouts.ts';
import { podsOf } from '../workloads.ts';
import { newest, type Finding } from './finding.ts';
import { diagnosePod } from './pod.ts';

export interface DiagnosisSource {
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
}

type Check = (object: any, source: DiagnosisSource) => Finding | undefined;

const checks: Readonly<Record<string, Check>> = {
  Pod: (pod, source) => diagnosePod(pod, eventsOf(source, pod)),
  Deployment: deployment,
  ReplicaSet: workload,
  ReplicationController: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  Job: job,
  Service: service,
  PersistentVolumeClaim: claim,
  Node: node,
};

/** Undefined where all is well, or nobody knows. */
export function diagnose(kind: string, object: KubeObject, source: DiagnosisSource): Finding | undefined {
  return checks[kind]?.(object, source);
}

/** Those about an object. */
export function eventsOf(source: DiagnosisSource, { metadata }: KubeObject): readonly CoreV1Event[] {
  return source.lister(events)?.byIndex(bySubject, metadata?.uid ?? '') ?? [];
}

function deployment(object: V1Deployment, source: DiagnosisSource): Finding | undefined {
  if (isWhole(object)) return undefined;
  const sets = source.lister(replicaSets)?.byIndex(byController, object.metadata?.uid ?? '') ?? [];
  for (const set of sets.toSorted((a, b) => revisionOf(b) - revisionOf(a))) {
    const finding = (set.spec?.replicas ?? 0) > 0 ? workload(set, source) : undefined;
    if (finding !== undefined) return finding;
  }
  if (object.spec?.paused === true) return { sentence: t('Its rollout is paused.'), remedy: t('Resume the rollout.') };
  return refused(object, source) ?? late(object);
}

function workload(object: KubeObject, source: DiagnosisSource): Finding | undefined {
  if (isWhole(object)) return undefined;
  const owned = source.lister(pods)?.byIndex(byController, object.metadata?.uid ?? '') ?? [];
  for (const pod of owned) {
    const finding = diagnosePod(pod, eventsOf(source, pod));
    if (finding !== undefined) return finding;
  }
  return refused(object, source);
}

/** The API server does not let its pods be made: a quota, an admission policy, a missing ServiceAccount. */
function refused(object: KubeObject, source: DiagnosisSource): Finding | undefined {
  const failure = (object['status']?.conditions as readonly Condition[] | undefined)?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  const message = failure?.message ?? newest(eventsOf(source, object), ['FailedCreate'])?.message;
  if (message === undefined) return undefined;
  const [, account] = /serviceaccount "([^"]+)" not found/.exec(message) ?? [];
  if (account !== undefined) return { sentence: t('Its pods need the ServiceAccount "{0}", which does not exist.', account), remedy: t('Create it, or mend its name in the manifest.') };
  if (message.includes('exceeded quota')) return { sentence: t('A quota of the namespace is used up: {0}', message.replace(/^.*?exceeded quota/, 'exceeded quota')), remedy: t('Ask for less, or raise the ResourceQuota.') };
  return { sentence: t('Its pods are refused: {0}', message), remedy: t('Mend its template.') };
}

function late(object: V1Deployment): Finding | undefined {
  const progressing = object.status?.conditions?.find(({ type }) => type === 'Progressing');
  return progressing?.reason === 'ProgressDeadlineExceeded' ? { sentence: t('Its rollout takes longer than it may.'), remedy: t('Look at its pods, or undo the rollout.') } : undefined;
}

function job({ status }: V1Job): Finding | undefined {
  const failed = status?.conditions?.find((condition) => condition.type === 'Failed' && condition.status === 'True');
  return failed && { sentence: t('The job failed: {0}', failed.message ?? failed.reason ?? ''), remedy: t('The logs of its pods say why.') };
}

function service(object: V1Service, source: DiagnosisSource): Finding | undefined {
  const { name = '', namespace = '' } = object.metadata ?? {};
  const selector = Object.entries(object.spec?.selector ?? {});
  if (selector.length === 0 || source.lister(endpointSlices) === undefined) return undefined;
  const slices = source.lister(endpointSlices)?.byIndex(byService, `${namespace}/${name}`) ?? [];
  if (slices.some(({ endpoints }) => (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false))) return undefined;
  const selected = podsOf(source, { kind: 'Service', namespace, name });
  if (selected.length > 0) return { sentence: t('None of the {0} pods that it selects is ready.', selected.length), remedy: t('Look at its pods.') };
  return { sentence: t('Its selector {0} matches no pod.', selector.map(([key, value]) => `${key}=${value}`).join(',')), remedy: t('Make the selector and the labels of the pods agree.') };
}

function claim(object: V1PersistentVolumeClaim, source: DiagnosisSource): Finding | undefined {
  if (object.status?.phase !== 'Pending') return undefined;
  const event = newest(eventsOf(source, object), ['ProvisioningFailed', 'FailedBinding', 'WaitForFirstConsumer']);
  if (event === undefined || event.reason === 'WaitForFirstConsumer') return event && { sentence: t('It gets a volume when the first pod uses it.'), remedy: t('Run a pod that uses it.') };
  return { sentence: t('It has no volume: {0}', event.message ?? ''), remedy: t('Check its StorageClass and size.') };
}

function node({ status }: V1Node): Finding | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  return { sentence: t('The node is not ready: {0}', ready.message ?? ready.reason ?? ''), remedy: t('Its kubelet has to report again; pods move away after a while.') };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** As many ready as wanted. */
function isWhole(object: KubeObject): boolean {
  const wanted: number = object['status']?.desiredNumberScheduled ?? object['spec']?.replicas ?? 1;
  const ready: number = object['status']?.numberReady ?? object['status']?.readyReplicas ?? 0;
  const updated: number = object['spec']?.replicas === undefined ? ready : (object['status']?.updatedReplicas ?? ready);
  return ready >= wanted && updated >= wanted;
}
