/** A Service, PodDisruptionBudget or NetworkPolicy whose selector no pod in the workspace has. */
import { formatSelector, matchesLabels } from '../../cluster-host/api/selectors/label-selector.ts';
import { objectName } from '../features/links.ts';
import { closest } from '../syntax/closest.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { SelectionFact } from '../workspace/facts.ts';
import { labelsOf } from '../workspace/facts.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import type { RuleFinding, WorkspaceRule } from './rule.ts';

const selecting: ReadonlySet<string> = new Set(['Service', 'policy/PodDisruptionBudget', 'networking.k8s.io/NetworkPolicy']);

export const selectsNothing: WorkspaceRule = {
  name: 'selects-nothing',
  severity: 'warning',
  checkManifest(manifest, index) {
    if (!selecting.has(manifest.facts.groupKind)) return [];
    return manifest.facts.selections.flatMap((selection) => findingOf(manifest, selection, index));
  },
};

function findingOf(from: Manifest, selection: SelectionFact, index: WorkspaceIndex): readonly RuleFinding[] {
  const { field, selector, span } = selection;
  if (field.selects !== 'Pod' || field.scope !== 'namespace' || selector.requirements.length === 0) return [];
  if (index.selectedBy({ from, selection }).length > 0) return [];
  const pods = [...index.podMakers(from.facts.namespace)];
  // Without any pod there is nothing to compare with: the rest of the manifests is elsewhere.
  if (pods.length === 0) return [];
  const [elsewhere] = [...index.podMakers(undefined)].filter(({ facts }) => matchesLabels(selector, labelsOf(facts.podLabels ?? [])));
  const message = `no pod in the workspace has the labels ${formatSelector(selector)}`;
  if (elsewhere?.facts.namespace !== undefined) return [{ span, message: `${message} in this namespace; ${objectName(elsewhere)} is in namespace "${elsewhere.facts.namespace}"` }];
  const { namespace } = from.facts;
  const object = { apiVersion: 'v1', kind: 'Pod', labelSelector: formatSelector(selector), ...(namespace === undefined ? {} : { namespace }) };
  return [{ span, message, fixes: fixesFor(selection, pods), cluster: { object, onlyWithCluster: false } }];
}

/** For each label that nobody has: the nearest value that somebody has. */
function fixesFor({ labels }: SelectionFact, pods: readonly Manifest[]): NonNullable<RuleFinding['fixes']> {
  return labels.flatMap(({ key, value, valueSpan }) => {
    const values = new Set(pods.flatMap(({ facts }) => labelsOf(facts.podLabels ?? [])[key] ?? []));
    if (values.has(value)) return [];
    return closest(value, values).map((near) => ({ title: `Select ${key}: ${near}`, edits: [{ span: valueSpan, newText: scalarOf(near) }] }));
  });
}
