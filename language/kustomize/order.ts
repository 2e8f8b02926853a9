/** The order in which kustomize writes objects, so that what others need comes first. */
import { gvkOf, nameOf, namespaceOf, type Resource } from './resource.ts';

const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function rank(kind: string): number {
  const early = first.indexOf(kind);
  if (early !== -1) return early - first.length;
  return last.indexOf(kind) + 1;
}

export function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const key = ({ object }: Resource): string => {
    const { group, version, kind } = gvkOf(object);
    return [`${kind}.${version}.${group === '' ? '[noGrp]' : group}`, namespaceOf(object), nameOf(object)].join('\u0000');
  };
  return resources.toSorted((a, b) => rank(gvkOf(a.object).kind) - rank(gvkOf(b.object).kind) || (key(a) < key(b) ? -1 : 1));
}
