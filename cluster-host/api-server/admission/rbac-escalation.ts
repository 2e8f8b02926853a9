/** Nobody grants more than he has: roles and bindings are checked against their author's own rights (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping). */
import type { V1PolicyRule, V1Role, V1RoleBinding } from '../../api/generated/types.ts';
import { equal } from '../../api/values.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { RbacAuthorizer } from '../authorization/rbac.ts';
import { covers } from '../authorization/rules.ts';
import { forbidden } from '../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

export interface EscalationSources {
  readonly authorizer: () => Authorizer;
  readonly rbac: () => RbacAuthorizer;
}

const group = 'rbac.authorization.k8s.io';

export function rbacEscalation(sources: EscalationSources): AdmissionPlugin {
  const mayDo = async ({ definition, namespace, user }: AdmissionRequest, verb: string, resource: string, name: string): Promise<boolean> => {
    const { decision } = await sources.authorizer().authorize({ type: 'resource', user, verb, group, version: definition.version, resource, subresource: '', namespace, name });
    return decision === 'allow';
  };
  const refuseUncovered = async (request: AdmissionRequest, rules: readonly V1PolicyRule[]): Promise<void> => {
    const { user, namespace, definition, name } = request;
    const own = await sources.rbac().rulesOf(user);
    const held = namespace === '' ? own.cluster : [...own.cluster, ...own.inNamespace(namespace)];
    const missing = rules.filter((rule) => !covers(held, rule));
    if (missing.length > 0) throw forbidden(definition, name, `user ${JSON.stringify(user.name)} (groups=${JSON.stringify(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`);
  };
  return {
    name: 'RBACEscalation',
    async validate(request) {
      const { definition, operation, object, old, name } = request;
      if (definition.group !== group || operation === 'DELETE' || object === undefined) return;
      if ('rules' in object && (definition.plural === 'roles' || definition.plural === 'clusterroles')) {
        const { rules } = object as unknown as V1Role;
        if (equal(rules, old?.['rules']) || (await mayDo(request, 'escalate', definition.plural, name))) return;
        await refuseUncovered(request, rules ?? []);
      }
      if (definition.plural === 'rolebindings' || definition.plural === 'clusterrolebindings') {
        const { roleRef, subjects } = object as unknown as V1RoleBinding;
        if (equal([roleRef, subjects], [old?.['roleRef'], old?.['subjects']])) return;
        if (await mayDo(request, 'bind', roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles', roleRef.name)) return;
        await refuseUncovered(request, (await sources.rbac().rulesOfRole(roleRef.kind, roleRef.name, request.namespace)) ?? []);
      }
    },
  };
}

/** A rule as Kubernetes prints it in this refusal: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
function ruleText({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: V1PolicyRule): string {
  const parts = Object.entries({ APIGroups: apiGroups, Resources: resources, ResourceNames: resourceNames, NonResourceURLs: nonResourceURLs, Verbs: verbs });
  return `{${parts.filter(([, values]) => (values ?? []).length > 0).map(([name, values]) => `${name}:${JSON.stringify(values)}`).join(', ').replaceAll('","', '", "')}}`;
}
