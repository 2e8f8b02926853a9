/**
 * Keeps APIServices: one for each group and version that this server serves, and for those of other servers whether they can
 * be reached and what they serve.
 *
 * Invariant: nothing polls while all is well: what is checked is checked again when the APIService, its service or its
 * endpoints change, and, while it fails, after a time that grows.
 */
import type { V1APIService, V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Disposable, Platform } from '../../platform/platform.ts';
import { StoreError, type Store } from '../../storage/store.ts';
import type { HttpsCaller } from '../admission/webhooks/webhook-caller.ts';
import { hasReason } from '../failure.ts';
import { prefixOf } from '../registry/keys.ts';
import { metadataOf, timestamp } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import type { FrontProxy } from '../server.ts';
import { localChanges } from './local-services.ts';
import { discoveryFailed, isPlace, passed, placeOf, withAvailability, type Availability } from './remote-service.ts';

export interface AggregatorOptions {
  readonly registries: Registries;
  readonly store: Store;
  readonly platform: Platform;
  readonly caller: HttpsCaller;
  readonly frontProxy: FrontProxy | undefined;
}

/** What another server serves. */
export interface RemoteService {
  readonly service: V1APIService;
  readonly isAvailable: boolean;
  /** Its list of resources, when it was last asked; undefined where it never answered. */
  readonly resources: KubeObject | undefined;
}

const writer: WriteContext = { user: { name: 'system:apiserver', groups: ['system:masters'] }, dryRun: false, fieldManager: 'kube-apiserver', warn: () => undefined };
const discoveryTimeout = 5;
const shortestPause = 1000;
const longestPause = 60_000;

export class Aggregator {
  readonly #options: AggregatorOptions;
  readonly #registry: Registry;
  readonly #watches: readonly Disposable[];
  readonly #remotes = new Map<string, RemoteService>();
  readonly #closing = new AbortController();
  #work: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #retry: Disposable | undefined;

