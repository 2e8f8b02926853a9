/**
 * One cluster that views look at: its client, its informers, and whether it answers.
 *
 * It connects by itself, tries again with growing pauses when the cluster is away, and says so by its state; it never throws
 * at a view. Informers start when somebody first asks for a resource.
 */
import type { V1CustomResourceDefinition } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { ApiRequest, Client } from '../../cluster-host/client/client.ts';
import type { OpenResponse } from '../../cluster-host/client/https/https-transport.ts';
import type { Informers, Lister } from '../../cluster-host/client/informer.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import { Discovery } from './discovery.ts';
import type { Endpoint } from './endpoint.ts';
import { customResourceDefinitions } from '../../cluster-host/client/resources.ts';
import { isEstablished } from './custom-resources.ts';
import { explorerResources, type ExplorerResource } from './resources.ts';
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
  /** Makes a wire; again after each time that the cluster was away, so that nothing stale is shown. */
  readonly wire: () => Wire;
}

const firstRetry = 500;
const longestRetry = 15_000;

export class Connection implements Disposable {
  readonly context: string;
  readonly endpoint: Endpoint;
  /** Fired when an object, the state or what is served changed. */
  readonly changed = new Signal();
  /** Where namespaced commands go when nothing else says so. */
  namespace: string;
  state: ConnectionState = { phase: 'connecting' };
  readonly #makeWire: () => Wire;
  #line: Line;
  #asking = false;
  #retry: NodeJS.Timeout | undefined;
  #pause = firstRetry;
  #disposed = false;

  constructor(options: ConnectionOptions) {
    this.context = options.context;
    this.namespace = options.namespace;
    this.endpoint = options.endpoint;
    this.#makeWire = options.wire;
    this.#line = this.#newLine();
    this.#connect();
  }

  get client(): Client {
    return this.#line.wire.client;
  }

  get discovery(): Discovery {
    return this.#line.discovery;
  }

  /** Current objects of a resource, followed from the first call on; undefined where the cluster does not serve it. */
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined {
    const { wire, followed, loaded, subscriptions } = this.#line;
    const key = keyOf(resource);
    const known = followed.get(key);
    if (known !== undefined) return known;
    if (this.#disposed || !this.serves(resource)) return undefined;
    const informer = wire.informers.informer(resource);
    for (const [name, indexer] of Object.entries(indexesOf(resource))) informer.addIndex(name, indexer);
    followed.set(key, informer.lister);
    const fire = (): void => this.changed.fire();
    subscriptions.push(informer.onChange({ added: fire, updated: fire, deleted: fire }));
    void informer.synced().then(() => {
      loaded.add(key);
      fire();
    });
    return informer.lister;
  }

  /** Whether the cluster serves a resource that can be watched; asking does not follow it yet. */
  serves(resource: Resource<any>): boolean {
    return this.#line.discovery.watches(resource) || this.#isDefined(resource);
  }

  /** Whether the first list of a resource is in. */
  loaded(resource: Resource<any>): boolean {
    return this.#line.loaded.has(keyOf(resource));
  }

  /** Resolves once the first list of a resource is in. */
  async synced(resource: Resource<any>): Promise<void> {
    const { wire, discovery } = this.#line;
    await discovery.learn([resource]);
    if (this.lister(resource) !== undefined) await wire.informers.informer(resource).synced();
  }

  /** A request whose answer is read as it comes. */
  open(request: ApiRequest): Promise<OpenResponse> {
    return this.#line.wire.open(request);
  }

  /** Tries again now rather than after the pause; nothing where it is connected. */
  retry(): void {
    if (this.state.phase !== 'away') return;
    this.#pause = firstRetry;
    this.#become({ phase: 'connecting' });
    this.#connect();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    hangUp(this.#line);
  }

  /** Whether a CustomResourceDefinition that we follow defines it. */
  #isDefined({ plural, group }: Resource<any>): boolean {
    const definition: V1CustomResourceDefinition | undefined = this.#line.followed.get(keyOf(customResourceDefinitions))?.get('', `${plural}.${group}`);
    return definition !== undefined && isEstablished(definition);
  }

  #newLine(): Line {
    const wire = this.#makeWire();
    // One failure may be a keep-alive connection that the server closed: ask before anything is greyed.
    const subscription = wire.reachable.on((reachable) => {
      if (!reachable && this.state.phase === 'connected') this.#connect();
    });
    return { wire, discovery: new Discovery(wire.client), followed: new Map(), loaded: new Set(), subscriptions: [subscription] };
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (!this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    const before = this.state.phase;
    this.#asking = true;
    try {
      const { body } = await this.client.request({ method: 'GET', path: '/version' });
      if (before !== 'connected') {
        hangUp(this.#line);
        this.#line = this.#newLine();
        await this.discovery.learn(explorerResources.map((row) => row.resource));
      }
      this.#pause = firstRetry;
      this.#become({ phase: 'connected', version: String(body.gitVersion ?? '') });
    } catch (error) {
      this.#become({ phase: 'away', message: error instanceof Error ? error.message : String(error) });
      this.#tryAgainLater();
    } finally {
      this.#asking = false;
    }
  }

  #tryAgainLater(): void {
    if (this.#disposed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#pause);
    this.#retry.unref();
    this.#pause = Math.min(this.#pause * 2, longestRetry);
  }

  #become(state: ConnectionState): void {
    if (this.#disposed) return;
    this.state = state;
    this.changed.fire();
  }
}

/** A wire and what hangs on it. */
interface Line {
  readonly wire: Wire;
  readonly discovery: Discovery;
  readonly followed: Map<string, Lister<any>>;
  readonly loaded: Set<string>;
  readonly subscriptions: Disposable[];
}

function hangUp({ wire, subscriptions }: Line): void {
  for (const subscription of subscriptions) subscription.dispose();
  wire.dispose();
}

function keyOf({ group, plural }: Resource<any>): string {
  return `${group}/${plural}`;
}

function indexesOf(resource: Resource<any>): ExplorerResource['indexes'] & {} {
  return explorerResources.find((row) => row.resource.plural === resource.plural && row.resource.group === resource.group)?.indexes ?? {};
}
