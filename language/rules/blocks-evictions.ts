/** A PodDisruptionBudget that allows no disruption at all: no node with such a pod can ever be drained. */
import { markOf } from '../syntax/locate.ts';
import { valueAt } from '../workspace/patterns.ts';
import type { DocumentRule } from './rule.ts';
import { textOf } from '../syntax/scalars.ts';

const blocking: readonly { readonly field: string; readonly values: readonly unknown[] }[] = [
  { field: 'maxUnavailable', values: [0, '0%'] },
  { field: 'minAvailable', values: ['100%'] },
];

export const blocksEvictions: DocumentRule = {
  name: 'blocks-evictions',
  severity: 'warning',
  checkDocument(syntax, { groupKind }) {
    if (groupKind !== 'policy/PodDisruptionBudget') return [];
    return blocking.flatMap(({ field, values }) => {
      const value = valueAt(syntax.value, ['spec', field]);
      return values.includes(value) ? [{ span: markOf(syntax, ['spec', field]), message: `${field}: ${textOf(value)} blocks every eviction of the selected pods` }] : [];
    });
  },
};
