/** Requests and limits as the kernel counts them, and a pod's quality of service (kubernetes.io/docs/concepts/workloads/pods/pod-qos). Pure. */
import type { V1Container, V1Pod } from '../../api/generated/types.ts';
import { quantityMilliValue, quantityOf, quantityValue } from '../../api/quantity.ts';
import type { ContainerResources } from '../runtime/runtime.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const sharesPerCpu = 1024;
const smallestShares = 2;
const largestShares = 262_144;
const quotaPeriod = 100_000;
const smallestQuota = 1_000;

export function containerResources(pod: V1Pod, container: V1Container, nodeMemory: number): ContainerResources {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const milliCpu = quantityMilliValue(quantityOf(requests['cpu'] ?? limits['cpu']));
  const cpuLimit = quantityMilliValue(quantityOf(limits['cpu']));
  const memoryLimit = quantityValue(quantityOf(limits['memory']));
  const memoryRequest = quantityValue(quantityOf(requests['memory'] ?? limits['memory']));
  return {
    cpuShares: Math.min(largestShares, Math.max(smallestShares, Math.floor((milliCpu * sharesPerCpu) / 1000))),
    ...(cpuLimit > 0 ? { cpuQuota: Math.max(smallestQuota, Math.floor((cpuLimit * quotaPeriod) / 1000)) } : {}),
    ...(memoryLimit > 0 ? { memoryLimit } : {}),
    ...(memoryRequest > 0 ? { memoryRequest } : {}),
    oomScoreAdjust: oomScore(qosClass(pod), memoryRequest, nodeMemory),
  };
}

/** The less memory a burstable container asked for, the sooner it is ended. */
function oomScore(qos: QosClass, memoryRequest: number, nodeMemory: number): number {
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  return Math.min(999, Math.max(3, 1000 - Math.floor((1000 * memoryRequest) / nodeMemory)));
}

export function qosClass(pod: V1Pod): QosClass {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const asked = containers.map(({ resources }) => ({ requests: counted(resources?.requests), limits: counted(resources?.limits) }));
  if (asked.every(({ requests, limits }) => requests.size === 0 && limits.size === 0)) return 'BestEffort';
  const guaranteed = asked.every(
    ({ requests, limits }) => limits.has('cpu') && limits.has('memory') && [...requests].every(([resource, amount]) => limits.get(resource) === amount),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** CPU and memory that are more than zero, in billionths. */
function counted(list: Readonly<Record<string, string>> = {}): ReadonlyMap<string, bigint> {
  const entries = ['cpu', 'memory'].map((resource) => [resource, quantityOf(list[resource]).nanos] as const);
  return new Map(entries.filter(([, nanos]) => nanos > 0n));
}
