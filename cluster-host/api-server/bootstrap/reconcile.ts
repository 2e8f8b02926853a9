/**
 * Brings a default role or binding that is there already up to date: what it lacks is added, nothing is taken away, and one whose
 * `autoupdate` annotation says `false` is left alone (kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation). Pure.
 */
import type { RbacV1Subject, V1ClusterRole, V1RoleBinding } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { equal } from '../../api/values.ts';
import { covers } from '../authorization/rules.ts';

export const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

/** The object as it should be; `existing` itself where nothing is missing. */
export function reconciled(existing: KubeObject, expected: KubeObject): KubeObject {
  if (existing.metadata?.annotations?.[autoUpdate] === 'false') return existing;
  const labels = { ...expected.metadata?.labels, ...existing.metadata?.labels };
  const annotations = { ...expected.metadata?.annotations, ...existing.metadata?.annotations };
  const whole = { ...existing, metadata: { ...existing.metadata, labels, annotations }, ...('roleRef' in expected ? subjectsOf(existing, expected) : grantsOf(existing, expected)) };
  return equal(whole, existing) ? existing : whole;
}

/** Whether the binding is to another role: what it refers to cannot be changed, so it is made anew. */
export function refersElsewhere(existing: KubeObject, expected: KubeObject): boolean {
  return 'roleRef' in expected && existing.metadata?.annotations?.[autoUpdate] !== 'false' && !equal(existing['roleRef'], expected['roleRef']);
}

function grantsOf(existing: V1ClusterRole, expected: V1ClusterRole): Partial<V1ClusterRole> {
  if (expected.aggregationRule !== undefined) {
    const selectors = existing.aggregationRule?.clusterRoleSelectors ?? [];
    const missing = (expected.aggregationRule.clusterRoleSelectors ?? []).filter((selector) => !selectors.some((other) => equal(other, selector)));
    return missing.length === 0 ? {} : { aggregationRule: { clusterRoleSelectors: [...selectors, ...missing] } };
  }
  const rules = existing.rules ?? [];
  const missing = (expected.rules ?? []).filter((rule) => !covers(rules, rule));
  return missing.length === 0 ? {} : { rules: [...rules, ...missing] };
}

function subjectsOf(existing: KubeObject, expected: KubeObject): Partial<V1RoleBinding> {
  const present = (existing as unknown as V1RoleBinding).subjects ?? [];
  const wanted = (expected as unknown as V1RoleBinding).subjects ?? [];
  const missing = wanted.filter((subject: RbacV1Subject) => !present.some((other) => equal(other, subject)));
  return missing.length === 0 ? {} : { subjects: [...present, ...missing] };
}
