/**
 * The schemas and levels that every cluster has, whatever else is configured: the first takes what must never wait, the last
 * what nobody else takes (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#mandatory-configuration-objects).
 */
import type { FlowcontrolV1Subject, V1FlowSchemaSpec, V1PriorityLevelConfigurationSpec } from '../generated/types.ts';

const every = ['*'];

function everything(...groups: readonly string[]): V1FlowSchemaSpec['rules'] {
  const subjects: FlowcontrolV1Subject[] = groups.map((name) => ({ kind: 'Group', group: { name } }));
  const resourceRules = [{ verbs: every, apiGroups: every, resources: every, clusterScope: true, namespaces: every }];
  return [{ subjects, resourceRules, nonResourceRules: [{ verbs: every, nonResourceURLs: every }] }];
}

export const mandatorySchemas: ReadonlyMap<string, V1FlowSchemaSpec> = new Map(Object.entries({
  exempt: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1, rules: everything('system:masters') },
  'catch-all': {
    priorityLevelConfiguration: { name: 'catch-all' },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: 'ByUser' },
    rules: everything('system:unauthenticated', 'system:authenticated'),
  },
}));

export const mandatoryLevels: ReadonlyMap<string, V1PriorityLevelConfigurationSpec> = new Map(Object.entries({
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
}));
