/** Quality of service of pods (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/). */
import type { V1Pod, V1ResourceRequirements } from '../generated/types.ts';
import { compareQuantities, quantityOf } from '../quantity.ts';

const computed = ['cpu', 'memory'];

export function qosClassOf({ spec }: V1Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const own = spec?.resources;
  const all = own?.limits || own?.requests ? [own] : [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ resources }) => resources);
  if (all.every((resources) => computed.every((name) => !isSet(resources?.requests?.[name]) && !isSet(resources?.limits?.[name])))) return 'BestEffort';
  return all.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

function isSet(text: string | undefined): boolean {
  return quantityOf(text).nanos > 0n;
}

function isGuaranteed(resources: V1ResourceRequirements | undefined): boolean {
  return computed.every((name) => {
    const limit = resources?.limits?.[name];
    const request = resources?.requests?.[name] ?? limit;
    return isSet(limit) && compareQuantities(quantityOf(request), quantityOf(limit)) === 0;
  });
}
