/** The flow schemas and priority levels of a new cluster (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#defaults). */
import type { FlowcontrolV1Subject, V1FlowSchemaSpec, V1PriorityLevelConfigurationSpec } from '../../api/generated/types.ts';
import { everythingOf, groupSubject, mandatoryLevels, mandatorySchemas } from '../../api/kinds/flow-control-mandatory.ts';
import type { KubeObject } from '../../api/object.ts';

const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };
const everyNamespace = ['*'];

function level(shares: number, lendablePercent: number, queues: number, handSize: number): V1PriorityLevelConfigurationSpec {
  const limitResponse = { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } };
  return { type: 'Limited', limited: { nominalConcurrencyShares: shares, lendablePercent, limitResponse } };
}

const levels: ReadonlyMap<string, V1PriorityLevelConfigurationSpec> = new Map([
  ...mandatoryLevels,
  ['system', level(30, 33, 64, 6)],
  ['node-high', level(40, 25, 64, 6)],
  ['leader-election', level(10, 0, 16, 4)],
  ['workload-high', level(40, 50, 128, 6)],
  ['workload-low', level(100, 90, 128, 6)],
  ['global-default', level(20, 50, 128, 6)],
]);

function schema(name: string, matchingPrecedence: number, distinguisher: string | undefined, rules: V1FlowSchemaSpec['rules']): V1FlowSchemaSpec {
  return { priorityLevelConfiguration: { name }, matchingPrecedence, ...(distinguisher !== undefined && { distinguisherMethod: { type: distinguisher } }), rules };
}

const [nodes, anonymous, anybody] = ['system:nodes', 'system:unauthenticated', 'system:authenticated'].map(groupSubject) as [FlowcontrolV1Subject, FlowcontrolV1Subject, FlowcontrolV1Subject];
const controllers: FlowcontrolV1Subject = { kind: 'User', user: { name: 'system:kube-controller-manager' } };
const scheduler: FlowcontrolV1Subject = { kind: 'User', user: { name: 'system:kube-scheduler' } };
const systemAccounts: FlowcontrolV1Subject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };

const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: everyNamespace };
const ownNode = { verbs: ['*'], apiGroups: [''], resources: ['nodes', 'nodes/status'], namespaces: everyNamespace, clusterScope: true };

const schemas: ReadonlyMap<string, V1FlowSchemaSpec> = new Map([
  ...mandatorySchemas,
  ['probes', schema('exempt', 2, undefined, [{ subjects: [anonymous, anybody], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] }])],
  ['system-leader-election', schema('leader-election', 100, 'ByUser', [{ subjects: [controllers, scheduler, systemAccounts], resourceRules: [{ verbs: ['get', 'create', 'update'], ...leases }] }])],
  ['system-node-high', schema('node-high', 400, 'ByUser', [{ subjects: [nodes], resourceRules: [ownNode, { verbs: ['*'], ...leases }] }])],
  ['system-nodes', schema('system', 500, 'ByUser', everythingOf(nodes))],
  ['kube-controller-manager', schema('workload-high', 800, 'ByNamespace', everythingOf(controllers))],
  ['kube-scheduler', schema('workload-high', 800, 'ByNamespace', everythingOf(scheduler))],
  ['kube-system-service-accounts', schema('workload-high', 900, 'ByNamespace', everythingOf(systemAccounts))],
  ['service-accounts', schema('workload-low', 9000, 'ByUser', everythingOf(groupSubject('system:serviceaccounts')))],
  ['global-default', schema('global-default', 9900, 'ByUser', everythingOf(anonymous, anybody))],
]);

function objects(specs: ReadonlyMap<string, object>): readonly KubeObject[] {
  return [...specs].map(([name, spec]) => ({ metadata: { name, annotations }, spec }));
}

export function defaultPriorityLevels(): readonly KubeObject[] {
  return objects(levels);
}

export function defaultFlowSchemas(): readonly KubeObject[] {
  return objects(schemas);
}
