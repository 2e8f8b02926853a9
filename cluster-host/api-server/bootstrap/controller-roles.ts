/** Roles of Kubernetes' own controllers, by the name of the service account in kube-system that each is bound to. */

export interface ControllerRole {
  readonly rules: readonly string[];
  /** Whether the controller writes events. */
  readonly events: boolean;
}

export const controllerRoles: Readonly<Record<string, ControllerRole>> = {
  'attachdetach-controller': {
    rules: [
      'list watch: {persistentvolumeclaims persistentvolumes}',
      'get list watch: {nodes}',
      'patch update: {nodes/status}',
      'list watch: {pods}',
      'create delete get list watch: storage.k8s.io/{volumeattachments}',
      'get list watch: storage.k8s.io/{csidrivers}',
      'get list watch: storage.k8s.io/{csinodes}',
    ],
    events: true,
  },
  'certificate-controller': {
    rules: [
      'delete get list watch: certificates.k8s.io/{certificatesigningrequests}',
      'update: certificates.k8s.io/{certificatesigningrequests/approval certificatesigningrequests/status}',
      'approve: certificates.k8s.io/{signers} named kubernetes.io/kube-apiserver-client-kubelet',
      'sign: certificates.k8s.io/{signers} named kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown',
      'create: authorization.k8s.io/{subjectaccessreviews}',
    ],
    events: true,
  },
  'clusterrole-aggregation-controller': {
    rules: [
      'escalate get list patch update watch: rbac.authorization.k8s.io/{clusterroles}',
    ],
    events: false,
  },
  'cronjob-controller': {
    rules: [
      'get list update watch: batch/{cronjobs}',
      'create delete get list patch update watch: batch/{jobs}',
      'update: batch/{cronjobs/status}',
      'update: batch/{cronjobs/finalizers}',
      'delete list: {pods}',
    ],
    events: true,
  },
  'daemon-set-controller': {
    rules: [
      'get list watch: apps/{daemonsets}',
      'update: apps/{daemonsets/status}',
      'update: apps/{daemonsets/finalizers}',
      'list watch: {nodes}',
      'create delete list patch watch: {pods}',
      'create: {pods/binding}',
      'create delete get list patch update watch: apps/{controllerrevisions}',
    ],
    events: true,
  },
  'deployment-controller': {
    rules: [
      'get list update watch: apps/{deployments}',
      'update: apps/{deployments/status}',
      'update: apps/{deployments/finalizers}',
      'create delete get list patch update watch: apps/{replicasets}',
      'get list update watch: {pods}',
    ],
    events: true,
  },
  'disruption-controller': {
    rules: [
      'get list watch: apps/{deployments}',
      'get list watch: apps/{replicasets}',
      'get list watch: {replicationcontrollers}',
      'get list watch: policy/{poddisruptionbudgets}',
      'get list watch: apps/{statefulsets}',
      'update: policy/{poddisruptionbudgets/status}',
      'get: */{*/scale}',
    ],
    events: true,
  },
  'endpoint-controller': {
    rules: [
      'get list watch: {pods services}',
      'create delete get list update: {endpoints}',
      'create: {endpoints/restricted}',
    ],
    events: true,
  },
  'endpointslice-controller': {
    rules: [
      'get list watch: {nodes pods services}',
      'update: {services/finalizers}',
      'create delete get list update: discovery.k8s.io/{endpointslices}',
    ],
    events: true,
  },
  'endpointslicemirroring-controller': {
    rules: [
      'get list watch: {endpoints services}',
      'update: {services/finalizers}',
      'update: {endpoints/finalizers}',
      'create delete get list update: discovery.k8s.io/{endpointslices}',
    ],
    events: true,
  },
  'ephemeral-volume-controller': {
    rules: [
      'get list watch: {pods}',
      'get list watch create: {persistentvolumeclaims}',
      'update: {pods/finalizers}',
    ],
    events: true,
  },
  'expand-controller': {
    rules: [
      'get list patch update watch: {persistentvolumes}',
      'patch update: {persistentvolumeclaims/status}',
      'get list watch: {persistentvolumeclaims}',
      'get list watch: storage.k8s.io/{storageclasses}',
      'get: {endpoints services}',
      'get: {secrets}',
    ],
    events: true,
  },
  'generic-garbage-collector': {
    rules: [
      'delete get list patch update watch: */{*}',
    ],
    events: true,
  },
  'horizontal-pod-autoscaler': {
    rules: [
      'get list watch: autoscaling/{horizontalpodautoscalers}',
      'update: autoscaling/{horizontalpodautoscalers/status}',
      'get update: */{*/scale}',
      'list: {pods}',
      'get: {services/proxy} named http:heapster: https:heapster:',
      'list: metrics.k8s.io/{pods}',
      'get list: custom.metrics.k8s.io/{*}',
    ],
    events: true,
  },
  'job-controller': {
    rules: [
      'get list patch update watch: batch/{jobs}',
      'update: batch/{jobs/status}',
      'update: batch/{jobs/finalizers}',
      'create delete list patch watch: {pods}',
    ],
    events: true,
  },
  'legacy-service-account-token-cleaner': {
    rules: [
      'get: {configmaps} named kube-apiserver-legacy-service-account-token-tracking',
      'delete patch: {secrets}',
    ],
    events: false,
  },
  'namespace-controller': {
    rules: [
      'delete get list watch: {namespaces}',
      'update: {namespaces/finalize namespaces/status}',
      'delete deletecollection get list: */{*}',
    ],
    events: false,
  },
  'node-controller': {
    rules: [
      'delete get list patch update: {nodes}',
      'patch update: {nodes/status}',
      'update: {pods/status}',
      'delete list: {pods}',
    ],
    events: true,
  },
  'persistent-volume-binder': {
    rules: [
      'create delete get list update watch: {persistentvolumes}',
      'update: {persistentvolumes/status}',
      'get list update watch: {persistentvolumeclaims}',
      'update: {persistentvolumeclaims/status}',
      'create delete get list watch: {pods}',
      'get list watch: storage.k8s.io/{storageclasses}',
      'create delete get update: {endpoints}',
      'create delete get: {services}',
      'get: {secrets}',
      'get list: {nodes}',
      'watch: {events}',
    ],
    events: true,
  },
  'pod-garbage-collector': {
    rules: [
      'delete list watch: {pods}',
      'get list: {nodes}',
    ],
    events: false,
  },
  'pv-protection-controller': {
    rules: [
      'get list update watch: {persistentvolumes}',
    ],
    events: true,
  },
  'pvc-protection-controller': {
    rules: [
      'get list update watch: {persistentvolumeclaims}',
      'get list watch: {pods}',
    ],
    events: true,
  },
  'replicaset-controller': {
    rules: [
      'get list update watch: apps/{replicasets}',
      'update: apps/{replicasets/status}',
      'update: apps/{replicasets/finalizers}',
      'create delete list patch watch: {pods}',
    ],
    events: true,
  },
  'replication-controller': {
    rules: [
      'get list update watch: {replicationcontrollers}',
      'update: {replicationcontrollers/status}',
      'update: {replicationcontrollers/finalizers}',
      'create delete list patch watch: {pods}',
    ],
    events: true,
  },
  'resource-claim-controller': {
    rules: [
      'get list watch: {pods}',
      'update: {pods/finalizers}',
      'create delete get list watch: resource.k8s.io/{resourceclaims}',
      'patch update: resource.k8s.io/{resourceclaims resourceclaims/status}',
      'patch update: {pods/status}',
    ],
    events: true,
  },
  'resourcequota-controller': {
    rules: [
      'list watch: */{*}',
      'update: {resourcequotas/status}',
    ],
    events: true,
  },
  'root-ca-cert-publisher': {
    rules: [
      'create update: {configmaps}',
    ],
    events: true,
  },
  'route-controller': {
    rules: [
      'list watch: {nodes}',
      'patch: {nodes/status}',
    ],
    events: true,
  },
  'service-account-controller': {
    rules: [
      'create: {serviceaccounts}',
    ],
    events: true,
  },
  'service-controller': {
    rules: [
      'get list watch: {services}',
      'patch update: {services/status}',
      'list watch: {nodes}',
    ],
    events: true,
  },
  'statefulset-controller': {
    rules: [
      'list watch: {pods}',
      'get list watch: apps/{statefulsets}',
      'update: apps/{statefulsets/status}',
      'update: apps/{statefulsets/finalizers}',
      'create delete get patch update: {pods}',
      'create delete get list patch update watch: apps/{controllerrevisions}',
      'create get: {persistentvolumeclaims}',
    ],
    events: true,
  },
  'ttl-after-finished-controller': {
    rules: [
      'get list watch delete: batch/{jobs}',
    ],
    events: true,
  },
  'ttl-controller': {
    rules: [
      'list patch update watch: {nodes}',
    ],
    events: true,
  },
  'validatingadmissionpolicy-status-controller': {
    rules: [
      'get list watch: admissionregistration.k8s.io/{validatingadmissionpolicies}',
      'get patch update: admissionregistration.k8s.io/{validatingadmissionpolicies/status}',
    ],
    events: true,
  },
};
