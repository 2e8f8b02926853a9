/** The taints that controllers put on nodes (kubernetes.io/docs/reference/labels-annotations-taints). */
import type { V1Taint } from '../../api/generated/types.ts';

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';

export function sameTaint(a: V1Taint, b: V1Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
