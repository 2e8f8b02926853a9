/** The schemas and levels of flow control that every cluster begins with (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#defaults). */
import type { FlowcontrolV1Subject, V1FlowSchemaSpec, V1NonResourcePolicyRule, V1PriorityLevelConfigurationSpec, V1ResourcePolicyRule } from '../../api/generated/types.ts';
import { mandatoryLevels, mandatorySchemas } from '../../api/kinds/flow-control-mandatory.ts';
import type { KubeObject } from '../../api/object.ts';

const every = ['*'];
const everyResource: V1ResourcePolicyRule = { verbs: every, apiGroups: every, resources: every, clusterScope: true, namespaces: every };
const everyPath: V1NonResourcePolicyRule = { verbs: every, nonResourceURLs: every };
const everything = { resourceRules: [everyResource], nonResourceRules: [everyPath] };
const leases: V1ResourcePolicyRule = { verbs: every, apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: every };

const groups = (...names: readonly string[]): FlowcontrolV1Subject[] => names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: readonly string[]): FlowcontrolV1Subject[] => names.map((name) => ({ kind: 'User', user: { name } }));
const systemAccounts: FlowcontrolV1Subject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };
const everybody = groups('system:unauthenticated', 'system:authenticated');

type Rules = V1FlowSchemaSpec['rules'];

function schema(level: string, matchingPrecedence: number, distinguisher: 'ByUser' | 'ByNamespace' | undefined, rules: Rules): V1FlowSchemaSpec {
  return { priorityLevelConfiguration: { name: level }, matchingPrecedence, ...(distinguisher === undefined ? {} : { distinguisherMethod: { type: distinguisher } }), rules };
}

const schemas: Readonly<Record<string, V1FlowSchemaSpec>> = {
  ...Object.fromEntries(mandatorySchemas),
  probes: schema('exempt', 2, undefined, [{ subjects: everybody, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] }]),
  'system-leader-election': schema('leader-election', 100, 'ByUser', [
    { subjects: [...users('system:kube-controller-manager', 'system:kube-scheduler'), systemAccounts], resourceRules: [{ ...leases, verbs: ['get', 'create', 'update'] }] },
  ]),
  'system-node-high': schema('node-high', 400, 'ByUser', [
    { subjects: groups('system:nodes'), resourceRules: [{ verbs: every, apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: every }, leases] },
  ]),
  'system-nodes': schema('system', 500, 'ByUser', [{ subjects: groups('system:nodes'), ...everything }]),
  'kube-controller-manager': schema('workload-high', 800, 'ByNamespace', [{ subjects: users('system:kube-controller-manager'), ...everything }]),
  'kube-scheduler': schema('workload-high', 800, 'ByNamespace', [{ subjects: users('system:kube-scheduler'), ...everything }]),
  'kube-system-service-accounts': schema('workload-high', 900, 'ByNamespace', [{ subjects: [systemAccounts], ...everything }]),
  'service-accounts': schema('workload-low', 9000, 'ByUser', [{ subjects: groups('system:serviceaccounts'), ...everything }]),
  'global-default': schema('global-default', 9900, 'ByUser', [{ subjects: everybody, ...everything }]),
};

function level(nominalConcurrencyShares: number, lendablePercent: number, queues: number, handSize: number): V1PriorityLevelConfigurationSpec {
  return { type: 'Limited', limited: { nominalConcurrencyShares, lendablePercent, limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } } } };
}

const levels: Readonly<Record<string, V1PriorityLevelConfigurationSpec>> = {
  ...Object.fromEntries(mandatoryLevels),
  system: level(30, 33, 64, 6),
  'node-high': level(40, 25, 64, 6),
  'leader-election': level(10, 0, 16, 4),
  'workload-high': level(40, 50, 128, 6),
  'workload-low': level(100, 90, 128, 6),
  'global-default': level(20, 50, 128, 6),
};

function objects(specs: Readonly<Record<string, object>>): readonly KubeObject[] {
  return Object.entries(specs).map(([name, spec]) => ({ metadata: { name, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } }, spec }));
}

export function defaultFlowSchemas(): readonly KubeObject[] {
  return objects(schemas);
}

export function defaultPriorityLevels(): readonly KubeObject[] {
  return objects(levels);
}
