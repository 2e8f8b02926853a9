/**
 * Serves what CustomResourceDefinitions define: settles their names, adds their versions to the registries, and empties
 * them before they go.
 *
 * Invariants: a definition whose condition says Established is served already; its changes are worked on one after the other.
 */
import { cleanupFinalizer, hasCondition, settledStatus, terminatingStatus } from '../../api/custom/conditions.ts';
import type { V1CustomResourceDefinition } from '../../api/generated/types.ts';
import type { Disposable, Platform } from '../../platform/platform.ts';
import { StoreError, type Store } from '../../storage/store.ts';
import { hasReason } from '../failure.ts';
import type { WebhookCaller } from '../admission/webhooks/webhook-caller.ts';
import type { WatchSessions } from '../handlers/watch-session.ts';
import { prefixOf } from '../registry/keys.ts';
import { metadataOf, timestamp } from '../registry/metadata.ts';
import type { Registries } from '../registry/registries.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import { ServedDefinitions } from './served-definitions.ts';

export interface CustomResourcesOptions {
  readonly registries: Registries;
  readonly store: Store;
  readonly platform: Platform;
  readonly sessions: WatchSessions;
  /** Calls webhooks that convert. */
  readonly caller: WebhookCaller;
}

type Status = V1CustomResourceDefinition['status'];

const writer: WriteContext = { user: { name: 'system:apiserver', groups: ['system:masters'] }, dryRun: false, fieldManager: 'kube-apiserver', warn: () => undefined };

export class CustomResources {
  readonly #registry: Registry;
  readonly #store: Store;
  readonly #platform: Platform;
  readonly #served: ServedDefinitions;
  readonly #watches: readonly Disposable[];
  /** The work under way; a pass that is asked for meanwhile follows it. */
  #work: Promise<void> | undefined;
  #again = false;
  #closed = false;

  private constructor({ registries, store, platform, sessions, caller }: CustomResourcesOptions, revision: number) {
    this.#registry = registries.need('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
    this.#store = store;
    this.#platform = platform;
    this.#served = new ServedDefinitions(registries, sessions, { registries: () => registries, platform, caller });
    const prefix = prefixOf(this.#registry.definition, '');
    this.#watches = [store.watch(prefix, revision, { changes: () => this.#wake(), ended: () => undefined })];
  }

  /** Resolves when everything that the store defines is served. */
  static async create(options: CustomResourcesOptions): Promise<CustomResources> {
    const resources = new CustomResources(options, await options.store.revision());
    resources.#wake();
    await resources.#work;
    return resources;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watch of this.#watches) watch.dispose();
    this.#served.dispose();
    await this.#work;
  }

  #wake(): void {
    this.#again = true;
    this.#work ??= this.#run().finally(() => (this.#work = undefined));
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      await this.#attempt('', () => this.#pass());
    }
  }

  async #pass(): Promise<void> {
    const definitions = (await this.#registry.all('')).map(({ object }) => object as V1CustomResourceDefinition).toSorted(byAge);
    this.#served.keepOnly(definitions);
    for (const [index, definition] of definitions.entries()) {
      await this.#attempt(definition.metadata?.name ?? '', async () => {
        if (definition.metadata?.deletionTimestamp !== undefined) await this.#empty(definition);
        else definitions[index] = await this.#settle(definition, definitions);
      });
    }
  }

  /** A definition that fails keeps no other from being served. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'Closed') return;
      this.#platform.log.error('custom resources could not be brought up to date', { name, error });
    }
  }

  async #settle(definition: V1CustomResourceDefinition, others: readonly V1CustomResourceDefinition[]): Promise<V1CustomResourceDefinition> {
    const status = settledStatus(definition, others, this.#now());
    const settled = { ...definition, status } as V1CustomResourceDefinition;
    // Whoever is told that it is established may use it at once.
    this.#served.serve(settled);
    if (status !== definition.status) await this.#write(definition, { status });
    return settled;
  }

  /** Deletes the objects; once none is left the definition may go. */
  async #empty(definition: V1CustomResourceDefinition): Promise<void> {
    if (!(definition.metadata?.finalizers ?? []).includes(cleanupFinalizer)) return;
    this.#served.serve(definition);
    if (!hasCondition(definition, 'Established')) return this.#release(definition, 'neverEstablished');
    const registry = this.#served.registryOf(definition);
    const objects = (await registry?.all('')) ?? [];
    if (registry === undefined || objects.length === 0) return this.#release(definition, 'completed');
    const status = terminatingStatus(definition, 'inProgress', this.#now());
    await this.#write(definition, { status });
    // Finalizers of an object may take their time; each deletion that completes comes back here.
    this.#served.follow(definition, this.#store, () => this.#wake());
    const waiting = objects.filter(({ object }) => object.metadata?.deletionTimestamp === undefined);
    await Promise.all(waiting.map(({ object }) => ignoringNotFound(registry.delete(object.metadata?.namespace ?? '', object.metadata?.name ?? '', {}, writer))));
    if ((await registry.all('')).length === 0) this.#again = true;
  }

  async #release(definition: V1CustomResourceDefinition, step: 'completed' | 'neverEstablished'): Promise<void> {
    const finalizers = (definition.metadata?.finalizers ?? []).filter((name) => name !== cleanupFinalizer);
    await this.#write(definition, { status: terminatingStatus(definition, step, this.#now()), finalizers });
  }

  async #write({ metadata }: V1CustomResourceDefinition, { status, finalizers }: { readonly status: Status; readonly finalizers?: string[] }): Promise<void> {
    const plan = {
      subresource: 'status',
      next: (current: object): object => {
        const next = { ...current, status };
        if (finalizers !== undefined) metadataOf(next).finalizers = finalizers;
        metadataOf(next).resourceVersion = metadata?.resourceVersion ?? '';
        return next;
      },
    };
    try {
      await this.#registry.update('', metadata?.name ?? '', plan, writer);
    } catch (error) {
      // Changed or gone meanwhile: its change brings us back.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }

  #now(): string {
    return timestamp(this.#platform.clock.now());
  }
}

/** Names belong to who came first. */
function byAge(a: V1CustomResourceDefinition, b: V1CustomResourceDefinition): number {
  const established = Number(hasCondition(b, 'Established')) - Number(hasCondition(a, 'Established'));
  return established || String(a.metadata?.creationTimestamp).localeCompare(String(b.metadata?.creationTimestamp)) || String(a.metadata?.name).localeCompare(String(b.metadata?.name));
}

async function ignoringNotFound(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
