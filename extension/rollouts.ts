/** What rollouts are made of: revisions and templates. Pure. */
import type { V1CronJob, V1Job, V1PodTemplateSpec, V1ReplicaSet } from '../cluster-host/api/generated/types.ts';
import type { KubeObject } from '../cluster-host/api/object.ts';

/** 0 where it has none. */
export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
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
