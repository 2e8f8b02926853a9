/** Where the kinds that make pods keep what a pod is made of. */

/** Kind → pattern of the value that has a pod's `metadata` and `spec`; empty for the object itself. */
export const podTemplates: Readonly<Record<string, string>> = {
  Pod: '',
  PodTemplate: 'template',
  ReplicationController: 'spec.template',
  'apps/ReplicaSet': 'spec.template',
  'apps/Deployment': 'spec.template',
  'apps/StatefulSet': 'spec.template',
  'apps/DaemonSet': 'spec.template',
  'batch/Job': 'spec.template',
  'batch/CronJob': 'spec.jobTemplate.spec.template',
};

/** Joins a pattern below another. */
export function below(base: string, pattern: string): string {
  return base === '' ? pattern : `${base}.${pattern}`;
}
