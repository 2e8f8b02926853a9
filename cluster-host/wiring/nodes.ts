/** The nodes of this host: which are running, and what the API says of them. */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import type { NodeConnection, NodeConnections } from '../api-server/node-connection.ts';
import { hasReason } from '../client/client.ts';
import { nodes as nodeResource, pods as podResource } from '../client/resources.ts';
import type { NodeSummary } from '../control-protocol.ts';
import type { Component } from './component.ts';

/** A node that runs: its kubelet and what belongs to it. */
export interface NodeAgent {
  readonly connection: NodeConnection;
  /** Ends it; its containers are stopped, or left to be adopted. */
  stop(containers: 'stop' | 'leave'): Promise<void>;
}

/** Makes a node run: registers it and starts its kubelet. */
export type StartNode = (name: string) => Promise<NodeAgent>;

const podsOfNode = 'nodeName';

export class Nodes implements NodeConnections {
  readonly #component: Component;
  readonly #startNode: StartNode;
  readonly #ending: AbortSignal;
  readonly #agents = new Map<string, NodeAgent>();
  /** Every node of the cluster, running or not. */
  readonly #names = new Set<string>();
  readonly #readyWaiters = new Set<() => void>();

  /** `ending` aborts what waits for a node to become Ready. */
  constructor(component: Component, startNode: StartNode, changed: () => void, ending: AbortSignal) {
    this.#component = component;
    this.#startNode = startNode;
    this.#ending = ending;
    const { informers } = component;
    informers.informer(podResource).addIndex(podsOfNode, (pod: V1Pod) => (pod.spec?.nodeName === undefined ? [] : [pod.spec.nodeName]));
    const notice = (): void => {
      for (const check of this.#readyWaiters) check();
      changed();
    };
    informers.informer(nodeResource).onChange({ added: notice, updated: (node, old) => (isReady(node) === isReady(old) ? undefined : notice()), deleted: notice });
  }

  node(name: string): NodeConnection | undefined {
    return this.#agents.get(name)?.connection;
  }

  /** Resolves when the kubelet runs; `ready` tells when the node takes pods. */
  async start(name: string): Promise<void> {
    this.#names.add(name);
    if (!this.#agents.has(name)) this.#agents.set(name, await this.#startNode(name));
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

  /** Stops the node and takes it out of the cluster; its pods are replaced elsewhere. */
  async remove(name: string): Promise<void> {
    await this.stop(name, 'stop');
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
