/** When a pod must leave a tainted node. Pure. */
import type { V1Pod, V1Taint } from '../../api/generated/types.ts';
import { tolerates } from '../../api/scheduling/tolerations.ts';
import { millisecondsOf } from '../../api/time.ts';

/**
 * Milliseconds until the pod is evicted by the node's `NoExecute` taints: 0 at once, undefined never. A pod may stay as long as
 * its shortest toleration says, counted from when the taint was put there (`since`, where the taint does not say).
 */
export function untilEvicted(pod: V1Pod, taints: readonly V1Taint[], since: number, now: number): number | undefined {
  const evicting = taints.filter(({ effect }) => effect === 'NoExecute');
  if (evicting.length === 0) return undefined;
  let shortest: number | undefined;
  for (const taint of evicting) {
    const tolerations = (pod.spec?.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (tolerations.length === 0) return 0;
    const added = millisecondsOf(taint.timeAdded) ?? since;
    for (const { tolerationSeconds } of tolerations) {
      if (tolerationSeconds === undefined) continue;
      const left = Math.max(0, added + Math.max(0, tolerationSeconds) * 1000 - now);
      shortest = Math.min(shortest ?? left, left);
    }
  }
  return shortest;
}
