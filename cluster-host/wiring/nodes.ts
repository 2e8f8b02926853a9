/** The nodes of this host: which are running, and what the API says of them. */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import type { NodeConnection, NodeConnections } from '../api-server/node-connection.ts';
import { hasReason } from '../client/client.ts';
import { nodes as nodeResource, pods as podResource } from '../client/resources.ts';
import type { NodeSummary } from '../control-protocol.ts';
import type { NodeUsage } from '../metrics/objects.ts';
import type { MetricsSources } from '../metrics/metrics-server.ts';
import type { Component } from './component.ts';

/** A node that runs: its kubelet and what belongs to it. */
export interface NodeAgent {
  readonly connection: NodeConnection;
  /** What its pods use now; undefined until its kubelet has started. */
  usage(): Promise<NodeUsage | undefined>;
  /** Registers the node; resolves when its kubelet looks after pods, or when it is stopped meanwhile. */
  start(): Promise<void>;
  /** Ends it, started or not; its containers are stopped, removed, or left to be adopted. */
  stop(containers: 'stop' | 'remove' | 'leave'): Promise<void>;
}

export type CreateNode = (name: string) => NodeAgent;

const podsOfNode = 'nodeName';

export class Nodes implements NodeConnections {
  readonly #component: Component;
  readonly #createNode: CreateNode;
  readonly #ending: AbortSignal;
  readonly #agents = new Map<string, NodeAgent>();
  /** Every node of the cluster, running or not. */
  readonly #names = new Set<string>();
  readonly #readyWaiters = new Set<() => void>();

  /** `ending` aborts what waits for a node to become Ready. */
  constructor(component: Component, createNode: CreateNode, changed: () => void, ending: AbortSignal) {
    this.#component = component;
    this.#createNode = createNode;
    this.#ending = ending;
    const { informers } = component;
    const pods = informers.informer(podResource);
    pods.addIndex(podsOfNode, (pod: V1Pod) => (pod.spec?.nodeName === undefined ? [] : [pod.spec.nodeName]));
    pods.onChange({ updated: (pod, old) => (pod.spec?.nodeName === old.spec?.nodeName ? undefined : changed()), deleted: changed });
    const notice = (): void => {
      for (const check of this.#readyWaiters) check();
      changed();
    };
    informers.informer(nodeResource).onChange({ added: notice, updated: (node, old) => (isReady(node) === isReady(old) ? undefined : notice()), deleted: notice });
  }

  node(name: string): NodeConnection | undefined {
    return this.#agents.get(name)?.connection;
  }

  /** What `metrics.k8s.io` is made of. */
  metricsSources(): MetricsSources {
    const { informers, clock, log } = this.#component;
    return { nodes: informers.informer(nodeResource), pods: informers.informer(podResource), usage: (name) => this.#agents.get(name)?.usage() ?? Promise.resolve(undefined), clock, log };
  }

  /** Resolves when the kubelet runs; `ready` tells when the node takes pods. */
  async start(name: string): Promise<void> {
    if (this.#ending.aborted) throw new Error('the cluster is stopping');
    this.#names.add(name);
    if (this.#agents.has(name)) return;
    const agent = this.#createNode(name);
    this.#agents.set(name, agent);
    try {
      await agent.start();
    } catch (error) {
      this.#agents.delete(name);
      await agent.stop('leave');
      throw error;
    }
  }

  /** Resolves when the node is Ready. */
  async startAndWait(name: string): Promise<NodeSummary> {
    await this.start(name);
    await this.#until(() => isReady(this.#object(name)));
    return this.#summary(name);
  }

  async stop(name: string, containers: 'stop' | 'leave'): Promise<NodeSummary> {
    const agent = this.#agents.get(name);
    this.#agents.delete(name);
    await agent?.stop(containers);
    return this.#summary(name);
  }

  /** Takes the node out of the cluster, running or not, with its containers and files; its pods are replaced elsewhere. */
  async remove(name: string): Promise<void> {
    const agent = this.#agents.get(name) ?? this.#createNode(name);
    this.#agents.delete(name);
    await agent.stop('remove');
    this.#names.delete(name);
    await this.#component.client
      .resource(nodeResource)
      .delete(name)
      .catch((error: unknown) => {
        if (!hasReason(error, 'NotFound')) throw error;
      });
  }

  async stopAll(containers: 'stop' | 'leave'): Promise<void> {
    await Promise.all([...this.#agents.keys()].map((name) => this.stop(name, containers)));
  }

  summaries(): readonly NodeSummary[] {
    return [...this.#names].map((name) => this.#summary(name));
  }

  /** Resolves when every node that runs is Ready; rejects when the cluster ends first. */
  ready(): Promise<void> {
    return this.#until(() => [...this.#agents.keys()].every((name) => isReady(this.#object(name))));
  }

  #until(condition: () => boolean): Promise<void> {
    const signal = this.#ending;
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!signal.aborted && !condition()) return;
        this.#readyWaiters.delete(check);
        signal.removeEventListener('abort', check);
        if (signal.aborted) reject(new Error('the cluster is stopping'));
        else resolve();
      };
      this.#readyWaiters.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  #object(name: string): V1Node | undefined {
    return this.#component.informers.informer(nodeResource).lister.get('', name);
  }

  #summary(name: string): NodeSummary {
    const pods = this.#component.informers.informer(podResource).lister.byIndex(podsOfNode, name);
    return { name, ready: isReady(this.#object(name)), pods: pods.length };
  }
}

function isReady(node: V1Node | undefined): boolean {
  return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
