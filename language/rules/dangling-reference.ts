/**
 * A ConfigMap, Secret, PersistentVolumeClaim, ServiceAccount, Service or role that a manifest names and the workspace does not
 * define. It may still be in the cluster, so this is a hint of a mistake, no more. What every cluster has is never missed.
 */
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { ReferenceFact } from '../workspace/facts.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import type { RuleFinding, WorkspaceRule } from './rule.ts';

/** Kinds that usually stand beside what uses them; others (Namespace, StorageClass, PriorityClass …) are the cluster's own. */
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
  if (optional || !expected.has(groupKind) || inEveryNamespace.has(`${groupKind} ${name}`)) return [];
  if (index.targetsOf({ from, reference }).length > 0) return [];
  const names = new Set([...index.ofKind(groupKind)].map(({ facts }) => facts.name));
  const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
  // Claims of a StatefulSet's own templates and the like are made by controllers.
  return [{ span, message: `${kind} "${name}" is not defined in the workspace`, fixes: closest(name, names).map((near) => ({ title: `Use ${kind} ${near}`, edits: [{ span, newText: scalarOf(near) }] })) }];
}

function missingKey(from: Manifest, reference: ReferenceFact, index: WorkspaceIndex): readonly RuleFinding[] {
  const { key, optional, groupKind, name } = reference;
  const targets = index.targetsOf({ from, reference });
  if (key === undefined || optional || targets.length === 0) return [];
  const keys = new Set(targets.flatMap(({ facts }) => facts.keys ?? []));
  if (keys.has(key.name)) return [];
  return [
    {
      span: key.span,
      message: `${groupKind} "${name}" has no key "${key.name}"`,
      fixes: closest(key.name, keys).map((near) => ({ title: `Use key ${near}`, edits: [{ span: key.span, newText: scalarOf(near) }] })),
    },
  ];
}
