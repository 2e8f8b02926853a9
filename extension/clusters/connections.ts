/** The clusters of all kubeconfigs, and the one that views show. A connection is made when it is first asked for. */
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import { Connection, type Wire } from './connection.ts';
import { endpointOf, type Endpoint } from './endpoint.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { Signal } from './signal.ts';

export interface KubeconfigSource {
  readonly current: Kubeconfig;
  readonly changed: Signal;
}

/** What outlives the window. */
export interface Memory {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
}

const contextKey = 'context';
const namespaceKey = (context: string): string => `namespace/${context}`;

export class Connections implements Disposable {
  /** Fired when contexts came or went, another became active, or anything changed in the active cluster. */
  readonly changed = new Signal();
  readonly #source: KubeconfigSource;
  readonly #memory: Memory;
  readonly #wire: (endpoint: Endpoint) => Wire;
  readonly #subscription: Disposable;
  #chosen: string | undefined;
  #active: { readonly connection: Connection; readonly fingerprint: string; readonly subscription: Disposable } | undefined;

  constructor(source: KubeconfigSource, memory: Memory, wire: (endpoint: Endpoint) => Wire) {
    this.#source = source;
    this.#memory = memory;
    this.#wire = wire;
    this.#chosen = memory.get(contextKey);
    this.#subscription = source.changed.on(() => this.#update());
  }

  get contexts(): readonly string[] {
    return [...this.#source.current.contexts.keys()];
  }

  /** Name of the context that views show: the chosen one, else the kubeconfig's current one. */
  get activeContext(): string | undefined {
    const { contexts, currentContext } = this.#source.current;
    return [this.#chosen, currentContext].find((name) => name !== undefined && contexts.has(name));
  }

  /** The connection to the active context, made at the first call. */
  get active(): Connection | undefined {
    if (this.#active === undefined) this.#open();
    return this.#active?.connection;
  }

  /** The same, if it was made already. */
  get opened(): Connection | undefined {
    return this.#active?.connection;
  }

  use(context: string): void {
    this.#chosen = context;
    this.#memory.set(contextKey, context);
    this.#update();
  }

  /** Resolves once a context of this name is known: a kubeconfig that was just written takes a moment to be read. */
  appeared(context: string): Promise<void> {
    if (this.contexts.includes(context)) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.#source.changed.on(() => {
        if (!this.contexts.includes(context)) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  useNamespace(namespace: string): void {
    const connection = this.active;
    if (connection === undefined) return;
    connection.namespace = namespace;
    this.#memory.set(namespaceKey(connection.context), namespace);
    this.changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#close();
  }

  #update(): void {
    if (this.#active !== undefined && this.#active.fingerprint !== this.#fingerprint()) this.#close();
    this.changed.fire();
  }

  #open(): void {
    const name = this.activeContext;
    const { contexts, clusters, users } = this.#source.current;
    const context = name === undefined ? undefined : contexts.get(name);
    const cluster = context && clusters.get(context.cluster);
    if (context === undefined || cluster === undefined || cluster.server === '') return;
    const endpoint = endpointOf(cluster, users.get(context.user) ?? {});
    const namespace = this.#memory.get(namespaceKey(context.name)) ?? context.namespace ?? 'default';
    const connection = new Connection({ context: context.name, namespace, endpoint, wire: () => this.#wire(endpoint) });
    this.#active = { connection, fingerprint: this.#fingerprint(), subscription: connection.changed.on(() => this.changed.fire()) };
  }

  #close(): void {
    this.#active?.subscription.dispose();
    this.#active?.connection.dispose();
    this.#active = undefined;
  }

  /** Changes exactly when the active connection has to be made anew. */
  #fingerprint(): string {
    const name = this.activeContext;
    const { contexts, clusters, users } = this.#source.current;
    const context = name === undefined ? undefined : contexts.get(name);
    return JSON.stringify([context, clusters.get(context?.cluster ?? ''), users.get(context?.user ?? '')]);
  }
}
