/** The objects that pods are made of besides themselves: configMaps, secrets, claims, services; and word of their changes. */
import type { V1Pod, V1Service } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { type Client, hasReason } from '../../client/client.ts';
import type { Informers } from '../../client/informer.ts';
import { configMaps, persistentVolumeClaims, persistentVolumes, secrets, services } from '../../client/resources.ts';
import type { Disposable } from '../../platform/platform.ts';
import { namespaceOf } from '../pods/pod-facts.ts';
import { referencedSources, type VolumeSources } from '../volumes/volumes.ts';

export class ObjectSources implements Disposable {
  readonly #client: Client;
  readonly #informers: Informers;
  readonly #changed: (pod: V1Pod) => void;
  readonly #pods: () => readonly V1Pod[];
  #watches: Disposable[] = [];

  constructor(client: Client, informers: Informers, changed: (pod: V1Pod) => void, pods: () => readonly V1Pod[]) {
    this.#client = client;
    this.#informers = informers;
    this.#changed = changed;
    this.#pods = pods;
  }

  /** Starts watching; resolves when everything is there once. */
  async synced(): Promise<void> {
    const follow = <T extends KubeObject>(resource: Resource<T>, concerns: (pod: V1Pod, name: string) => boolean): Promise<void> => {
      const informer = this.#informers.informer(resource);
      const tell = ({ metadata }: T): void => {
        for (const pod of this.#pods()) if (namespaceOf(pod) === metadata?.namespace && concerns(pod, metadata.name ?? '')) this.#changed(pod);
      };
      this.#watches.push(informer.onChange({ added: tell, updated: tell, deleted: tell }));
      return informer.synced();
    };
    await Promise.all([
      follow(configMaps, (pod, name) => referencedSources(pod).configMaps.has(name)),
      follow(secrets, (pod, name) => referencedSources(pod).secrets.has(name)),
      follow(persistentVolumeClaims, (pod, name) => referencedSources(pod).claims.has(name)),
      this.#informers.informer(persistentVolumes).synced(),
      this.#informers.informer(services).synced(),
    ]);
  }

  /** Everything the pod refers to. What an informer has not seen yet is asked of the API server, so that a pod made right after its configMap finds it. */
  async of(pod: V1Pod): Promise<VolumeSources> {
    const names = referencedSources(pod);
    const namespace = namespaceOf(pod);
    const [configMap, secret, claim] = await Promise.all([
      this.#all(configMaps, namespace, names.configMaps),
      this.#all(secrets, namespace, names.secrets),
      this.#all(persistentVolumeClaims, namespace, names.claims),
    ]);
    const volumes = new Set([...claim.values()].flatMap(({ spec }) => spec?.volumeName ?? []));
    const volume = await this.#all(persistentVolumes, '', volumes);
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

  dispose(): void {
    for (const watch of this.#watches) watch.dispose();
    this.#watches = [];
  }

  async #all<T extends KubeObject>(resource: Resource<T>, namespace: string, names: ReadonlySet<string>): Promise<ReadonlyMap<string, T>> {
    const { lister } = this.#informers.informer(resource);
    const found = await Promise.all([...names].map(async (name) => [name, lister.get(namespace, name) ?? (await this.#ask(resource, namespace, name))] as const));
    return new Map(found.flatMap(([name, object]) => (object === undefined ? [] : [[name, object] as const])));
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
