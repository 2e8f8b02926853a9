/** `/stats/summary`: what a node and its pods use (kubernetes.io/docs/reference/instrumentation/node-metrics). Pure. */
import { timeText } from '../pods/pod-facts.ts';
import type { NetworkStats } from '../runtime/runtime.ts';
import type { NodeUsage, PodReport, Usage } from '../usage/node-usage.ts';

export interface SummaryFacts {
  readonly nodeName: string;
  /** Milliseconds since the epoch at which the kubelet started. */
  readonly startedAt: number;
  /** Bytes. */
  readonly memory: number;
}

export function summaryOf({ nodeName, startedAt, memory }: SummaryFacts, { time, pods, usage, network }: NodeUsage): object {
  return {
    node: {
      nodeName,
      startTime: timeText(startedAt),
      cpu: cpuOf(usage, time),
      memory: { ...memoryOf(usage, time), availableBytes: Math.max(0, memory - usage.workingSet) },
      network: networkOf(network, time),
    },
    pods: pods.map((pod) => podOf(pod, time)),
  };
}

function podOf({ namespace, name, uid, startedAt, containers, usage, network }: PodReport, time: number): object {
  return {
    podRef: { name, namespace, uid },
    startTime: timeText(startedAt),
    containers: containers.map(({ name: container, usage: own, container: { startedAt: start, createdAt } }) => ({
      name: container,
      startTime: timeText(start ?? createdAt),
      cpu: cpuOf(own, own.time),
      memory: memoryOf(own, own.time),
    })),
    cpu: cpuOf(usage, time),
    memory: memoryOf(usage, time),
    ...(network === undefined ? {} : { network: networkOf(network, time) }),
  };
}

function cpuOf({ nanoCores, cpuNanoseconds }: Usage, time: number): object {
  return { time: timeText(time), usageNanoCores: nanoCores, usageCoreNanoSeconds: cpuNanoseconds };
}

function memoryOf({ memoryUsage, workingSet, rss, pageFaults, majorPageFaults }: Usage, time: number): object {
  return { time: timeText(time), usageBytes: memoryUsage, workingSetBytes: workingSet, rssBytes: rss, pageFaults, majorPageFaults };
}

function networkOf({ receivedBytes, receiveErrors, sentBytes, sendErrors }: NetworkStats, time: number): object {
  const counters = { rxBytes: receivedBytes, rxErrors: receiveErrors, txBytes: sentBytes, txErrors: sendErrors };
  return { time: timeText(time), name: 'eth0', ...counters, interfaces: [{ name: 'eth0', ...counters }] };
}
