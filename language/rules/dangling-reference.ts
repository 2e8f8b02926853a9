/**
 * An object that a manifest names and that neither the workspace nor the connected cluster has. Without a cluster only kinds
 * that usually stand beside their users are missed; classes, namespaces and the like are the cluster's own.
 */
import type { ClusterCondition } from '../finding.ts';
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import { apiVersions } from '../workspace/api-versions.ts';
import type { ReferenceFact } from '../workspace/facts.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import type { RuleFinding, WorkspaceRule } from './rule.ts';

/** Kinds that usually stand beside what uses them. */
const expected: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'ServiceAccount',
  'Service',
  'apps/Deployment',
  'apps/StatefulSet',
  'rbac.authorization.k8s.io/Role',
]);

const inEveryNamespace: ReadonlySet<string> = new Set(['ServiceAccount default', 'ConfigMap kube-root-ca.crt']);

export const danglingReference: WorkspaceRule = {
  name: 'dangling-reference',
  severity: 'information',
  checkManifest(from, index) {
    return from.facts.references.flatMap((reference) => [...missingObject(from, reference, index), ...missingKey(from, reference, index)]);
  },
};

function missingObject(from: Manifest, reference: ReferenceFact, index: WorkspaceIndex): readonly RuleFinding[] {
  const { groupKind, name, optional, span } = reference;
  if (optional || inEveryNamespace.has(`${groupKind} ${name}`)) return [];
  if (index.targetsOf({ from, reference }).length > 0) return [];
  // That it is in another namespace the rule `namespace-differs` tells.
  if (reference.namespace === undefined && from.facts.namespace !== undefined && index.definitions(groupKind, name, undefined).length > 0) return [];
  const cluster = clusterCondition(from, reference);
  if (cluster === undefined) return [];
  const names = new Set([...index.ofKind(groupKind)].map(({ facts }) => facts.name));
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  const fixes = closest(name, names).map((near) => ({ title: `Use ${kind} ${near}`, edits: [{ span, newText: scalarOf(near) }] }));
  if (cluster.onlyWithCluster) return [{ span, message: `${kind} "${name}" is neither in the workspace nor in the cluster`, severity: 'warning', fixes, cluster }];
  return [{ span, message: `${kind} "${name}" is not defined in the workspace`, fixes, cluster }];
}

/** Undefined for kinds that no cluster serves (a user, a group). */
function clusterCondition(from: Manifest, { groupKind, name, namespace = from.facts.namespace }: ReferenceFact): ClusterCondition | undefined {
  const apiVersion = apiVersions().get(groupKind);
  if (apiVersion === undefined) return undefined;
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  return { object: { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }, onlyWithCluster: !expected.has(groupKind) };
}

function missingKey(from: Manifest, reference: ReferenceFact, index: WorkspaceIndex): readonly RuleFinding[] {
  const { key, optional, groupKind, name } = reference;
  if (key === undefined || optional) return [];
  const targets = index.targetsOf({ from, reference });
  const keys = new Set(targets.flatMap(({ facts }) => facts.keys ?? []));
  if (targets.length === 0 || keys.has(key.name)) return [];
  return [
    {
      span: key.span,
      message: `${groupKind} "${name}" has no key "${key.name}"`,
      fixes: closest(key.name, keys).map((near) => ({ title: `Use key ${near}`, edits: [{ span: key.span, newText: scalarOf(near) }] })),
    },
  ];
}
