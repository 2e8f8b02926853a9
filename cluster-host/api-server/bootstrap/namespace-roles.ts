/** The Roles that a cluster has in kube-system and kube-public, and who is bound to each: `user:`, or `serviceAccount:` of kube-system, and a name. */

export interface NamespaceRole {
  readonly namespace: 'kube-system' | 'kube-public';
  readonly name: string;
  readonly rules: readonly string[];
  /** Of the binding, where it is not the role's. */
  readonly binding?: string;
  readonly subjects: readonly string[];
}

const writesEvents = 'create patch update: ,events.k8s.io/{events}';

export const namespaceRoles: readonly NamespaceRole[] = [
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    rules: ['get list watch: {configmaps}', 'update: {configmaps} named cluster-info', writesEvents],
    subjects: ['serviceAccount:bootstrap-signer'],
  },
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    rules: ['get list watch: {configmaps} named extension-apiserver-authentication'],
    binding: 'system::extension-apiserver-authentication-reader',
    subjects: ['user:system:kube-controller-manager', 'user:system:kube-scheduler'],
  },
  ...(['kube-controller-manager', 'kube-scheduler'] as const).map((component) => ({
    namespace: 'kube-system' as const,
    name: `system::leader-locking-${component}`,
    rules: ['watch: {configmaps}', `get update: {configmaps} named ${component}`, 'create get list update watch: coordination.k8s.io/{leases}', 'create get list update watch: coordination.k8s.io/{leasecandidates}'],
    subjects: [`user:system:${component}`, `serviceAccount:${component}`],
  })),
  { namespace: 'kube-system', name: 'system:controller:bootstrap-signer', rules: ['get list watch: {secrets}'], subjects: ['serviceAccount:bootstrap-signer'] },
  { namespace: 'kube-system', name: 'system:controller:cloud-provider', rules: ['create get list watch: {configmaps}'], subjects: ['serviceAccount:cloud-provider'] },
  { namespace: 'kube-system', name: 'system:controller:token-cleaner', rules: ['delete get list watch: {secrets}', writesEvents], subjects: ['serviceAccount:token-cleaner'] },
];
