/** A PodDisruptionBudget that allows no disruption at all: no node with such a pod can ever be drained. */
import type { BudgetFact } from '../workspace/facts.ts';
import type { WorkspaceRule } from './rule.ts';

export const blocksEvictions: WorkspaceRule = {
  name: 'blocks-evictions',
  severity: 'warning',
  checkManifest(from, index) {
    const { budgets = [], selections } = from.facts;
    if (budgets.length === 0) return [];
    const selected = selections.flatMap((selection) => index.selectedBy({ from, selection }));
    const counts = selected.map(({ facts }) => facts.replicas);
    // Where the cluster decides how many pods there are, nobody can tell.
    const pods = counts.length === 0 || counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    return budgets.flatMap((budget) => {
      const why = blocking(budget, pods);
      return why === undefined ? [] : [{ span: budget.span, message: `${budget.field}: ${budget.value}${why} blocks every eviction of the selected pods` }];
    });
  },
};

/** What to add to the budget's own words; undefined where it lets pods go. */
function blocking({ field, value }: BudgetFact, pods: number | undefined): string | undefined {
  const percent = typeof value === 'string' ? Number(/^(\d+)%$/.exec(value)?.[1] ?? Number.NaN) : undefined;
  if (field === 'maxUnavailable') return value === 0 || percent === 0 ? '' : undefined;
  if (percent !== undefined && percent >= 100) return '';
  if (pods === undefined || pods === 0) return undefined;
  // A percentage of the pods is rounded up.
  const needed = percent === undefined ? Number(value) : Math.ceil((pods * percent) / 100);
  return needed >= pods ? ` of ${pods} pod${pods === 1 ? '' : 's'}` : undefined;
}
