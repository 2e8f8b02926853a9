/** What a cluster serves, asked for once a group and version. */
import { hasReason, type Client } from '../../cluster-host/client/client.ts';
import { apiVersionOf, parseApiVersion, type Resource } from '../../cluster-host/api/object.ts';

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export class Discovery {
  readonly #client: Client;
  readonly #groups = new Map<string, Promise<readonly ApiResource[]>>();
  readonly #known = new Map<string, readonly ApiResource[]>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The resource that holds objects of this kind; undefined where the cluster has none. Asks again for a kind it did not find: it may have come since. */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = this.#pick(await this.#resources(apiVersion), apiVersion, kind);
    if (known !== undefined) return known;
    this.#groups.delete(apiVersion);
    return this.#pick(await this.#resources(apiVersion), apiVersion, kind);
  }

  /** Learns what these resources' groups offer, so that `watches` can answer at once. */
  async learn(resources: readonly Resource<any>[]): Promise<void> {
    await Promise.all([...new Set(resources.map(apiVersionOf))].map((apiVersion) => this.#resources(apiVersion)));
  }

  /** Whether a resource can be watched, as far as it was learnt. */
  watches(resource: Resource<any>): boolean {
    return this.#known.get(apiVersionOf(resource))?.some(({ name, verbs }) => name === resource.plural && verbs.includes('watch')) ?? false;
  }

  #resources(apiVersion: string): Promise<readonly ApiResource[]> {
    const asked = this.#groups.get(apiVersion) ?? this.#ask(apiVersion);
    this.#groups.set(apiVersion, asked);
    asked.catch(() => this.#groups.delete(apiVersion));
    return asked;
  }

  async #ask(apiVersion: string): Promise<readonly ApiResource[]> {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resources = await this.#client.request({ method: 'GET', path }).then(
      ({ body }) => body.resources as readonly ApiResource[],
      (error: unknown) => {
        if (hasReason(error, 'NotFound')) return [];
        throw error;
      },
    );
    this.#known.set(apiVersion, resources);
    return resources;
  }

  #pick(resources: readonly ApiResource[], apiVersion: string, kind: string): Resource | undefined {
    const found = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    const parsed = parseApiVersion(apiVersion);
    return found && parsed && { ...parsed, kind, plural: found.name, namespaced: found.namespaced };
  }
}
