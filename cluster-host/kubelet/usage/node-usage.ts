/** What a node's pods use, put together from what their containers and sandboxes do. Pure. */
import type { V1Pod } from '../../api/generated/types.ts';
import { nameOf, namespaceOf, uidOf } from '../pods/pod-facts.ts';
import type { Container, NetworkStats, Sandbox } from '../runtime/runtime.ts';
import type { ContainerUsage, UsageSample } from './usage-sampler.ts';

export interface PodOnNode {
  readonly pod: V1Pod;
  readonly sandbox: Sandbox | undefined;
  readonly containers: readonly Container[];
}

/** Amounts that add up. */
export interface Usage {
  readonly nanoCores: number;
  readonly cpuNanoseconds: number;
  readonly memoryUsage: number;
  readonly workingSet: number;
  readonly rss: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
}

export interface ContainerReport {
  readonly name: string;
  readonly container: Container;
  readonly usage: ContainerUsage;
}

export interface PodReport {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly containers: readonly ContainerReport[];
  /** Of its containers and its sandbox. */
  readonly usage: Usage;
  readonly network: NetworkStats | undefined;
}

export interface NodeUsage {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds that rates are taken over. */
  readonly window: number;
  readonly pods: readonly PodReport[];
  /** Of all its pods: the engine's machine may carry other nodes, and other things. */
  readonly usage: Usage;
  readonly network: NetworkStats;
}

/** What is to be measured of a pod. */
export function measurablesOf({ sandbox, containers }: PodOnNode): readonly { readonly id: string; readonly startedAt: number }[] {
  const running = containers.filter(({ state }) => state === 'running').map(({ id, startedAt, createdAt }) => ({ id, startedAt: startedAt ?? createdAt }));
  return sandbox === undefined ? running : [{ id: sandbox.id, startedAt: sandbox.createdAt }, ...running];
}

export function nodeUsage(pods: readonly PodOnNode[], { time, window, usage }: UsageSample): NodeUsage {
  const reports = pods.filter(({ sandbox }) => sandbox !== undefined).map((pod) => podReport(pod, usage));
  const networks = reports.flatMap(({ network }) => network ?? []);
  return { time, window, pods: reports, usage: sumOf(reports.map((report) => report.usage)), network: sumOfNetworks(networks) };
}

function podReport({ pod, sandbox, containers }: PodOnNode, usage: UsageSample['usage']): PodReport {
  const running = containers.flatMap((container): ContainerReport[] => {
    const own = container.state === 'running' ? usage.get(container.id) : undefined;
    return own === undefined ? [] : [{ name: container.name, container, usage: own }];
  });
  const pause = sandbox === undefined ? undefined : usage.get(sandbox.id);
  return {
    namespace: namespaceOf(pod),
    name: nameOf(pod),
    uid: uidOf(pod),
    startedAt: sandbox?.createdAt ?? 0,
    containers: running,
    usage: sumOf([...running.map((each) => each.usage), ...(pause === undefined ? [] : [pause])]),
    network: pod.spec?.hostNetwork === true ? undefined : pause?.network,
  };
}

function sumOf(usages: readonly Usage[]): Usage {
  const total = (field: keyof Usage): number => usages.reduce((sum, usage) => sum + usage[field], 0);
  return {
    nanoCores: total('nanoCores'),
    cpuNanoseconds: total('cpuNanoseconds'),
    memoryUsage: total('memoryUsage'),
    workingSet: total('workingSet'),
    rss: total('rss'),
    pageFaults: total('pageFaults'),
    majorPageFaults: total('majorPageFaults'),
  };
}

function sumOfNetworks(networks: readonly NetworkStats[]): NetworkStats {
  const total = (field: keyof NetworkStats): number => networks.reduce((sum, network) => sum + network[field], 0);
  return { receivedBytes: total('receivedBytes'), receiveErrors: total('receiveErrors'), sentBytes: total('sentBytes'), sendErrors: total('sendErrors') };
}
