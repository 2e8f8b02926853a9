/** Roles and bindings, in a namespace and in the whole cluster. */
import { required } from '../field-errors.ts';
import type { RbacV1Subject, V1ClusterRole, V1ClusterRoleBinding, V1Role, V1RoleBinding } from '../generated/types.ts';
import { nameIsPathSegment } from '../names.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { rbacGroup, roleRefUnchanged, setSubjectDefaults, validateBinding, validateRules } from '../validation/rbac.ts';
import { ageColumn, createdAtColumn, text, wide } from './columns.ts';
import type { Column } from './columns.ts';
import { defineKind } from './define-kind.ts';

const common = { group: rbacGroup, validateName: nameIsPathSegment } as const;

export const role = defineKind<V1Role>({
  ...common,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  *validate({ rules }) {
    yield* validateRules(rules ?? [], true);
  },
  columns: [createdAtColumn],
});

export const clusterRole = defineKind<V1ClusterRole>({
  ...common,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  *validate({ rules, aggregationRule }) {
    yield* validateRules(rules ?? [], false);
    if (!aggregationRule) return;
    const field = 'aggregationRule.clusterRoleSelectors';
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0) yield required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
    for (const [index, selector] of selectors.entries()) yield* validateLabelSelector(selector, `${field}[${index}]`);
  },
  columns: [createdAtColumn],
});

export const roleBinding = defineKind<V1RoleBinding>({
  ...common,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  setDefaults: setBindingDefaults,
  *validate({ roleRef, subjects = [] }) {
    yield* validateBinding(roleRef, subjects, true);
  },
  *validateUpdate({ roleRef, subjects = [] }, old) {
    yield* validateBinding(roleRef, subjects, true);
    yield* roleRefUnchanged(roleRef, old.roleRef);
  },
  columns: bindingColumns<V1RoleBinding>(),
});

export const clusterRoleBinding = defineKind<V1ClusterRoleBinding>({
  ...common,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  setDefaults: setBindingDefaults,
  *validate({ roleRef, subjects = [] }) {
    yield* validateBinding(roleRef, subjects, false);
  },
  *validateUpdate({ roleRef, subjects = [] }, old) {
    yield* validateBinding(roleRef, subjects, false);
    yield* roleRefUnchanged(roleRef, old.roleRef);
  },
  columns: bindingColumns<V1ClusterRoleBinding>(),
});

function setBindingDefaults({ roleRef, subjects = [] }: V1RoleBinding): void {
  if (roleRef && !roleRef.apiGroup) roleRef.apiGroup = rbacGroup;
  setSubjectDefaults(subjects);
}

function bindingColumns<T extends V1RoleBinding>(): readonly Column<T>[] {
  const subjectsOf = (kind: string, show: (subject: RbacV1Subject) => string): Column<T>['cell'] => {
    return ({ subjects = [] }) => subjects.filter((subject) => subject.kind === kind).map(show).join(', ');
  };
  return [
    text('Role', 'The role it gives.', ({ roleRef }) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`),
    ageColumn,
    wide(text('Users', 'Users who get it.', subjectsOf('User', ({ name }) => name))),
    wide(text('Groups', 'Groups that get it.', subjectsOf('Group', ({ name }) => name))),
    wide(text('ServiceAccounts', 'Service accounts that get it.', subjectsOf('ServiceAccount', ({ name, namespace }) => (namespace ? `${namespace}/${name}` : name)))),
  ];
}
