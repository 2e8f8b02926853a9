/** The default roles and bindings as objects. */
import type { RbacV1Subject, V1PolicyRule } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { controllerRoles } from './controller-roles.ts';
import { addons, nodeRules, systemBindings, systemRoles, userRoles } from './default-roles.ts';
import { namespaceRoles } from './namespace-roles.ts';
import { autoUpdate } from './reconcile.ts';
import { ruleOf } from './rule-text.ts';

const apiGroup = 'rbac.authorization.k8s.io';
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { [autoUpdate]: 'true' };
const writesEvents = 'create patch update: ,events.k8s.io/{events}';

export function defaultClusterRoles(): readonly KubeObject[] {
  const controllers = Object.entries(controllerRoles).map(([name, { rules, events }]) => role(`system:controller:${name}`, [...rules, ...(events ? [writesEvents] : [])]));
  return [...Object.entries(systemRoles).map(([name, rules]) => role(name, rules)), ...addons.flatMap(({ name, rules }) => (rules === undefined ? [] : [role(name, rules)])), ...controllers, ...aggregated(), metricsReader()];
}

export function defaultClusterRoleBindings(): readonly KubeObject[] {
  const system = Object.entries(systemBindings).map(([name, subjects]) => binding(name, subjects.map(subjectOf)));
  const more = addons.map(({ name, role: roleName = name, subjects }) => ({ ...binding(name, subjects.map(subjectOf)), roleRef: { apiGroup, kind: 'ClusterRole', name: roleName } }));
  return [...system, ...more, ...Object.keys(controllerRoles).map((name) => binding(`system:controller:${name}`, [subjectOf(`serviceAccount:${name}`)]))];
}

/** What the Node authorizer allows to each node alike. */
export function rulesOfEveryNode(): readonly V1PolicyRule[] {
  return nodeRules.map(ruleOf);
}

export function defaultRoles(): readonly KubeObject[] {
  return namespaceRoles.map(({ namespace, name, rules }) => placed(role(name, rules), namespace));
}

export function defaultRoleBindings(): readonly KubeObject[] {
  return namespaceRoles.map(({ namespace, name, binding: bindingName = name, subjects }) => ({
    ...placed(binding(bindingName, subjects.map(subjectOf)), namespace),
    roleRef: { apiGroup, kind: 'Role', name },
  }));
}

function placed(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** `admin`, `edit` and `view`: their rules are gathered from roles with the right label, custom ones too. */
function aggregated(): readonly KubeObject[] {
  const larger = { view: 'edit', edit: 'admin', admin: undefined } as const;
  const included = { view: userRoles.view, edit: [...userRoles.edit, ...userRoles.view], admin: [...userRoles.admin, ...userRoles.edit, ...userRoles.view] };
  return (['view', 'edit', 'admin'] as const).flatMap((name) => {
    const label = (target: string): Record<string, string> => ({ [`rbac.authorization.k8s.io/aggregate-to-${target}`]: 'true' });
    const whole = role(name, included[name], larger[name] === undefined ? {} : label(larger[name]));
    return [{ ...whole, aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(name) }] } }, role(`system:aggregate-to-${name}`, userRoles[name], label(name))];
  });
}

/** Who may look at pods may look at what they use, as where metrics-server is installed. */
function metricsReader(): KubeObject {
  const labels = Object.fromEntries(['admin', 'edit', 'view'].map((target) => [`rbac.authorization.k8s.io/aggregate-to-${target}`, 'true']));
  return role('system:aggregated-metrics-reader', ['get list watch: metrics.k8s.io/{nodes pods}'], labels);
}

function role(name: string, rules: readonly string[], labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { metadata: { name, labels: { ...bootstrapping, ...labels }, annotations: { ...annotations } }, rules: rules.map(ruleOf) };
}

function binding(name: string, subjects: readonly RbacV1Subject[]): KubeObject {
  return { metadata: { name, labels: { ...bootstrapping }, annotations: { ...annotations } }, roleRef: { apiGroup, kind: 'ClusterRole', name }, subjects };
}

function subjectOf(text: string): RbacV1Subject {
  const at = text.indexOf(':');
  const name = text.slice(at + 1);
  switch (text.slice(0, at)) {
    case 'group':
      return { apiGroup, kind: 'Group', name };
    case 'serviceAccount':
      return { kind: 'ServiceAccount', name, namespace: 'kube-system' };
    default:
      return { apiGroup, kind: 'User', name };
  }
}
