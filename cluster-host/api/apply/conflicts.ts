/** Conflicts of an apply as Kubernetes reports them. */
import type { V1Status } from '../generated/types.ts';
import { applyConflict } from '../status.ts';
import { paths } from './field-set.ts';
import { managerText } from './managers.ts';
import { pathText } from './path-text.ts';
import type { Conflict } from './updater.ts';

/** One cause a field; the message lists them by manager. */
export function conflictStatus(conflicts: readonly Conflict[]): V1Status {
  const all = conflicts.flatMap(({ manager, fields }) => paths(fields).map((path) => ({ manager: managerText(manager), field: pathText(path) })));
  const causes = all.map(({ manager, field }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field }));
  const [first] = all;
  if (all.length === 1 && first !== undefined) return applyConflict(causes, `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`);
  const byManager = Map.groupBy(all, ({ manager }) => manager);
  const lines = [...byManager].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([manager, fields]) => [`conflicts with ${manager}:`, ...fields.map(({ field }) => `- ${field}`)]);
  return applyConflict(causes, `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`);
}
