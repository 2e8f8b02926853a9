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

/** Joined before: a text that is made anew has to be hashed anew, and patterns are asked for with every document. */
const joined = new Map<string, Map<string, string>>();

/** Joins a pattern below another. */
export function below(base: string, pattern: string): string {
  if (base === '') return pattern;
  let ofBase = joined.get(base);
  if (ofBase === undefined) joined.set(base, (ofBase = new Map<string, string>()));
  let whole = ofBase.get(pattern);
  if (whole === undefined) ofBase.set(pattern, (whole = `${base}.${pattern}`));
  return whole;
}
