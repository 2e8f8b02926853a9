/** What pods ask for of a resource, which utilization is measured against. Pure. */
import type { V1Pod } from '../../api/generated/types.ts';
import { quantityMilliValue, quantityOf } from '../../api/quantity.ts';

/** Thousandths by pod; of one container, or of all that run on. Throws with Kubernetes' words where one does not say. */
export function requestsOf(pods: readonly V1Pod[], resource: string, container: string | undefined): ReadonlyMap<string, number> {
  return new Map(pods.map((pod) => [pod.metadata?.name ?? '', requestOf(pod, resource, container)]));
}

function requestOf({ metadata, spec }: V1Pod, resource: string, wanted: string | undefined): number {
  const whole = spec?.resources?.requests?.[resource];
  if (wanted === undefined && whole !== undefined) return quantityMilliValue(quantityOf(whole));
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  let total = 0;
  for (const { name, resources } of [...(spec?.containers ?? []), ...sidecars]) {
    if (wanted !== undefined && name !== wanted) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined) throw new Error(`missing request for ${resource} in container ${name} of Pod ${metadata?.name ?? ''}`);
    total += quantityMilliValue(quantityOf(request));
  }
  return total;
}
