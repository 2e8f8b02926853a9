/** What the kubelet says of its node (kubernetes.io/docs/reference/node/node-status). Pure. */
import { isExtendedResource } from '../../api/validation/resources.ts';
import type { V1Node, V1NodeCondition, V1NodeStatus } from '../../api/generated/types.ts';
import type { Image, RuntimeInfo } from '../runtime/runtime.ts';
import { timeText } from '../pods/pod-facts.ts';

export interface NodeDescription {
  readonly name: string;
  readonly ip: string;
  readonly info: RuntimeInfo;
  /** `v1.36.0`. */
  readonly kubernetesVersion: string;
  readonly maxPods: number;
  /** Bytes of the file system that pods' files are on. */
  readonly storage: number;
  readonly machineId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly podCidr?: string;
}

/** Memory that the kernel is left with, and the share of the disk: the kubelet's eviction thresholds. */
const memoryReserve = 100 * 1024 ** 2;
const storageShare = 0.9;
const mostImages = 50;

/** Where the node's kubelet is asked for its own HTTP API; reached through the API server alone. */
export const kubeletPort = 10_250;

export function nodeObject(node: NodeDescription): V1Node {
  const { info } = node;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'beta.kubernetes.io/arch': info.architecture,
        'beta.kubernetes.io/os': info.operatingSystem,
        'kubernetes.io/arch': info.architecture,
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': info.operatingSystem,
        ...node.labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: {
      ...(node.podCidr === undefined ? {} : { podCIDR: node.podCidr, podCIDRs: [node.podCidr] }),
      ...(node.taints.length === 0 ? {} : { taints: node.taints.map((taint) => ({ ...taint })) }),
    },
  };
}

/** What others gave the node is allocatable as it is; null: no more (kubernetes.io/docs/tasks/administer-cluster/extended-resource-node). */
export function extendedAllocatable({ capacity = {}, allocatable = {} }: V1NodeStatus): Readonly<Record<string, string | null>> {
  const names = Object.keys({ ...allocatable, ...capacity }).filter(isExtendedResource);
  return Object.fromEntries(names.map((name) => [name, capacity[name] ?? null]));
}

export interface NodeHealth {
  /** Why the node cannot run pods; undefined when it can. */
  readonly problem: string | undefined;
  readonly images: readonly Image[];
}

/** `old`: what was reported last, for the times of transitions. */
export function nodeStatus(node: NodeDescription, { problem, images }: NodeHealth, old: V1NodeStatus | undefined, now: number): V1NodeStatus {
  const { info } = node;
  const resources = {
    cpu: String(info.cpus),
    'ephemeral-storage': `${Math.floor(node.storage / 1024)}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor(info.memory / 1024)}Ki`,
    pods: String(node.maxPods),
  };
  return {
    capacity: resources,
    allocatable: { ...resources, 'ephemeral-storage': String(Math.floor(node.storage * storageShare)), memory: `${Math.floor((info.memory - memoryReserve) / 1024)}Ki` },
    conditions: conditions(problem, old, now),
    addresses: [
      { type: 'InternalIP', address: node.ip },
      { type: 'Hostname', address: node.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      machineID: node.machineId,
      systemUUID: node.machineId,
      bootID: node.machineId,
      kernelVersion: info.kernelVersion,
      osImage: info.osImage,
      containerRuntimeVersion: `${info.name}://${info.version}`,
      kubeletVersion: node.kubernetesVersion,
      kubeProxyVersion: '',
      operatingSystem: info.operatingSystem,
      architecture: info.architecture,
    },
    images: images
      .toSorted((a, b) => b.size - a.size)
      .slice(0, mostImages)
      .map(({ digests, tags, size }) => ({ names: [...digests, ...tags], sizeBytes: size })),
  };
}

function conditions(problem: string | undefined, old: V1NodeStatus | undefined, now: number): V1NodeCondition[] {
  const made: [string, 'True' | 'False', string, string][] = [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    problem === undefined ? ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'] : ['Ready', 'False', 'KubeletNotReady', problem],
  ];
  return made.map(([type, status, reason, message]) => {
    const before = old?.conditions?.find((condition) => condition.type === type);
    return { type, status, reason, message, lastHeartbeatTime: timeText(now), lastTransitionTime: (before?.status === status ? before.lastTransitionTime : undefined) ?? timeText(now) };
  });
}
