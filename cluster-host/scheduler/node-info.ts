/** A node with the pods on it, and the sums that plugins ask for, kept up to date pod by pod. */
import type { V1Node } from '../api/generated/types.ts';
import { isSamePort, type HostPort } from '../api/scheduling/host-ports.ts';
import { hasAffinity, type PodInfo } from './pod-info.ts';
import { addTo, amountsOf, type Amounts } from './resources.ts';

export class NodeInfo {
  readonly name: string;
  #node: V1Node;
  #allocatable: Amounts;
  #images: ReadonlyMap<string, number> | undefined;
  readonly #pods = new Map<string, PodInfo>();
  readonly #affine = new Map<string, PodInfo>();
  readonly requested: Amounts = new Map();
  readonly scored: Amounts = new Map();

  constructor(node: V1Node) {
    this.name = node.metadata?.name ?? '';
    this.#node = node;
    this.#allocatable = amountsOf(node.status?.allocatable);
  }

  get node(): V1Node {
    return this.#node;
  }

  set node(node: V1Node) {
    this.#node = node;
    this.#allocatable = amountsOf(node.status?.allocatable);
    this.#images = undefined;
  }

  get allocatable(): Amounts {
    return this.#allocatable;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#node.metadata?.labels ?? {};
  }

  get pods(): ReadonlyMap<string, PodInfo> {
    return this.#pods;
  }

  /** The pods that say where other pods should be. */
  get affinePods(): ReadonlyMap<string, PodInfo> {
    return this.#affine;
  }

  /** Sizes in bytes of the images on the node, by each of their names. */
  get images(): ReadonlyMap<string, number> {
    return (this.#images ??= new Map((this.#node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) => names.map((name) => [name, sizeBytes] as const))));
  }

  add(pod: PodInfo): void {
    this.remove(pod.uid);
    this.#pods.set(pod.uid, pod);
    if (hasAffinity(pod)) this.#affine.set(pod.uid, pod);
    addTo(this.requested, pod.requests);
    addTo(this.scored, pod.scored);
  }

  remove(uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) return;
    this.#pods.delete(uid);
    this.#affine.delete(uid);
    addTo(this.requested, pod.requests, -1);
    addTo(this.scored, pod.scored, -1);
  }

  /** Whether a pod on the node has taken the port on this address, or on all addresses. */
  portTaken(port: HostPort): boolean {
    return [...this.#pods.values()].some((pod) => pod.hostPorts.some((taken) => isSamePort(taken, port)));
  }

  /** The same node, to try out what other pods on it would mean. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const pod of this.#pods.values()) copy.add(pod);
    return copy;
  }
}
