/** Taints that controllers put on nodes and tolerations that pods have for them (kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration). Pure. */
import type { V1Taint, V1Toleration } from '../../api/generated/types.ts';

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';

export function sameTaint(a: V1Taint, b: V1Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

export function toleratesTaint(toleration: V1Toleration, taint: V1Taint): boolean {
  const { effect = '', key = '', operator = '', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && key !== '' && value === (taint.value ?? '');
}
