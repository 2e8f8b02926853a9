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
    rules: ['escalate get list patch update watch: rbac.authorization.k8s.io/{clusterroles}'],
    events: false,
  },
  'cronjob-controller': {
    rules: [
      'get list update watch: batch/{cronjobs}',
      'create delete get list patch update watch: batch/{jobs}',
      'update: batch/{cronjobs/status}',
      'update: batch/{cronjobs/finalizers}',
      'delete list watch: {pods}',
    ],
    events: true,
  },
  'daemon-set-controller': {
    rules: [
      'get list watch: apps,extensions/{daemonsets}',
      'update: apps,extensions/{daemonsets/status}',
      'update: apps,extensions/{daemonsets/finalizers}',
      'list watch: {nodes}',
      'create delete list patch watch: {pods}',
      'create: {pods/binding}',
      'create delete get list patch update watch: apps/{controllerrevisions}',
    ],
    events: true,
  },
  'deployment-controller': {
    rules: [
      'get list update watch: apps,extensions/{deployments}',
      'update: apps,extensions/{deployments/status}',
      'update: apps,extensions/{deployments/finalizers}',
      'create delete get list patch update watch: apps,extensions/{replicasets}',
      'get list update watch: {pods}',
    ],
    events: true,
  },
  'device-taint-eviction-controller': {
    rules: [
      'delete get list watch: {pods}',
      'patch update: {pods/status}',
      'get list watch: resource.k8s.io/{resourceclaims}',
      'get list watch: resource.k8s.io/{resourceslices}',
      'get list watch: resource.k8s.io/{deviceclasses}',
    ],
    events: true,
  },
  'disruption-controller': {
    rules: [
      'get list watch: apps,extensions/{deployments}',
      'get list watch: apps,extensions/{replicasets}',
      'get list watch: {replicationcontrollers}',
      'get list watch: policy/{poddisruptionbudgets}',
      'get list watch: apps/{statefulsets}',
      'update: policy/{poddisruptionbudgets/status}',
      'patch update: {pods/status}',
      'get: */{*/scale}',
    ],
    events: true,
  },
  'endpoint-controller': {
    rules: [
      'get list watch: {pods services}',
      'create delete get list update watch: {endpoints}',
      'create: {endpoints/restricted}',
    ],
    events: true,
  },
  'endpointslice-controller': {
    rules: [
      'get list watch: {nodes pods services}',
      'update: {services/finalizers}',
      'create delete get list update watch: discovery.k8s.io/{endpointslices}',
    ],
    events: true,
  },
  'endpointslicemirroring-controller': {
    rules: [
      'get list watch: {endpoints services}',
      'update: {services/finalizers}',
      'update: {endpoints/finalizers}',
      'create delete get list update watch: discovery.k8s.io/{endpointslices}',
    ],
    events: true,
  },
  'ephemeral-volume-controller': {
    rules: [
      'get list watch: {pods}',
      'update: {pods/finalizers}',
      'create get list watch: {persistentvolumeclaims}',
    ],
    events: true,
  },
  'expand-controller': {
    rules: [
      'get list patch update watch: {persistentvolumes}',
      'patch update: {persistentvolumeclaims/status}',
      'get list watch: {persistentvolumeclaims}',
    ],
    events: true,
  },
  'generic-garbage-collector': {
    rules: ['delete get list patch update watch: */{*}'],
    events: true,
  },
  'horizontal-pod-autoscaler': {
    rules: [
      'get list watch: autoscaling/{horizontalpodautoscalers}',
      'update: autoscaling/{horizontalpodautoscalers/status}',
      'get update: */{*/scale}',
      'list watch: {pods}',
      'list watch: metrics.k8s.io/{pods}',
      'get list watch: custom.metrics.k8s.io/{*}',
      'get list watch: external.metrics.k8s.io/{*}',
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
      'delete deletecollection get list watch: */{*}',
    ],
    events: false,
  },
  'node-controller': {
    rules: [
      'delete get list patch update watch: {nodes}',
      'patch update: {nodes/status}',
      'patch update: {pods/status}',
      'delete get list watch: {pods}',
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
      'list watch: {nodes}',
      'watch: {events}',
    ],
    events: true,
  },
  'pod-garbage-collector': {
    rules: [
      'delete list watch: {pods}',
      'get list watch: {nodes}',
      'patch: {pods/status}',
    ],
    events: false,
  },
  'pv-protection-controller': {
    rules: ['get list update watch: {persistentvolumes}'],
    events: true,
  },
  'pvc-protection-controller': {
    rules: [
      'get list update watch: {persistentvolumeclaims}',
      'update: {persistentvolumeclaims/status}',
      'get list watch: {pods}',
    ],
    events: true,
  },
  'replicaset-controller': {
    rules: [
      'get list update watch: apps,extensions/{replicasets}',
      'update: apps,extensions/{replicasets/status}',
      'update: apps,extensions/{replicasets/finalizers}',
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
      'patch update: resource.k8s.io/{resourceclaims/binding}',
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
    rules: ['create update: {configmaps}'],
    events: true,
  },
  'route-controller': {
    rules: [
      'list watch: {nodes}',
      'patch: {nodes/status}',
    ],
    events: true,
  },
  'selinux-warning-controller': {
    rules: [
      'get list watch: {persistentvolumes}',
      'get list watch: {persistentvolumeclaims}',
      'get list watch: {pods}',
      'get list watch: storage.k8s.io/{csidrivers}',
    ],
    events: true,
  },
  'service-account-controller': {
    rules: ['create: {serviceaccounts}'],
    events: true,
  },
  'service-cidrs-controller': {
    rules: [
      'get list patch update watch: networking.k8s.io/{servicecidrs}',
      'patch update: networking.k8s.io/{servicecidrs/finalizers}',
      'patch update: networking.k8s.io/{servicecidrs/status}',
      'get list watch: networking.k8s.io/{ipaddresses}',
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
      'create get list watch: {persistentvolumeclaims}',
      'delete update: {persistentvolumeclaims}',
      'update: {pods/finalizers}',
    ],
    events: true,
  },
  'ttl-after-finished-controller': {
    rules: ['delete get list watch: batch/{jobs}'],
    events: true,
  },
  'ttl-controller': {
    rules: ['list patch update watch: {nodes}'],
    events: true,
  },
  'validatingadmissionpolicy-status-controller': {
    rules: [
      'get list watch: admissionregistration.k8s.io/{validatingadmissionpolicies}',
      'get patch update: admissionregistration.k8s.io/{validatingadmissionpolicies/status}',
    ],
    events: true,
  },
  'volumeattributesclass-protection-controller': {
    rules: [
      'get list watch: {persistentvolumeclaims}',
      'get list watch: {persistentvolumes}',
      'get list update watch: storage.k8s.io/{volumeattributesclasses}',
    ],
    events: true,
  },
};
