/** Aggregated ClusterRoles hold the rules of all that their labels select (kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles). */
import type { V1ClusterRole, V1PolicyRule } from '../../api/generated/types.ts';
import { matchesLabels, validSelectorOf } from '../../api/selectors/label-selector.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { clusterRoles } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';

export const clusterRoleAggregationController: ControllerDefinition = {
  name: 'clusterrole-aggregation',
  watches: [
    {
      resource: clusterRoles,
      keys: (role, _, informers) => [...new Set([role, ...informers.informer(clusterRoles).lister.list()].flatMap(({ aggregationRule, metadata }) => (aggregationRule === undefined ? [] : [metadata?.name ?? ''])))],
    },
  ],
  start: ({ client, informers }) => ({
    reconcile: async (name) => {
      const { lister } = informers.informer(clusterRoles);
      const role = lister.get('', name);
      if (role?.aggregationRule === undefined) return;
      const rules = aggregate(role, lister.list());
      if (!equal(role.rules ?? [], rules)) await client.resource(clusterRoles).update({ ...role, rules });
    },
  }),
};

/** The rules of every selected role, in the order of the selectors and of the roles' names, each once. */
export function aggregate(role: V1ClusterRole, all: readonly V1ClusterRole[]): V1PolicyRule[] {
  const others = all.filter(({ metadata }) => metadata?.name !== role.metadata?.name).toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const rules: V1PolicyRule[] = [];
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    for (const other of others.filter(({ metadata }) => matchesLabels(validSelectorOf(selector), metadata?.labels))) {
      for (const rule of other.rules ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
