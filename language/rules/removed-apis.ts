/** API versions that Kubernetes serves no more (https://kubernetes.io/docs/reference/using-api/deprecation-guide/). */

export interface RemovedApi {
  readonly apiVersion: string;
  /** Empty for every kind of the version. */
  readonly kinds: readonly string[];
  /** The release that no longer served it. */
  readonly removed: string;
  /** What took its place, and since which release; nothing where the kind is gone for good. */
  readonly replacement?: { readonly apiVersion: string; readonly since: string };
}

const rows: readonly (readonly [apiVersion: string, kinds: string, removed: string, replacement?: string, since?: string])[] = [
  ['extensions/v1beta1', 'NetworkPolicy', '1.16', 'networking.k8s.io/v1', '1.8'],
  ['extensions/v1beta1', 'Deployment DaemonSet ReplicaSet', '1.16', 'apps/v1', '1.9'],
  ['extensions/v1beta1', 'PodSecurityPolicy', '1.16'],
  ['extensions/v1beta1', 'Ingress', '1.22', 'networking.k8s.io/v1', '1.19'],
  ['apps/v1beta1', '', '1.16', 'apps/v1', '1.9'],
  ['apps/v1beta2', '', '1.16', 'apps/v1', '1.9'],
  ['settings.k8s.io/v1alpha1', 'PodPreset', '1.20'],
  ['batch/v2alpha1', 'CronJob', '1.21', 'batch/v1', '1.21'],
  ['admissionregistration.k8s.io/v1beta1', 'MutatingWebhookConfiguration ValidatingWebhookConfiguration', '1.22', 'admissionregistration.k8s.io/v1', '1.16'],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', '1.22', 'apiextensions.k8s.io/v1', '1.16'],
  ['apiregistration.k8s.io/v1beta1', 'APIService', '1.22', 'apiregistration.k8s.io/v1', '1.10'],
  ['authentication.k8s.io/v1beta1', 'TokenReview', '1.22', 'authentication.k8s.io/v1', '1.6'],
  ['authorization.k8s.io/v1beta1', '', '1.22', 'authorization.k8s.io/v1', '1.6'],
  ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest', '1.22', 'certificates.k8s.io/v1', '1.19'],
  ['coordination.k8s.io/v1beta1', 'Lease', '1.22', 'coordination.k8s.io/v1', '1.14'],
  ['networking.k8s.io/v1beta1', 'Ingress IngressClass', '1.22', 'networking.k8s.io/v1', '1.19'],
  ['rbac.authorization.k8s.io/v1beta1', '', '1.22', 'rbac.authorization.k8s.io/v1', '1.8'],
  ['rbac.authorization.k8s.io/v1alpha1', '', '1.22', 'rbac.authorization.k8s.io/v1', '1.8'],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass', '1.22', 'scheduling.k8s.io/v1', '1.14'],
  ['scheduling.k8s.io/v1alpha1', 'PriorityClass', '1.22', 'scheduling.k8s.io/v1', '1.14'],
  ['storage.k8s.io/v1beta1', 'CSIDriver', '1.22', 'storage.k8s.io/v1', '1.19'],
  ['storage.k8s.io/v1beta1', 'CSINode', '1.22', 'storage.k8s.io/v1', '1.17'],
  ['storage.k8s.io/v1beta1', 'StorageClass', '1.22', 'storage.k8s.io/v1', '1.6'],
  ['storage.k8s.io/v1beta1', 'VolumeAttachment', '1.22', 'storage.k8s.io/v1', '1.13'],
  ['batch/v1beta1', 'CronJob', '1.25', 'batch/v1', '1.21'],
  ['discovery.k8s.io/v1beta1', 'EndpointSlice', '1.25', 'discovery.k8s.io/v1', '1.21'],
  ['events.k8s.io/v1beta1', 'Event', '1.25', 'events.k8s.io/v1', '1.19'],
  ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', '1.25', 'autoscaling/v2', '1.23'],
  ['policy/v1beta1', 'PodDisruptionBudget', '1.25', 'policy/v1', '1.21'],
  ['policy/v1beta1', 'PodSecurityPolicy', '1.25'],
  ['node.k8s.io/v1beta1', 'RuntimeClass', '1.25', 'node.k8s.io/v1', '1.20'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', '1.26', 'autoscaling/v2', '1.23'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', '', '1.26', 'flowcontrol.apiserver.k8s.io/v1', '1.29'],
  ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', '1.27', 'storage.k8s.io/v1', '1.24'],
  ['flowcontrol.apiserver.k8s.io/v1beta2', '', '1.29', 'flowcontrol.apiserver.k8s.io/v1', '1.29'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', '', '1.32', 'flowcontrol.apiserver.k8s.io/v1', '1.29'],
];

const removed: readonly RemovedApi[] = rows.map(([apiVersion, kinds, release, replacement, since]) => ({
  apiVersion,
  kinds: kinds === '' ? [] : kinds.split(' '),
  removed: release,
  ...(replacement === undefined || since === undefined ? {} : { replacement: { apiVersion: replacement, since } }),
}));

export function removedApi(apiVersion: string, kind: string): RemovedApi | undefined {
  return removed.find((row) => row.apiVersion === apiVersion && (row.kinds.length === 0 || row.kinds.includes(kind)));
}
