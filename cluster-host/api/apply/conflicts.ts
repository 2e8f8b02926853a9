/** Conflicts of an apply as Kubernetes reports them. */
import type { V1Status } from '../generated/types.ts';
import { applyConflict } from '../status.ts';
import { paths } from './field-set.ts';
import { identityOf, managerText } from './managers.ts';
import { pathText } from './path-text.ts';
import type { Conflict } from './updater.ts';

/** One cause a field; the message lists them by manager. */
export function conflictStatus(conflicts: readonly Conflict[]): V1Status {
  const sorted = conflicts
    .toSorted((a, b) => (identityOf(a.manager) < identityOf(b.manager) ? -1 : 1))
    .map(({ manager, fields }) => ({ manager: managerText(manager), fields: paths(fields).map(pathText) }));
  const causes = sorted.flatMap(({ manager, fields }) => fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })));
  const [first] = causes;
  if (causes.length === 1 && first !== undefined) return applyConflict(causes, `Apply failed with 1 conflict: ${first.message}: ${first.field}`);
  const lines = sorted.flatMap(({ manager, fields }) => [`conflicts with ${manager}:`, ...fields.map((field) => `- ${field}`)]);
  return applyConflict(causes, `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`);
}
