/** A reference to an object that the workspace has in another namespace only: references do not leave their namespace. */
import { scalarOf } from '../syntax/scalars.ts';
import type { WorkspaceRule } from './rule.ts';

export const namespaceDiffers: WorkspaceRule = {
  name: 'namespace-differs',
  severity: 'warning',
  checkManifest(from, index) {
    const { namespace, references } = from.facts;
    if (namespace === undefined) return [];
    const written = references.find(({ path }) => path.join('.') === 'metadata.namespace');
    return references.flatMap((reference) => {
      const { groupKind, name, optional, span } = reference;
      if (reference.namespace !== undefined || optional || index.targetsOf({ from, reference }).length > 0) return [];
      const elsewhere = index.definitions(groupKind, name, undefined)[0]?.facts.namespace;
      if (elsewhere === undefined) return [];
      const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
      const fixes = written === undefined ? [] : [{ title: `Move ${from.facts.kind} to namespace ${elsewhere}`, edits: [{ span: written.span, newText: scalarOf(elsewhere) }] }];
      return [{ span, message: `${kind} "${name}" is in namespace "${elsewhere}", this ${from.facts.kind} in "${namespace}"`, fixes }];
    });
  },
};
