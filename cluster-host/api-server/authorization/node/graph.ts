/**
 * Which nodes have to do with an object: because a pod of theirs refers to it, or a volume of such a pod
 * (kubernetes.io/docs/reference/access-authn-authz/node).
 *
 * Invariant: a mirror pod relates its node to nothing but itself: a node cannot give itself rights.
 */
import type { V1PersistentVolume, V1Pod, V1ResourceSlice, V1VolumeAttachment } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import { podReferences, volumeSecrets } from '../../../api/pod-references.ts';

/** What a pod, volume, attachment or slice relates; keys are `plural/[namespace/]name`. */
interface Facts {
  readonly node: string;
  readonly objects: readonly string[];
}

/** Resources that relations are read from, as `group/plural`. */
export const sources = ['/pods', '/persistentvolumes', 'storage.k8s.io/volumeattachments', 'resource.k8s.io/resourceslices'] as const;
export type Source = (typeof sources)[number];

const mirrorAnnotation = 'kubernetes.io/config.mirror';

export class NodeGraph {
  /** By source and key of the object that says so. */
  readonly #facts = new Map<string, Facts>();
  /** How many say so: by object, then node. */
  readonly #nodes = new Map<string, Map<string, number>>();
  /** Claims of volumes, volumes of secrets: what else makes a node know the object. */
  readonly #volumes = new Map<string, { readonly claim: string; readonly secrets: readonly string[] }>();
  readonly #volumesOfSecret = new Map<string, Set<string>>();

  put(source: Source, object: KubeObject): void {
    this.remove(source, object);
    if (source === '/persistentvolumes') this.#putVolume(object);
    else this.#relate(keyOf(source, object), factsOf(source, object));
  }

  remove(source: Source, object: KubeObject): void {
    if (source === '/persistentvolumes') this.#removeVolume(object.metadata?.name ?? '');
    else this.#unrelate(keyOf(source, object));
  }

  /** Whether the node has to do with it. `plural` is that of a secret, configMap, claim, volume, pod, service account, … */
  isRelated(node: string, plural: string, namespace: string, name: string): boolean {
    if (plural === 'persistentvolumes') return this.#hasVolume(node, name);
    if (this.#has(node, objectKey(plural, namespace, name))) return true;
    return plural === 'secrets' && [...(this.#volumesOfSecret.get(`${namespace}/${name}`) ?? [])].some((volume) => this.#hasVolume(node, volume));
  }

  #has(node: string, key: string): boolean {
    return this.#nodes.get(key)?.has(node) ?? false;
  }

  #hasVolume(node: string, name: string): boolean {
    const volume = this.#volumes.get(name);
    return volume !== undefined && this.#has(node, `persistentvolumeclaims/${volume.claim}`);
  }

  #relate(key: string, facts: Facts): void {
    if (facts.node === '') return;
    this.#facts.set(key, facts);
    for (const object of facts.objects) {
      const nodes = this.#nodes.get(object) ?? new Map<string, number>();
      nodes.set(facts.node, (nodes.get(facts.node) ?? 0) + 1);
      this.#nodes.set(object, nodes);
    }
  }

  #unrelate(key: string): void {
    const facts = this.#facts.get(key);
    if (facts === undefined) return;
    this.#facts.delete(key);
    for (const object of facts.objects) {
      const nodes = this.#nodes.get(object);
      const left = (nodes?.get(facts.node) ?? 1) - 1;
      if (left > 0) nodes?.set(facts.node, left);
      else nodes?.delete(facts.node);
      if (nodes?.size === 0) this.#nodes.delete(object);
    }
  }

  #putVolume(volume: V1PersistentVolume): void {
    const { claimRef } = volume.spec ?? {};
    if (claimRef === undefined) return;
    const name = volume.metadata?.name ?? '';
    const secrets = volumeSecrets(volume);
    this.#volumes.set(name, { claim: `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`, secrets });
    for (const secret of secrets) this.#volumesOfSecret.set(secret, (this.#volumesOfSecret.get(secret) ?? new Set()).add(name));
  }

  #removeVolume(name: string): void {
    for (const secret of this.#volumes.get(name)?.secrets ?? []) {
      const volumes = this.#volumesOfSecret.get(secret);
      volumes?.delete(name);
      if (volumes?.size === 0) this.#volumesOfSecret.delete(secret);
    }
    this.#volumes.delete(name);
  }
}

function objectKey(plural: string, namespace: string, name: string): string {
  return namespace === '' ? `${plural}/${name}` : `${plural}/${namespace}/${name}`;
}

function keyOf(source: Source, { metadata }: KubeObject): string {
  return `${source}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function factsOf(source: Source, object: KubeObject): Facts {
  const name = object.metadata?.name ?? '';
  if (source === 'storage.k8s.io/volumeattachments') return { node: (object as V1VolumeAttachment).spec?.nodeName ?? '', objects: [`volumeattachments/${name}`] };
  if (source === 'resource.k8s.io/resourceslices') return { node: (object as V1ResourceSlice).spec?.nodeName ?? '', objects: [`resourceslices/${name}`] };
  return { node: (object as V1Pod).spec?.nodeName ?? '', objects: objectsOf(object) };
}

function objectsOf(pod: V1Pod): readonly string[] {
  const { namespace = '', name = '', annotations } = pod.metadata ?? {};
  const itself = objectKey('pods', namespace, name);
  if (annotations?.[mirrorAnnotation] !== undefined) return [itself];
  const { secrets, configMaps, claims } = podReferences(pod);
  const keys = (plural: string, names: Iterable<string | undefined>): string[] => [...new Set(names)].flatMap((one) => (one === undefined || one === '' ? [] : [objectKey(plural, namespace, one)]));
  const claimsOfResources = [...(pod.spec?.resourceClaims ?? []), ...(pod.status?.resourceClaimStatuses ?? [])].map(({ resourceClaimName }) => resourceClaimName);
  return [
    itself,
    ...keys('serviceaccounts', [pod.spec?.serviceAccountName]),
    ...keys('secrets', secrets),
    ...keys('configmaps', configMaps),
    ...keys('persistentvolumeclaims', claims),
    ...keys('resourceclaims', claimsOfResources),
  ];
}
