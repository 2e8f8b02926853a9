/** Roles and their bindings (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
import { invalid, notSupported, required } from '../field-errors.ts';
import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '../generated/types.ts';
import { checkPathSegment, nameIsDnsSubdomain } from '../names.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { invalidFor } from './errors.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

export function* validateRules(rules: readonly V1PolicyRule[], namespaced: boolean): Errors {
  for (const [index, rule] of rules.entries()) yield* validateRule(rule, namespaced, `rules[${index}]`);
}

function* validateRule(rule: V1PolicyRule, namespaced: boolean, field: string): Errors {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if ((rule.verbs ?? []).length === 0) yield required(`${field}.verbs`, 'verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    if (namespaced) yield invalid(`${field}.nonResourceURLs`, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      yield invalid(`${field}.nonResourceURLs`, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs');
    }
    return;
  }
  if (apiGroups.length === 0) yield required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
  if (resources.length === 0) yield required(`${field}.resources`, 'resource rules must supply at least one resource');
}

export function* validateBinding(roleRef: V1RoleRef | undefined, subjects: readonly RbacV1Subject[], namespaced: boolean): Errors {
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {};
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (apiGroup !== rbacGroup) yield notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]);
  if (!kinds.includes(kind)) yield notSupported('roleRef.kind', kind, kinds);
  if (name === '') yield required('roleRef.name');
  else yield* invalidFor('roleRef.name', name, checkPathSegment(name));
  for (const [index, subject] of subjects.entries()) yield* validateSubject(subject, namespaced, `subjects[${index}]`);
}

function* validateSubject({ kind, name, apiGroup = '', namespace }: RbacV1Subject, namespaced: boolean, field: string): Errors {
  if (!name) yield required(`${field}.name`);
  if (kind === 'ServiceAccount') {
    if (name) yield* invalidFor(`${field}.name`, name, nameIsDnsSubdomain(name, false));
    if (apiGroup !== '') yield notSupported(`${field}.apiGroup`, apiGroup, ['']);
    if (!namespaced && !namespace) yield required(`${field}.namespace`);
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== rbacGroup) yield notSupported(`${field}.apiGroup`, apiGroup, [rbacGroup]);
  } else {
    yield notSupported(`${field}.kind`, kind ?? '', ['ServiceAccount', 'User', 'Group']);
  }
}

export function* roleRefUnchanged(roleRef: V1RoleRef | undefined, old: V1RoleRef | undefined): Errors {
  if (!equal(roleRef, old)) yield invalid('roleRef', roleRef, 'cannot change roleRef');
}

export function setSubjectDefaults(subjects: readonly RbacV1Subject[]): void {
  for (const subject of subjects) if (!subject.apiGroup && (subject.kind === 'User' || subject.kind === 'Group')) subject.apiGroup = rbacGroup;
}
