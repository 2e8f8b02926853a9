/** Follows every resource that can be deleted, those of custom definitions included, as they come and go. */
import type { KubeObject, Resource } from '../../api/object.ts';
import type { ControllerContext } from '../../client/controller.ts';
import type { Disposable } from '../../platform/platform.ts';
import { discover } from './discovery.ts';

export interface EverythingHandler {
  put(resource: Resource, object: KubeObject): void;
  removed(resource: Resource, object: KubeObject): void;
}

/** Events are many, and own nothing. */
const ignored = new Set(['/events', 'events.k8s.io/events']);

/** New definitions and aggregated APIs change what there is to follow; their own objects tell when. */
const definitions = new Set(['apiextensions.k8s.io/customresourcedefinitions', 'apiregistration.k8s.io/apiservices']);

/** How long definitions are left to settle before the server is asked again what it serves, in milliseconds. */
const settling = 1000;

export class EverythingWatch implements Disposable {
  readonly #context: ControllerContext;
  readonly #handler: EverythingHandler;
  readonly #followed = new Map<string, { readonly resource: Resource; readonly subscription: Disposable }>();
  #kinds = new Map<string, Resource>();
  #refresh: Disposable | undefined;
  #disposed = false;

  constructor(context: ControllerContext, handler: EverythingHandler) {
    this.#context = context;
    this.#handler = handler;
  }

  /** Asks what there is and follows it; resolves when all of it is known. */
  async refresh(): Promise<void> {
    const { resources, failures } = await discover(this.#context.client);
    if (failures.length > 0) this.#context.log.warn('some resources could not be discovered', { failures });
    this.#kinds = new Map(resources.map((resource) => [`${resource.group}/${resource.kind}`, resource]));
    const wanted = resources.filter(({ verbs, group, plural }) => ['delete', 'list', 'watch'].every((verb) => verbs.includes(verb)) && !ignored.has(`${group}/${plural}`));
    const keys = new Set(wanted.map(keyOf));
    // What failed to answer is not gone.
    if (failures.length === 0) for (const [key, { resource, subscription }] of this.#followed) if (!keys.has(key)) this.#forget(key, resource, subscription);
    if (this.#disposed) return;
    for (const resource of wanted) this.#follow(resource);
    await Promise.all(wanted.map((resource) => this.#context.informers.informer(resource).synced()));
  }

  /** The resource of a kind, in whatever version it is followed. */
  resourceOf(apiVersion: string, kind: string): Resource | undefined {
    return this.#kinds.get(`${apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''}/${kind}`);
  }

  /** The resource of a name, in whatever version it is followed. */
  followed(group: string, plural: string): Resource | undefined {
    return this.#followed.get(`${group}/${plural}`)?.resource;
  }

  /** Asks again soon; several wishes are one. */
  refreshSoon(): void {
    this.#refresh ??= this.#context.clock.after(settling, () => {
      this.#refresh = undefined;
      this.refresh().catch((error: unknown) => {
        this.#context.log.warn('discovery failed', { error });
        if (!this.#disposed) this.refreshSoon();
      });
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#refresh?.dispose();
    for (const { subscription } of this.#followed.values()) subscription.dispose();
    this.#followed.clear();
  }

  #follow(resource: Resource): void {
    const key = keyOf(resource);
    if (this.#followed.has(key)) return;
    const changesKinds = definitions.has(key);
    const put = (object: KubeObject): void => {
      this.#handler.put(resource, object);
      if (changesKinds) this.refreshSoon();
    };
    const deleted = (object: KubeObject): void => {
      this.#handler.removed(resource, object);
      if (changesKinds) this.refreshSoon();
    };
    const subscription = this.#context.informers.informer(resource).onChange({ added: put, updated: put, deleted });
    this.#followed.set(key, { resource, subscription });
  }

  /** The resource is not served any more. */
  #forget(key: string, resource: Resource, subscription: Disposable): void {
    subscription.dispose();
    this.#followed.delete(key);
    this.#context.informers.release(resource);
  }
}

function keyOf({ group, plural }: Resource): string {
  return `${group}/${plural}`;
}
