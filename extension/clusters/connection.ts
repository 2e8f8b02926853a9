/**
 * One cluster that views look at: its client, its informers, and whether it answers.
 *
 * It connects by itself, tries again with growing pauses when the cluster is away, and says so by its state; it never throws
 * at a view. Informers start when somebody first asks for a resource.
 */
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { ApiRequest, Client } from '../../cluster-host/client/client.ts';
import type { OpenResponse } from '../../cluster-host/client/https/https-transport.ts';
import type { Informers, Lister } from '../../cluster-host/client/informer.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import { Discovery } from './discovery.ts';
import type { Endpoint } from './endpoint.ts';
import { explorerResources } from './resources.ts';
import { Signal } from './signal.ts';

export type ConnectionState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'connected'; readonly version: string }
  /** Does not answer, or refuses us; it is tried again. */
  | { readonly phase: 'away'; readonly message: string };

/** What a connection is made of; `cluster-host/client` over HTTPS in the product, anything in tests. */
export interface Wire extends Disposable {
  readonly client: Client;
  readonly informers: Informers;
  /** Called when a request or a watch reaches the server or does not. */
  readonly reachable: Signal<boolean>;
  /** A request whose answer is read as it comes. */
  open(request: ApiRequest): Promise<OpenResponse>;
}

export interface ConnectionOptions {
  readonly context: string;
  readonly namespace: string;
  readonly endpoint: Endpoint;
  readonly wire: Wire;
}

const firstRetry = 500;
const longestRetry = 15_000;

export class Connection implements Disposable {
  readonly context: string;
  readonly endpoint: Endpoint;
  readonly client: Client;
  readonly discovery: Discovery;
  /** Fired when an object, the state or what is served changed. */
  readonly changed = new Signal();
  /** Where namespaced commands go when nothing else says so. */
  namespace: string;
  state: ConnectionState = { phase: 'connecting' };
  readonly #wire: Wire;
  readonly #followed = new Map<string, Lister<any>>();
  readonly #disposables: Disposable[] = [];
  #retry: NodeJS.Timeout | undefined;
  #pause = firstRetry;
  #disposed = false;

  constructor(options: ConnectionOptions) {
    this.context = options.context;
    this.namespace = options.namespace;
    this.endpoint = options.endpoint;
    this.#wire = options.wire;
    this.client = options.wire.client;
    this.discovery = new Discovery(this.client);
    this.#disposables.push(options.wire.reachable.on((reachable) => this.#heard(reachable)));
    void this.#connect();
  }

  /** Current objects of a resource, followed from the first call on; undefined where the cluster does not serve it. */
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined {
    const key = `${resource.group}/${resource.plural}`;
    const followed = this.#followed.get(key);
    if (followed !== undefined) return followed;
    if (this.#disposed || !this.discovery.watches(resource)) return undefined;
    const informer = this.#wire.informers.informer(resource);
    for (const [name, indexer] of Object.entries(explorerResources.find((row) => row.resource.plural === resource.plural)?.indexes ?? {})) {
      informer.addIndex(name, indexer);
    }
    this.#followed.set(key, informer.lister);
    const fire = () => this.changed.fire();
    this.#disposables.push(informer.onChange({ added: fire, updated: fire, deleted: fire }));
    return informer.lister;
  }

  /** Resolves once the first list of a resource is in. */
  async synced(resource: Resource<any>): Promise<void> {
    await this.discovery.learn([resource]);
    if (this.lister(resource) !== undefined) await this.#wire.informers.informer(resource).synced();
  }

  /** A request whose answer is read as it comes. */
  open(request: ApiRequest): Promise<OpenResponse> {
    return this.#wire.open(request);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    for (const disposable of this.#disposables) disposable.dispose();
    this.#wire.dispose();
  }

  async #connect(): Promise<void> {
    try {
      const { body } = await this.client.request({ method: 'GET', path: '/version' });
      await this.discovery.learn(explorerResources.map((row) => row.resource));
      this.#pause = firstRetry;
      this.#become({ phase: 'connected', version: String(body.gitVersion ?? '') });
    } catch (error) {
      this.#become({ phase: 'away', message: error instanceof Error ? error.message : String(error) });
      this.#tryAgainLater();
    }
  }

  #tryAgainLater(): void {
    if (this.#disposed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), this.#pause);
    this.#retry.unref();
    this.#pause = Math.min(this.#pause * 2, longestRetry);
  }

  #heard(reachable: boolean): void {
    if (!reachable && this.state.phase === 'connected') {
      this.#become({ phase: 'away', message: 'The cluster does not answer.' });
      this.#tryAgainLater();
    }
  }

  #become(state: ConnectionState): void {
    if (this.#disposed) return;
    this.state = state;
    this.changed.fire();
  }
}
