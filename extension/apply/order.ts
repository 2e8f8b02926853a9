/** Which object goes first: what others need to exist, as helm orders kinds (https://helm.sh/docs/intro/using_helm/). */

const first = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'ResourceQuota', 'LimitRange', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'ConfigMap', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'IngressClass', 'Service'];
/** They judge every later write, so they come when there is none. */
const last = ['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'MutatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicyBinding'];

/** Stable: objects of one rank stay as they were written. Deleting goes the other way round. */
export function inApplyOrder<T extends { readonly kind: string }>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
}

function rankOf(kind: string): number {
  const early = first.indexOf(kind);
  return early >= 0 ? early : first.length + 1 + last.indexOf(kind);
}
