/** A small object of each kind that clients may write, for tests of what all kinds have in common. Signing requests have tests of their own. */

export interface WritableKind {
  /** Where its objects are, in namespace `default` if they have one. */
  readonly path: string;
  /** All but `metadata`; `ordinal` tells objects apart where two may not be alike. */
  readonly object: (ordinal: number) => object;
  /** Something that its status may say. */
  readonly status?: object;
  /** Fields of `metadata` that a write of the status leaves as they are. */
  readonly keptWithStatus?: readonly string[];
}

const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const jobSpec = { template: { spec: { ...template.spec, restartPolicy: 'Never' } } };
const selector = { matchLabels: { app: 'x' } };
const condition = { type: 'Own', status: 'True', reason: 'Test', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' };
const conditions = { conditions: [condition] };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' };
const rules = [{ operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] }];
const matchConstraints = { resourceRules: rules };
const devices = { requests: [{ name: 'r', exactly: { deviceClassName: 'x' } }] };
const roleRef = (kind: string): object => ({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'r' } });
const all = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

function row(path: string, object: object | ((ordinal: number) => object), status?: object, keptWithStatus: readonly string[] = []): WritableKind {
  return { path, object: typeof object === 'function' ? (ordinal) => object(ordinal) : () => object, ...(status === undefined ? {} : { status }), keptWithStatus };
}

const core = (plural: string): string => `/api/v1/namespaces/default/${plural}`;
const grouped = (group: string, plural: string): string => `/apis/${group}/v1/namespaces/default/${plural}`;
const registration = '/apis/admissionregistration.k8s.io/v1';
const flow = '/apis/flowcontrol.apiserver.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const resource = '/apis/resource.k8s.io/v1';
const storage = '/apis/storage.k8s.io/v1';

