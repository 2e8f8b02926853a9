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
  /** Field beside the name that names a port of the Service: a number, a text, or a map with `number` or `name`. */
  readonly port?: string;
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
  { pattern: 'volumes[].csi.nodePublishSecretRef.name', kind: 'Secret' },
  { pattern: 'volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName', kind: 'storage.k8s.io/StorageClass' },
  { pattern: 'resourceClaims[].resourceClaimName', kind: 'resource.k8s.io/ResourceClaim' },
  { pattern: 'resourceClaims[].resourceClaimTemplateName', kind: 'resource.k8s.io/ResourceClaimTemplate' },
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => inContainer.map((field) => ({ ...field, pattern: `${list}[].${field.pattern}` }))),
];

const webhookService: ReferenceField = { pattern: 'webhooks[].clientConfig.service.name', kind: 'Service', namespace: 'namespace', port: 'port' };

/** Without a kind beside them they mean a Gateway and a Service. */
const routeReferences: readonly ReferenceField[] = [
  { pattern: 'spec.parentRefs[].name', kind: 'gateway.networking.k8s.io/Gateway', namespace: 'namespace' },
  { pattern: 'spec.rules[].backendRefs[].name', kind: 'Service', namespace: 'namespace', port: 'port' },
];

const ofKinds: Readonly<Record<string, readonly ReferenceField[]>> = {
  'networking.k8s.io/Ingress': [
    { pattern: 'spec.defaultBackend.service.name', kind: 'Service', port: 'port' },
    { pattern: 'spec.rules[].http.paths[].backend.service.name', kind: 'Service', port: 'port' },
    { pattern: 'spec.defaultBackend.resource.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'spec.rules[].http.paths[].backend.resource.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'spec.tls[].secretName', kind: 'Secret' },
    { pattern: 'spec.ingressClassName', kind: 'networking.k8s.io/IngressClass' },
  ],
  'autoscaling/HorizontalPodAutoscaler': [
    { pattern: 'spec.scaleTargetRef.name', kindBeside: { kind: 'kind', group: 'apiVersion' } },
    { pattern: 'spec.metrics[].object.describedObject.name', kindBeside: { kind: 'kind', group: 'apiVersion' } },
  ],
  'rbac.authorization.k8s.io/RoleBinding': [
    { pattern: 'roleRef.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'subjects[].name', kindBeside: { kind: 'kind', group: 'apiGroup' }, namespace: 'namespace' },
  ],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [
    { pattern: 'roleRef.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'subjects[].name', kindBeside: { kind: 'kind', group: 'apiGroup' }, namespace: 'namespace' },
  ],
  'apps/StatefulSet': [
    { pattern: 'spec.serviceName', kind: 'Service' },
    { pattern: 'spec.volumeClaimTemplates[].spec.storageClassName', kind: 'storage.k8s.io/StorageClass' },
  ],
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': [webhookService],
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': [webhookService],
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': [{ pattern: 'spec.policyName', kind: 'admissionregistration.k8s.io/ValidatingAdmissionPolicy' }],
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': [{ pattern: 'spec.policyName', kind: 'admissionregistration.k8s.io/MutatingAdmissionPolicy' }],
  'apiregistration.k8s.io/APIService': [{ pattern: 'spec.service.name', kind: 'Service', namespace: 'namespace', port: 'port' }],
  'apiextensions.k8s.io/CustomResourceDefinition': [{ pattern: 'spec.conversion.webhook.clientConfig.service.name', kind: 'Service', namespace: 'namespace', port: 'port' }],
  'gateway.networking.k8s.io/HTTPRoute': routeReferences,
  'gateway.networking.k8s.io/GRPCRoute': routeReferences,
  'gateway.networking.k8s.io/Gateway': [{ pattern: 'spec.gatewayClassName', kind: 'gateway.networking.k8s.io/GatewayClass' }],
  PersistentVolumeClaim: [
    { pattern: 'spec.storageClassName', kind: 'storage.k8s.io/StorageClass' },
    { pattern: 'spec.volumeName', kind: 'PersistentVolume' },
    { pattern: 'spec.volumeAttributesClassName', kind: 'storage.k8s.io/VolumeAttributesClass' },
    { pattern: 'spec.dataSource.name', kindBeside: { kind: 'kind', group: 'apiGroup' } },
    { pattern: 'spec.dataSourceRef.name', kindBeside: { kind: 'kind', group: 'apiGroup' }, namespace: 'namespace' },
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

const known = new Map<string, readonly ReferenceField[]>();

/** The fields of a kind that name other objects, its pod template's included. */
export function referenceFields(groupKind: string): readonly ReferenceField[] {
  let fields = known.get(groupKind);
  if (fields === undefined) {
    fields = fieldsOf(groupKind);
    // Kinds that anybody may have thought of are not kept.
    if (Object.hasOwn(ofKinds, groupKind) || Object.hasOwn(podTemplates, groupKind)) known.set(groupKind, fields);
  }
  return fields;
}

function fieldsOf(groupKind: string): readonly ReferenceField[] {
  const template = podTemplates[groupKind];
  const inTemplate = template === undefined ? [] : inPodSpec.map((field) => ({ ...field, pattern: below(template, `spec.${field.pattern}`) }));
  return [namespaceOf, ...(ofKinds[groupKind] ?? []), ...inTemplate];
}