  private constructor(options: AggregatorOptions, revision: number) {
    const { registries, store } = options;
    this.#options = options;
    this.#registry = registries.need('apiregistration.k8s.io', 'v1', 'apiservices');
    const watch = ({ definition }: Registry, changes: () => void): Disposable => store.watch(prefixOf(definition, ''), revision, { changes, ended: () => undefined });
    // Services and endpoints matter only to those who are reached through them.
    const ifRemote = (): void => (this.#remotes.size > 0 ? this.wake() : undefined);
    this.#watches = [
      registries.follow(() => this.wake()),
      watch(this.#registry, () => this.wake()),
      watch(registries.need('', 'v1', 'services'), ifRemote),
      watch(registries.need('discovery.k8s.io', 'v1', 'endpointslices'), ifRemote),
    ];
  }

  /** Begins to work, and does not wait for it. */
  static async create(options: AggregatorOptions): Promise<Aggregator> {
    const aggregator = new Aggregator(options, await options.store.revision());
    aggregator.wake();
    return aggregator;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#retry?.dispose();
    for (const watch of this.#watches) watch.dispose();
    await this.#work;
  }

  /** Who serves a group and version in this server's stead. */
  remote(group: string, version: string): RemoteService | undefined {
    return this.#remotes.get(`${version}.${group}`);
  }

  /** All of them, by priority. */
  remotes(): readonly RemoteService[] {
    const rank = ({ service: { spec } }: RemoteService): number => (spec?.groupPriorityMinimum ?? 0) * 1000 + (spec?.versionPriority ?? 0);
    return Array.from(this.#remotes.values()).toSorted((a, b) => rank(b) - rank(a));
  }

  wake(): void {
    this.#again = true;
    this.#work ??= this.#run().finally(() => (this.#work = undefined));
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        await this.#pass();
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'Closed')) this.#options.platform.log.error('API services could not be brought up to date', { error });
      }
    }
  }

  async #pass(): Promise<void> {
    const services = (await this.#registry.all('')).map(({ object }) => object as V1APIService);
    await this.#settleLocal(services);
    const remote = services.filter(({ spec }) => spec?.service !== undefined);
    const names = new Set(remote.map(({ metadata }) => metadata?.name ?? ''));
    for (const name of this.#remotes.keys()) if (!names.has(name)) this.#remotes.delete(name);
    const outcomes = await Promise.all(remote.map((service) => this.#check(service)));
    this.#retryAfter(outcomes.every(Boolean));
  }

  async #settleLocal(live: readonly V1APIService[]): Promise<void> {
    const { missing, stale } = localChanges(this.#options.registries.definitions, live);
    await Promise.all([
      ...missing.map((service) => ignoring('AlreadyExists', this.#registry.create('', service as KubeObject, writer))),
      ...stale.map((name) => ignoring('NotFound', this.#registry.delete('', name, {}, writer))),
    ]);
  }

  /** Whether it can be reached. */
  async #check(service: V1APIService): Promise<boolean> {
    const name = service.metadata?.name ?? '';
    const before = this.#remotes.get(name)?.resources;
    if (!this.#remotes.has(name)) this.#remotes.set(name, { service, isAvailable: false, resources: undefined });
    const { availability, resources } = await this.#ask(service);
    const isAvailable = availability.status === 'True';
    if (this.#remotes.has(name)) this.#remotes.set(name, { service, isAvailable, resources: resources ?? before });
    await this.#tell(service, availability);
    return isAvailable;
  }

  async #ask(service: V1APIService): Promise<{ availability: Availability; resources?: KubeObject }> {
    const { registries, platform, caller, frontProxy } = this.#options;
    const { name = '', namespace = '', port = 443 } = service.spec?.service ?? {};
    const found = (await registries.need('', 'v1', 'services').find(namespace, name))?.object as V1Service | undefined;
    const slices = (await registries.need('discovery.k8s.io', 'v1', 'endpointslices').all(namespace)).map(({ object }) => object as unknown as V1EndpointSlice);
    const place = placeOf(service, found, slices, (count) => Math.floor(platform.random.float() * count));
    if (!isPlace(place)) return { availability: place };
    const path = `/apis/${service.spec?.group ?? ''}/${service.spec?.version ?? ''}`;
    const url = `https://${name}.${namespace}.svc:${port}${path}`;
    try {
      const { caBundle, insecureSkipTLSVerify } = service.spec ?? {};
      const trust = { ...(caBundle && { authorities: Buffer.from(caBundle, 'base64').toString() }), ...(insecureSkipTLSVerify === true && { insecure: true as const }) };
      const answer = await caller.get({ url, place, ...trust }, discoveryTimeout, { headers: { 'x-remote-user': 'system:kube-aggregator', 'x-remote-group': 'system:masters' }, ...(frontProxy && { identity: frontProxy }) });
      return { availability: passed, resources: answer as KubeObject };
    } catch (error) {
      return { availability: discoveryFailed(`https://${place.host}:${place.port}${path}`, error instanceof Error ? error.message : String(error)) };
    }
  }

  async #tell(service: V1APIService, availability: Availability): Promise<void> {
    const status = withAvailability(service, availability, timestamp(this.#options.platform.clock.now()));
    if (status === service.status) return;
    const next = (current: KubeObject): KubeObject => {
      metadataOf(current).resourceVersion = service.metadata?.resourceVersion ?? '';
      return { ...current, status };
    };
    // Changed or gone meanwhile: its change brings us back.
    await ignoring('NotFound', ignoring('Conflict', this.#registry.update('', service.metadata?.name ?? '', { subresource: 'status', next }, writer)));
  }

  #retryAfter(allWell: boolean): void {
    this.#retry?.dispose();
    this.#retry = undefined;
    this.#failures = allWell ? 0 : this.#failures + 1;
    if (allWell || this.#closing.signal.aborted) return;
    const pause = Math.min(shortestPause * 2 ** (this.#failures - 1), longestPause);
    this.#retry = this.#options.platform.clock.after(pause, () => this.wake());
  }
}

async function ignoring(reason: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!hasReason(error, reason)) throw error;
  }
}
