/**
 * The schemas and levels that every cluster has, whatever else is configured: the first takes what must never wait, the last
 * what nobody else takes (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#mandatory-configuration-objects).
 */
import type { FlowcontrolV1Subject, V1FlowSchemaSpec, V1PriorityLevelConfigurationSpec } from '../generated/types.ts';

const every = ['*'];

/** Whatever is asked for by the subjects. */
export function everythingOf(...subjects: readonly FlowcontrolV1Subject[]): V1FlowSchemaSpec['rules'] {
  const resourceRules = [{ verbs: every, apiGroups: every, resources: every, clusterScope: true, namespaces: every }];
  return [{ subjects: [...subjects], resourceRules, nonResourceRules: [{ verbs: every, nonResourceURLs: every }] }];
}

export function groupSubject(name: string): FlowcontrolV1Subject {
  return { kind: 'Group', group: { name } };
}

export const mandatorySchemas: ReadonlyMap<string, V1FlowSchemaSpec> = new Map(Object.entries({
  exempt: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1, rules: everythingOf(groupSubject('system:masters')) },
  'catch-all': {
    priorityLevelConfiguration: { name: 'catch-all' },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: 'ByUser' },
    rules: everythingOf(groupSubject('system:unauthenticated'), groupSubject('system:authenticated')),
  },
}));

export const mandatoryLevels: ReadonlyMap<string, V1PriorityLevelConfigurationSpec> = new Map(Object.entries({
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } },
}));
