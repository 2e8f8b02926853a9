/**
 * The objects that pods are made of besides themselves, and word of their changes. As a node's rights demand (kubernetes.io/docs/reference/access-authn-authz/node):
 * configMaps and secrets are watched one by one, as long as a pod of the node refers to them; claims and volumes are only read.
 */
import type { V1ConfigMap, V1Pod, V1Secret, V1Service } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { podReferences } from '../../api/pod-references.ts';
import { type Client, hasReason } from '../../client/client.ts';
import type { Informers, InformerScope } from '../../client/informer.ts';
import { configMaps, persistentVolumeClaims, persistentVolumes, secrets, services } from '../../client/resources.ts';
import type { Disposable } from '../../platform/platform.ts';
import { namespaceOf } from '../pods/pod-facts.ts';
import type { VolumeSources } from '../volumes/volumes.ts';

interface Watched extends Disposable {
  readonly resource: Resource;
  readonly scope: InformerScope;
}

export class ObjectSources implements Disposable {
  readonly #client: Client;
  readonly #informers: Informers;
  readonly #changed: (pod: V1Pod) => void;
  readonly #pods: () => readonly V1Pod[];
  readonly #watched = new Map<string, Watched>();

  /** `changed` hears of pods whose configMaps or secrets are others now; `pods` are those that the node looks after. */
  constructor(client: Client, informers: Informers, changed: (pod: V1Pod) => void, pods: () => readonly V1Pod[]) {
    this.#client = client;
    this.#informers = informers;
    this.#changed = changed;
    this.#pods = pods;
  }

  /** Resolves when the services are known. */
  async synced(): Promise<void> {
    await this.#informers.informer(services).synced();
  }

  /** Everything the pod refers to. What a watch has not seen yet is asked of the API server, so that a pod made right after its configMap finds it. */
  async of(pod: V1Pod): Promise<VolumeSources> {
    const names = podReferences(pod);
    const namespace = namespaceOf(pod);
    const [configMap, secret, claim] = await Promise.all([
      this.#all(names.configMaps, (name) => this.#follow<V1ConfigMap>(configMaps, namespace, name)),
      this.#all(names.secrets, (name) => this.#follow<V1Secret>(secrets, namespace, name)),
      this.#all(names.claims, (name) => this.#ask(persistentVolumeClaims, namespace, name)),
    ]);
    const volumes = new Set([...claim.values()].flatMap(({ spec }) => spec?.volumeName ?? []));
    const volume = await this.#all(volumes, (name) => this.#ask(persistentVolumes, '', name));
    return {
      configMap: (name) => configMap.get(name),
      secret: (name) => secret.get(name),
      claim: (name) => claim.get(name),
      persistentVolume: (name) => volume.get(name),
    };
  }

  services(pod: V1Pod): readonly V1Service[] {
    const { lister } = this.#informers.informer(services);
    const master = lister.get('default', 'kubernetes');
    const own = lister.list(namespaceOf(pod)).filter((service) => service !== master);
    return master === undefined ? own : [master, ...own];
  }

  /** A pod is gone: what no other one refers to is watched no more. */
  release(): void {
    const needed = new Set<string>();
    for (const pod of this.#pods()) {
      const names = podReferences(pod);
      for (const name of names.configMaps) needed.add(keyOf(configMaps, namespaceOf(pod), name));
      for (const name of names.secrets) needed.add(keyOf(secrets, namespaceOf(pod), name));
    }
    for (const [key, watched] of this.#watched) {
      if (needed.has(key)) continue;
      watched.dispose();
      this.#informers.release(watched.resource, watched.scope);
      this.#watched.delete(key);
    }
  }

  dispose(): void {
    for (const watched of this.#watched.values()) watched.dispose();
    this.#watched.clear();
  }

  async #all<T>(names: ReadonlySet<string>, find: (name: string) => Promise<T | undefined>): Promise<ReadonlyMap<string, T>> {
    const found = await Promise.all([...names].map(async (name) => [name, await find(name)] as const));
    return new Map(found.flatMap(([name, object]) => (object === undefined ? [] : [[name, object] as const])));
  }

  async #follow<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): Promise<T | undefined> {
    const scope = { namespace, fieldSelector: `metadata.name=${name}` };
    const informer = this.#informers.informer(resource, scope);
    const key = keyOf(resource, namespace, name);
    if (!this.#watched.has(key)) {
      const tell = (): void => this.#tell(resource, namespace, name);
      const subscription = informer.onChange({ added: tell, updated: tell, deleted: tell });
      this.#watched.set(key, { resource, scope, dispose: () => subscription.dispose() });
    }
    return informer.lister.get(namespace, name) ?? (await this.#ask(resource, namespace, name));
  }

  #tell(resource: Resource, namespace: string, name: string): void {
    for (const pod of this.#pods()) {
      const names = podReferences(pod)[resource.plural === 'secrets' ? 'secrets' : 'configMaps'];
      if (namespaceOf(pod) === namespace && names.has(name)) this.#changed(pod);
    }
  }

  async #ask<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): Promise<T | undefined> {
    try {
      return await this.#client.resource(resource, namespace === '' ? undefined : namespace).get(name);
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}

function keyOf({ plural }: Resource, namespace: string, name: string): string {
  return `${plural}/${namespace}/${name}`;
}
