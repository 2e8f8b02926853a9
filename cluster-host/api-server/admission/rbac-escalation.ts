/** Nobody grants more than he has: roles and bindings are checked against their author's own rights (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping). */
import type { V1ClusterRole, V1PolicyRule, V1RoleBinding } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { quote } from '../../api/text.ts';
import { equal } from '../../api/values.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { RbacAuthorizer } from '../authorization/rbac.ts';
import { uncovered } from '../authorization/rules.ts';
import { forbidden, notFound } from '../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

export interface EscalationSources {
  readonly authorizer: () => Authorizer;
  readonly rbac: () => RbacAuthorizer;
}

const group = 'rbac.authorization.k8s.io';
const fullAuthority: readonly V1PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

export function rbacEscalation(sources: EscalationSources): AdmissionPlugin {
  const mayDo = async ({ namespace, user }: AdmissionRequest, verb: string, resource: string, name: string): Promise<boolean> => {
    const { decision } = await sources.authorizer().authorize({ type: 'resource', user, verb, group, version: '*', resource, subresource: '', namespace, name });
    return decision === 'allow';
  };
  /** Why the author may not hand the rules out. */
  const problemOf = async ({ user, namespace }: AdmissionRequest, rules: readonly V1PolicyRule[]): Promise<string | undefined> => {
    const held = await sources.rbac().grantsOf(user, namespace);
    const missing = uncovered(held.rules.map(({ rule }) => rule), rules);
    if (missing.length === 0) return undefined;
    const errors = held.problems.length === 0 ? '' : `; resolution errors: [${held.problems.join(' ')}]`;
    return `user ${quote(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${described(missing).join('\n')}${errors}`;
  };
  const checkRole = async (request: AdmissionRequest, role: V1ClusterRole): Promise<void> => {
    const { definition, operation, old, name } = request;
    if (await mayDo(request, 'escalate', definition.plural, operation === 'CREATE' ? '' : name)) return;
    const problem = await problemOf(request, role.rules ?? []);
    if (problem !== undefined) throw forbidden(definition, name, problem);
    const aggregates = role.aggregationRule !== undefined || (old as V1ClusterRole | undefined)?.aggregationRule !== undefined;
    if (aggregates && (await problemOf(request, fullAuthority)) !== undefined) throw forbidden(definition, name, 'must have cluster-admin privileges to use an aggregationRule');
  };
  const checkBinding = async (request: AdmissionRequest, { roleRef: { kind, name: role } }: V1RoleBinding): Promise<void> => {
    const plural = kind === 'ClusterRole' ? 'clusterroles' : 'roles';
    if (await mayDo(request, 'bind', plural, role)) return;
    const rules = await sources.rbac().rulesOfRole(kind, role, request.namespace);
    if (rules === undefined) throw notFound({ group, plural }, role);
    const problem = await problemOf(request, rules);
    if (problem !== undefined) throw forbidden(request.definition, request.name, problem);
  };
  return {
    name: 'RBACEscalation',
    async validate(request) {
      const { definition, operation, object, old, user } = request;
      if (definition.group !== group || operation === 'DELETE' || object === undefined || user.groups.includes('system:masters')) return;
      if (old !== undefined && equal(withoutGarbageFields(object), withoutGarbageFields(old))) return;
      if (definition.plural === 'roles' || definition.plural === 'clusterroles') await checkRole(request, object);
      else await checkBinding(request, object as unknown as V1RoleBinding);
    },
  };
}

/** What the garbage collector changes gives nobody any right. */
function withoutGarbageFields(object: KubeObject): object {
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, resourceVersion: _version, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

/** One line for all verbs on the same resource. */
function described(missing: readonly V1PolicyRule[]): readonly string[] {
  const compact = new Map<string, V1PolicyRule>();
  for (const rule of missing) {
    const { verbs, ...target } = rule;
    const key = rule.nonResourceURLs === undefined ? JSON.stringify(target) : JSON.stringify(rule);
    const known = compact.get(key);
    compact.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...verbs] });
  }
  return [...new Set([...compact.values()].map(ruleText))].toSorted();
}

/** A rule as Kubernetes prints it in this refusal: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: V1PolicyRule): string {
  const parts = Object.entries({ APIGroups: apiGroups, Resources: resources, NonResourceURLs: nonResourceURLs, ResourceNames: resourceNames, Verbs: verbs });
  return `{${parts.flatMap(([name, values = []]) => (values.length === 0 ? [] : [`${name}:${quoted(values)}`])).join(', ')}}`;
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map(quote).join(' ')}]`;
}
