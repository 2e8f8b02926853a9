/**
 * The scheduler's picture of the cluster: nodes, and the pods on them, those included whose binding is still under way.
 *
 * Invariant: a pod counts on one node at most; an assumed pod counts until its binding is seen or given up.
 */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import { NodeInfo } from './node-info.ts';
import { podInfoOf, type PodInfo } from './pod-info.ts';

export class ClusterCache {
  readonly nodes = new Map<string, NodeInfo>();
  /** Where each pod counts. */
  readonly #places = new Map<string, string>();
  /** Pods of nodes that are not known (yet). */
  readonly #homeless = new Map<string, Map<string, PodInfo>>();
  readonly #assumed = new Set<string>();

  putNode(node: V1Node): void {
    const name = node.metadata?.name ?? '';
    const known = this.nodes.get(name);
    if (known !== undefined) {
      known.node = node;
      return;
    }
    const info = new NodeInfo(node);
    for (const pod of this.#homeless.get(name)?.values() ?? []) info.add(pod);
    this.#homeless.delete(name);
    this.nodes.set(name, info);
  }

  removeNode(name: string): void {
    const info = this.nodes.get(name);
    if (info === undefined) return;
    this.nodes.delete(name);
    if (info.pods.size > 0) this.#homeless.set(name, new Map(info.pods));
  }

  /** The pod as it was seen, bound. */
  putPod(pod: V1Pod): void {
    const info = podInfoOf(pod);
    this.#assumed.delete(info.uid);
    this.#place(info, pod.spec?.nodeName ?? '');
  }

  removePod(uid: string): void {
    this.#assumed.delete(uid);
    const place = this.#places.get(uid);
    if (place === undefined) return;
    this.#places.delete(uid);
    this.nodes.get(place)?.remove(uid);
    const homeless = this.#homeless.get(place);
    homeless?.delete(uid);
    if (homeless?.size === 0) this.#homeless.delete(place);
  }

  /** Counts the pod on the node from now on: its binding is on the way. */
  assume(pod: PodInfo, node: string): void {
    this.#assumed.add(pod.uid);
    this.#place(pod, node);
  }

  /** The binding failed. */
  forget(uid: string): void {
    if (this.#assumed.has(uid)) this.removePod(uid);
  }

  isAssumed(uid: string): boolean {
    return this.#assumed.has(uid);
  }

  #place(pod: PodInfo, node: string): void {
    const before = this.#places.get(pod.uid);
    if (before !== undefined && before !== node) this.nodes.get(before)?.remove(pod.uid);
    this.#places.set(pod.uid, node);
    const info = this.nodes.get(node);
    if (info !== undefined) {
      info.add(pod);
      return;
    }
    const homeless = this.#homeless.get(node) ?? new Map<string, PodInfo>();
    this.#homeless.set(node, homeless.set(pod.uid, pod));
  }
}
