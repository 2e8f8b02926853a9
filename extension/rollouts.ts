/** What rollouts are made of: revisions and templates. Pure. */
import type { V1ControllerRevision, V1CronJob, V1Job, V1PodTemplateSpec, V1ReplicaSet } from '../cluster-host/api/generated/types.ts';
import type { KubeObject } from '../cluster-host/api/object.ts';

/** 0 where it has none. */
export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

export interface Revision {
  readonly revision: number;
  readonly template: V1PodTemplateSpec;
  /** `kubernetes.io/change-cause`; empty where nobody said. */
  readonly cause: string;
}

/** Kinds with revisions to go back to. */
export const rolloutKinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Newest first: out of a Deployment's ReplicaSets, or of the ControllerRevisions of the others. */
export function revisionsOf(uid: string, sets: readonly V1ReplicaSet[], controllerRevisions: readonly V1ControllerRevision[]): readonly Revision[] {
  const isOwned = ({ metadata }: KubeObject): boolean => metadata?.ownerReferences?.some((owner) => owner.uid === uid && owner.controller === true) === true;
  const ofSets = sets.filter(isOwned).map((set) => ({ revision: revisionOf(set), template: templateOf(set), cause: causeOf(set) }));
  const others = controllerRevisions.filter(isOwned).map((kept) => ({ revision: kept.revision, template: keptTemplate(kept), cause: causeOf(kept) }));
  return [...ofSets, ...others].toSorted((a, b) => b.revision - a.revision);
}

function causeOf({ metadata }: KubeObject): string {
  return metadata?.annotations?.['kubernetes.io/change-cause'] ?? '';
}

/** A ControllerRevision keeps a strategic merge patch that replaces the template. */
function keptTemplate({ data }: V1ControllerRevision): V1PodTemplateSpec {
  const { $patch: _, ...template } = (data as { readonly spec?: { readonly template?: Record<string, unknown> } } | undefined)?.spec?.template ?? {};
  return template;
}

/** The template that a ReplicaSet was made of: without the label that the Deployment's controller added. */
export function templateOf({ spec }: V1ReplicaSet): V1PodTemplateSpec {
  const { 'pod-template-hash': _hash, ...labels } = spec?.template?.metadata?.labels ?? {};
  return { ...spec?.template, metadata: { ...spec?.template?.metadata, labels } };
}

/** As `kubectl create job --from=cronjob/NAME`; `now` in milliseconds makes its name. */
export function jobOf(cronJob: V1CronJob, now: number): V1Job {
  const { name = '', uid = '', namespace } = cronJob.metadata ?? {};
  const template = cronJob.spec?.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name.slice(0, 52)}-${Math.floor(now / 1000).toString(36)}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(template?.metadata?.labels === undefined ? {} : { labels: template.metadata.labels }),
      annotations: { ...template?.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    },
    ...(template?.spec === undefined ? {} : { spec: template.spec }),
  };
}
