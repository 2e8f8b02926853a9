/** Taints and tolerations (kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration). Pure. */
import type { V1Taint, V1Toleration } from '../generated/types.ts';

export function tolerates(toleration: V1Toleration, taint: V1Taint): boolean {
  const { effect = '', key = '', operator = '', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && key !== '' && value === (taint.value ?? '');
}

export function isTolerated(tolerations: readonly V1Toleration[] | undefined, taint: V1Taint): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}
