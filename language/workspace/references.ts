/** Which fields name other objects: one table, by the kind of the object that refers. */
import { below, podTemplates } from './pod-templates.ts';

export interface ReferenceField {
  readonly pattern: string;
  /** Kind that is named, with its group: `apps/Deployment`, `Service`. Left out where fields beside the name tell it. */
  readonly kind?: string;
  /** Names of the fields beside the name that hold kind, and API group or version. */
  readonly kindBeside?: { readonly kind: string; readonly group: string };
  /** Field beside the name that names a key of the object. */
  readonly key?: string;
  /** Field beside the name that says the namespace; left out where it is the object's own. */
  readonly namespace?: string;
}

const inContainer: readonly ReferenceField[] = [
  { pattern: 'envFrom[].configMapRef.name', kind: 'ConfigMap' },
  { pattern: 'envFrom[].secretRef.name', kind: 'Secret' },
  { pattern: 'env[].valueFrom.configMapKeyRef.name', kind: 'ConfigMap', key: 'key' },
  { pattern: 'env[].valueFrom.secretKeyRef.name', kind: 'Secret', key: 'key' },
];

const inPodSpec: readonly ReferenceField[] = [
  { pattern: 'serviceAccountName', kind: 'ServiceAccount' },
  { pattern: 'imagePullSecrets[].name', kind: 'Secret' },
  { pattern: 'priorityClassName', kind: 'scheduling.k8s.io/PriorityClass' },
  { pattern: 'runtimeClassName', kind: 'node.k8s.io/RuntimeClass' },
  { pattern: 'volumes[].configMap.name', kind: 'ConfigMap' },
  { pattern: 'volumes[].secret.secretName', kind: 'Secret' },
  { pattern: 'volumes[].persistentVolumeClaim.claimName', kind: 'PersistentVolumeClaim' },
  { pattern: 'volumes[].projected.sources[].configMap.name', kind: 'ConfigMap' },
  { pattern: 'volumes[].projected.sources[].secret.name', kind: 'Secret' },
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => inContainer.map((field) => ({ ...field, pattern: `${list}[].${field.pattern}` }))),
];

const ofKinds: Readonly<Record<string, readonly ReferenceField[]>> = {
  'networking.k8s.io/Ingress': [
    { pattern: 'spec.defaultBackend.service.name', kind: 'Service' },
    { pattern: 'spec.rules[].http.paths[].backend.service.name', kind: 'Service' },
    { pattern: 'spec.tls[].secretName', kind: 'Secret' },
    { pattern: 'spec.ingressClassName', kind: 'networking.k8s.io/IngressClass' },
  ],
  'autoscaling/HorizontalPodAutoscaler': [{ pattern: 'spec.scaleTargetRef.name', kindBeside: { kind: 'kind', group: 'apiVersion' } }],
  'rbac.authorization.k8s.io/RoleBinding': [
    { pattern: 'roleRef.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'subjects[].name', kindBeside: { kind: 'kind', group: 'apiGroup' }, namespace: 'namespace' },
  ],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [
    { pattern: 'roleRef.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'subjects[].name', kindBeside: { kind: 'kind', group: 'apiGroup' }, namespace: 'namespace' },
  ],
  'apps/StatefulSet': [{ pattern: 'spec.serviceName', kind: 'Service' }],
  PersistentVolumeClaim: [
    { pattern: 'spec.storageClassName', kind: 'storage.k8s.io/StorageClass' },
    { pattern: 'spec.volumeName', kind: 'PersistentVolume' },
  ],
  PersistentVolume: [
    { pattern: 'spec.storageClassName', kind: 'storage.k8s.io/StorageClass' },
    { pattern: 'spec.claimRef.name', kind: 'PersistentVolumeClaim', namespace: 'namespace' },
  ],
  ServiceAccount: [
    { pattern: 'secrets[].name', kind: 'Secret' },
    { pattern: 'imagePullSecrets[].name', kind: 'Secret' },
  ],
};

const namespaceOf: ReferenceField = { pattern: 'metadata.namespace', kind: 'Namespace' };

/** The fields of a kind that name other objects, its pod template's included. */
export function referenceFields(groupKind: string): readonly ReferenceField[] {
  const template = podTemplates[groupKind];
  const inTemplate = template === undefined ? [] : inPodSpec.map((field) => ({ ...field, pattern: below(template, `spec.${field.pattern}`) }));
  return [namespaceOf, ...(ofKinds[groupKind] ?? []), ...inTemplate];
}
