/** Roles and their bindings (kubernetes.io/docs/reference/access-authn-authz/rbac). */
import type { RbacV1Subject, V1ClusterRole, V1ClusterRoleBinding, V1PolicyRule, V1Role, V1RoleBinding, V1RoleRef } from '../generated/types.ts';
import { invalid, notSupported, required } from '../field-errors.ts';
import { checkDnsSubdomain, checkPathSegment, nameIsPathSegment } from '../names.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor } from '../validation/errors.ts';
import type { Column } from './columns.ts';
import { ageColumn, text, wide } from './columns.ts';
import { defineKind } from './define-kind.ts';

const group = 'rbac.authorization.k8s.io';

const createdColumn: Column = {
  head: { name: 'Created At', type: 'date', description: 'When the object was created.', priority: 0 },
  cell: (object) => object.metadata?.creationTimestamp ?? null,
};

export const role = defineKind<V1Role>({
  group,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  validateName: nameIsPathSegment,
  validate: (object) => validateRules(object.rules, true),
  columns: [createdColumn],
});

export const clusterRole = defineKind<V1ClusterRole>({
  group,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  validateName: nameIsPathSegment,
  *validate({ rules, aggregationRule }) {
    yield* validateRules(rules, false);
    if (aggregationRule === undefined) return;
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0) yield required('aggregationRule.clusterRoleSelectors', 'at least one clusterRoleSelector required if aggregationRule is non-nil');
    for (const [index, selector] of selectors.entries()) yield* validateLabelSelector(selector, `aggregationRule.clusterRoleSelectors[${index}]`);
  },
  columns: [createdColumn],
});

export const roleBinding = defineKind<V1RoleBinding>({
  group,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  validateName: nameIsPathSegment,
  setDefaults: setBindingDefaults,
  validate: (object) => validateBinding(object, ['ClusterRole', 'Role'], true),
  *validateUpdate(object, old) {
    yield* validateBinding(object, ['ClusterRole', 'Role'], true);
    yield* validateRoleRefUpdate(object, old);
  },
  columns: bindingColumns(),
});

export const clusterRoleBinding = defineKind<V1ClusterRoleBinding>({
  group,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  validateName: nameIsPathSegment,
  setDefaults: setBindingDefaults,
  validate: (object) => validateBinding(object, ['ClusterRole'], false),
  *validateUpdate(object, old) {
    yield* validateBinding(object, ['ClusterRole'], false);
    yield* validateRoleRefUpdate(object, old);
  },
  columns: bindingColumns(),
});

interface Binding {
  readonly roleRef: V1RoleRef;
  readonly subjects?: RbacV1Subject[];
}

function setBindingDefaults({ roleRef, subjects }: Binding): void {
  if (!roleRef.apiGroup) roleRef.apiGroup = group;
  for (const subject of subjects ?? []) {
    subject.apiGroup ||= subject.kind === 'User' || subject.kind === 'Group' ? group : '';
    if (subject.apiGroup === '') delete subject.apiGroup;
  }
}

function* validateRules(rules: readonly V1PolicyRule[] | undefined, namespaced: boolean): Errors {
  for (const [index, rule] of (rules ?? []).entries()) yield* validateRule(rule, `rules[${index}]`, namespaced);
}

function* validateRule({ verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] }: V1PolicyRule, field: string, namespaced: boolean): Errors {
  if ((verbs ?? []).length === 0) yield required(`${field}.verbs`, 'verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    if (namespaced) yield invalid(`${field}.nonResourceURLs`, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      yield invalid(`${field}.nonResourceURLs`, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs');
    }
    return;
  }
  if (apiGroups.length === 0) yield required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
  if (resources.length === 0) yield required(`${field}.resources`, 'resource rules must supply at least one resource');
}

function* validateBinding({ roleRef, subjects = [] }: Binding, kinds: readonly string[], namespaced: boolean): Errors {
  if (roleRef.apiGroup !== group) yield notSupported('roleRef.apiGroup', roleRef.apiGroup ?? '', [group]);
  if (!kinds.includes(roleRef.kind)) yield notSupported('roleRef.kind', roleRef.kind, kinds);
  if (roleRef.name === '') yield required('roleRef.name');
  else yield* invalidFor('roleRef.name', roleRef.name, checkPathSegment(roleRef.name));
  for (const [index, subject] of subjects.entries()) yield* validateSubject(subject, `subjects[${index}]`, namespaced);
}

function* validateSubject({ kind, name, namespace = '', apiGroup = '' }: RbacV1Subject, field: string, namespaced: boolean): Errors {
  if (name === '') yield required(`${field}.name`);
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') yield* invalidFor(`${field}.name`, name, checkDnsSubdomain(name));
      if (apiGroup !== '') yield notSupported(`${field}.apiGroup`, apiGroup, ['']);
      if (!namespaced && namespace === '') yield required(`${field}.namespace`);
      return;
    case 'User':
    case 'Group':
      if (apiGroup !== group) yield notSupported(`${field}.apiGroup`, apiGroup, [group]);
      return;
    default:
      yield notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
  }
}

function* validateRoleRefUpdate({ roleRef }: Binding, old: Binding): Errors {
  if (!equal(roleRef, old.roleRef)) yield invalid('roleRef', roleRef, 'cannot change roleRef');
}

/** How subjects of one kind are listed in a cell. */
function subjectsOf(kind: string, nameOf: (subject: RbacV1Subject) => string) {
  return (binding: unknown) => ((binding as Binding).subjects ?? []).filter((subject) => subject.kind === kind).map(nameOf).join(', ');
}

function bindingColumns(): Column[] {
  const nameOf = (subject: RbacV1Subject): string => subject.name;
  return [
    text('Role', 'The role that is granted.', (object) => `${object['roleRef'].kind}/${object['roleRef'].name}`),
    ageColumn,
    wide(text('Users', 'Users that have it.', subjectsOf('User', nameOf))),
    wide(text('Groups', 'Groups that have it.', subjectsOf('Group', nameOf))),
    wide(text('ServiceAccounts', 'Service accounts that have it.', subjectsOf('ServiceAccount', ({ namespace, name }) => `${namespace ?? ''}/${name}`))),
  ];
}

