/** What the kubelet's HTTP API tells of: a node, its pods as the kubelet looks after them, and what they use. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { Clock } from '../../platform/platform.ts';
import type { NodeDescription } from '../node/node-object.ts';
import type { PodWorker } from '../pods/pod-worker.ts';
import type { ContainerRuntime, ContainerState, RuntimeInfo } from '../runtime/runtime.ts';
import { measurablesOf, type NodeUsage, nodeUsage } from '../usage/node-usage.ts';
import { UsageSampler } from '../usage/usage-sampler.ts';
import { kubeletConfiguration } from './configuration.ts';
import type { KubeletView } from './kubelet-api.ts';

export interface NodeViewOptions {
  readonly description: NodeDescription;
  readonly dns: { readonly ip: string; readonly domain: string };
  readonly runtime: ContainerRuntime;
  readonly clock: Clock;
  readonly workers: () => Iterable<PodWorker>;
}

export class NodeView implements KubeletView {
  readonly nodeName: string;
  readonly startedAt: number;
  readonly info: RuntimeInfo;
  readonly configuration: object;
  readonly #workers: () => Iterable<PodWorker>;
  readonly #sampler: UsageSampler;

  constructor({ description, dns, runtime, clock, workers }: NodeViewOptions) {
    const { name, info, ip, maxPods, podCidr } = description;
    this.nodeName = name;
    this.startedAt = clock.now();
    this.info = info;
    this.configuration = kubeletConfiguration({ nodeIp: ip, maxPods, dns, podCidr });
    this.#workers = workers;
    this.#sampler = new UsageSampler(runtime, clock, () => [...workers()].flatMap(measurablesOf));
  }

  pods(): readonly V1Pod[] {
    return [...this.#workers()].map(({ pod }) => pod);
  }

  runningPods(): number {
    return [...this.#workers()].filter(({ sandbox }) => sandbox !== undefined).length;
  }

  containerStates(): readonly ContainerState[] {
    return [...this.#workers()].flatMap(({ containers }) => containers.map(({ state }) => state));
  }

  async usage(): Promise<NodeUsage> {
    const sample = await this.#sampler.sample();
    return nodeUsage([...this.#workers()], sample);
  }
}