export const writableKinds: readonly WritableKind[] = [
  row('/api/v1/nodes', { spec: { unschedulable: true } }, { phase: 'Running' }),
  row('/api/v1/persistentvolumes', { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/tmp' } } }, { message: 'm' }),
  row(core('configmaps'), { data: { a: 'b' } }),
  row(core('endpoints'), { subsets: [{ addresses: [{ ip: '10.0.0.24' }], ports: [{ port: 80 }] }] }),
  row(core('events'), { involvedObject: { namespace: 'default' }, message: 'm', reason: 'Test', type: 'Normal' }),
  row(core('limitranges'), { spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } }),
  row(core('persistentvolumeclaims'), { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }, conditions),
  row(core('pods'), { spec: template.spec }, { conditions: [{ type: 'Own', status: 'True' }] }, ['ownerReferences']),
  row(core('podtemplates'), { template }),
  row(core('replicationcontrollers'), { spec: { replicas: 0, selector: { app: 'x' }, template } }, conditions),
  row(core('resourcequotas'), { spec: { hard: { 'count/foo': '3' } } }, { hard: { pods: '5' } }),
  row(core('secrets'), { data: { a: 'Yg==' } }),
  row(core('serviceaccounts'), {}),
  row(core('services'), { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }, { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } }),
  row(grouped('apps', 'controllerrevisions'), { revision: 1, data: { a: 1 } }),
  row(grouped('apps', 'daemonsets'), { spec: { selector, template } }, conditions),
  row(grouped('apps', 'deployments'), { spec: { replicas: 0, selector, template } }, conditions, ['labels']),
  row(grouped('apps', 'replicasets'), { spec: { replicas: 0, selector, template } }, conditions),
  row(grouped('apps', 'statefulsets'), { spec: { replicas: 0, serviceName: 's', selector, template } }, conditions),
  row(grouped('autoscaling', 'horizontalpodautoscalers'), { spec: { maxReplicas: 3, scaleTargetRef } }, { desiredReplicas: 1, currentReplicas: 1 }),
  row('/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', { spec: { maxReplicas: 3, scaleTargetRef } }, { desiredReplicas: 1, currentReplicas: 1 }),
  row(grouped('batch', 'cronjobs'), { spec: { suspend: true, schedule: '*/1 * * * *', jobTemplate: { spec: jobSpec } } }, { lastScheduleTime: '2026-01-01T00:00:00Z' }),
  row(grouped('batch', 'jobs'), { spec: { ...jobSpec, suspend: true } }, conditions),
  row(grouped('coordination.k8s.io', 'leases'), { spec: { holderIdentity: 'h', leaseDurationSeconds: 30 } }),
  row(grouped('discovery.k8s.io', 'endpointslices'), { addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4'] }] }),
  row(grouped('events.k8s.io', 'events'), { regarding: { namespace: 'default' }, eventTime: '2026-01-01T00:00:00.000000Z', note: 'm', action: 'Do', reason: 'Test', type: 'Normal', reportingController: 't', reportingInstance: 'n' }),
  row(grouped('networking.k8s.io', 'ingresses'), { spec: { defaultBackend: { service: { name: 'd', port: { number: 80 } } } } }, { loadBalancer: { ingress: [{ ip: '169.1.1.1' }] } }),
  row(grouped('networking.k8s.io', 'networkpolicies'), { spec: { podSelector: {} } }),
  row('/apis/networking.k8s.io/v1/ingressclasses', { spec: { controller: 'example.com/controller' } }),
  row('/apis/networking.k8s.io/v1/servicecidrs', (ordinal) => ({ spec: { cidrs: [`10.99.${ordinal}.0/24`] } }), conditions),
  row('/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }),
  row(grouped('policy', 'poddisruptionbudgets'), { spec: { minAvailable: 1, selector } }, { disruptionsAllowed: 0, ...conditions }),
  row('/apis/scheduling.k8s.io/v1/priorityclasses', { value: 5 }),
  row(`${registration}/mutatingadmissionpolicies`, { spec: { reinvocationPolicy: 'Never', mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{metadata: Object.metadata{annotations: {"a": "b"}}}' } }], matchConstraints } }),
  row(`${registration}/mutatingadmissionpolicybindings`, { spec: { policyName: 'p' } }),
  row(`${registration}/mutatingwebhookconfigurations`, { webhooks: [] }),
  row(`${registration}/validatingadmissionpolicies`, { spec: { matchConstraints, validations: [{ expression: 'object.spec.replicas <= 100' }] } }, conditions, all),
  row(`${registration}/validatingadmissionpolicybindings`, { spec: { policyName: 'p', validationActions: ['Deny'] } }),
  row(`${registration}/validatingwebhookconfigurations`, { webhooks: [] }),
  row(`${flow}/flowschemas`, { spec: { matchingPrecedence: 10_000, priorityLevelConfiguration: { name: 'global-default' }, rules: [{ subjects: [{ kind: 'User', user: { name: 'u' } }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }] } }, conditions, all),
  row(`${flow}/prioritylevelconfigurations`, { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } } }, conditions, all),
  row(`${rbac}/clusterrolebindings`, roleRef('ClusterRole')),
  row(`${rbac}/clusterroles`, { rules: [] }),
  row(`${rbac}/namespaces/default/rolebindings`, roleRef('Role')),
  row(`${rbac}/namespaces/default/roles`, { rules: [] }),
  row(`${resource}/deviceclasses`, { spec: {} }),
  row(`${resource}/namespaces/default/resourceclaims`, { spec: { devices } }, {}, all),
  row(`${resource}/namespaces/default/resourceclaimtemplates`, { spec: { spec: { devices } } }),
  row(`${resource}/resourceslices`, { spec: { driver: 'd.example.com', nodeName: 'n', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices: [] } }),
  row(`${storage}/csidrivers`, { spec: {} }),
  row(`${storage}/csinodes`, { spec: { drivers: [] } }),
  row(`${storage}/namespaces/default/csistoragecapacities`, { storageClassName: 's' }),
  row(`${storage}/storageclasses`, { provisioner: 'example.com/p' }),
  row(`${storage}/volumeattachments`, { spec: { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'p' } } }, { attached: true }, all),
  row(`${storage}/volumeattributesclasses`, { driverName: 'd', parameters: { a: 'b' } }),
];
