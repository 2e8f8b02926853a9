/** The clusters of all kubeconfigs: the active one, and those that are shown beside it. A connection is made when it is first asked for. */
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
const shownKey = 'shown';
const namespaceKey = (context: string): string => `namespace/${context}`;

interface Opened {
  readonly connection: Connection;
  readonly fingerprint: string;
  readonly subscription: Disposable;
}

export class Connections implements Disposable {
  /** Fired when contexts came or went, another became active, or anything changed in a cluster that is open. */
  readonly changed = new Signal();
  readonly #source: KubeconfigSource;
  readonly #memory: Memory;
  readonly #wire: (endpoint: Endpoint) => Wire;
  readonly #subscription: Disposable;
  readonly #open = new Map<string, Opened>();
  /** Contexts that are shown besides the active one. */
  readonly #shown: Set<string>;
  #chosen: string | undefined;

  constructor(source: KubeconfigSource, memory: Memory, wire: (endpoint: Endpoint) => Wire) {
    this.#source = source;
    this.#memory = memory;
    this.#wire = wire;
    this.#chosen = memory.get(contextKey);
    this.#shown = new Set((memory.get(shownKey) ?? '').split('\n').filter((name) => name !== ''));
    this.#subscription = source.changed.on(() => this.#update());
  }

  get contexts(): readonly string[] {
    return [...this.#source.current.contexts.keys()];
  }

  /** The kubeconfig file that names a context. */
  fileOf(context: string): string | undefined {
    return this.#source.current.contexts.get(context)?.file;
  }

  /** Files that could not be read, a sentence each. */
  get problems(): readonly string[] {
    return this.#source.current.problems;
  }

  /** Name of the context that commands work on: the chosen one, else the kubeconfig's current one. */
  get activeContext(): string | undefined {
    const { contexts, currentContext } = this.#source.current;
    return [this.#chosen, currentContext].find((name) => name !== undefined && contexts.has(name));
  }

  /** The connection to the active context, made at the first call. */
  get active(): Connection | undefined {
    return this.activeContext === undefined ? undefined : this.connection(this.activeContext);
  }

  /** The same, if it was made already. */
  get opened(): Connection | undefined {
    return this.#open.get(this.activeContext ?? '')?.connection;
  }

  /** The active one and those beside it, by name; made at the first call. */
  get shown(): readonly Connection[] {
    const names = [...new Set([this.activeContext, ...this.#shown])].filter((name) => name !== undefined).toSorted();
    return names.map((name) => this.connection(name)).filter((connection) => connection !== undefined);
  }

  isShown(context: string): boolean {
    return this.#shown.has(context) || context === this.activeContext;
  }

  /** The connection to a context, made at the first call; undefined where no kubeconfig has it. */
  connection(context: string): Connection | undefined {
    return (this.#open.get(context) ?? this.#connect(context))?.connection;
  }

  /** The same, if it was made already. */
  openedTo(context: string): Connection | undefined {
    return this.#open.get(context)?.connection;
  }

  use(context: string): void {
    this.#chosen = context;
    this.#memory.set(contextKey, context);
    this.#update();
  }

  /** Shows a cluster beside the active one, or no longer. */
  show(context: string, shown: boolean): void {
    if (shown) this.#shown.add(context);
    else this.#shown.delete(context);
    this.#memory.set(shownKey, [...this.#shown].join('\n'));
    if (shown) this.connection(context);
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

  useNamespace(namespace: string, connection = this.active): void {
    if (connection === undefined) return;
    connection.namespace = namespace;
    this.#memory.set(namespaceKey(connection.context), namespace);
    this.changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const context of this.#open.keys()) this.#close(context);
  }

  /** Ends connections that nobody looks at, or whose kubeconfig says something else by now. */
  #update(): void {
    for (const [context, { fingerprint }] of this.#open) if (!this.isShown(context) || fingerprint !== this.#fingerprint(context)) this.#close(context);
    this.changed.fire();
  }

  #connect(name: string): Opened | undefined {
    const { contexts, clusters, users } = this.#source.current;
    const context = contexts.get(name);
    const cluster = context && clusters.get(context.cluster);
    if (context === undefined || cluster === undefined || cluster.server === '') return undefined;
    const endpoint = endpointOf(cluster, users.get(context.user) ?? {});
    const namespace = this.#memory.get(namespaceKey(name)) ?? context.namespace ?? 'default';
    const connection = new Connection({ context: name, namespace, endpoint, wire: () => this.#wire(endpoint) });
    const opened = { connection, fingerprint: this.#fingerprint(name), subscription: connection.changed.on(() => this.changed.fire()) };
    this.#open.set(name, opened);
    return opened;
  }

  #close(context: string): void {
    const opened = this.#open.get(context);
    this.#open.delete(context);
    opened?.subscription.dispose();
    opened?.connection.dispose();
  }

  /** Changes exactly when a connection has to be made anew. */
  #fingerprint(name: string): string {
    const { contexts, clusters, users } = this.#source.current;
    const context = contexts.get(name);
    return JSON.stringify([context, clusters.get(context?.cluster ?? ''), users.get(context?.user ?? '')]);
  }
}
