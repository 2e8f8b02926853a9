/**
 * Which objects a controller takes for its own: those it controls and selects; it adopts orphans that it selects and releases
 * what it no longer selects.
 */
import type { KubeObject, Resource } from '../../api/object.ts';
import { matchesLabels, type Selector } from '../../api/selectors/label-selector.ts';
import { ApiError, hasReason, type Client } from '../../client/client.ts';
import type { KeysOf } from '../../client/controller.ts';
import { controllerKeys, controllerOf, controllerReference } from './owners.ts';

export interface Claims<T> {
  readonly owned: readonly T[];
  readonly adopt: readonly T[];
  readonly release: readonly T[];
}

/** `candidates`: what the owner controls and the orphans of its namespace. A dying owner neither adopts nor releases. */
export function planClaims<T extends KubeObject>(owner: KubeObject, selector: Selector, candidates: readonly T[], adoptable: (object: T) => boolean = () => true): Claims<T> {
  const dying = owner.metadata?.deletionTimestamp !== undefined;
  const owned: T[] = [];
  const adopt: T[] = [];
  const release: T[] = [];
  for (const object of candidates) {
    const reference = controllerOf(object);
    const selected = matchesLabels(selector, object.metadata?.labels);
    if (reference !== undefined) {
      if (reference.uid !== owner.metadata?.uid) continue;
      if (selected) owned.push(object);
      else if (!dying) release.push(object);
    } else if (selected && !dying && object.metadata?.deletionTimestamp === undefined && adoptable(object)) {
      adopt.push(object);
    }
  }
  return { owned, adopt, release };
}

/** Keys of a changed object's controller; an orphan concerns every owner that selects it: one of them adopts it. */
export function claimKeys<T extends KubeObject>(resource: Resource<T>, selectorOf: (owner: T) => Selector): KeysOf<KubeObject> {
  const ofController = controllerKeys(resource);
  return (object, old, informers) => {
    const keys = ofController(object, old, informers);
    if (controllerOf(object) !== undefined) return keys;
    const candidates = informers.informer(resource).lister.list(object.metadata?.namespace);
    const adopters = candidates.filter((owner) => matchesLabels(selectorOf(owner), object.metadata?.labels));
    return [...keys, ...adopters.map((owner) => `${owner.metadata?.namespace}/${owner.metadata?.name}`)];
  };
}

/** Carries claims out; yields what is owned now. What vanished meanwhile is left out. What is owned has the finalizers. */
export async function applyClaims<T extends KubeObject>(client: Client, ownerResource: Resource, owner: KubeObject, resource: Resource<T>, claims: Claims<T>, finalizers: readonly string[] = []): Promise<readonly T[]> {
  const objects = client.resource(resource, owner.metadata?.namespace);
  if (claims.adopt.length > 0) await assertStillThere(client, ownerResource, owner);
  const adopted: T[] = [];
  for (const object of claims.adopt) {
    const ownerReferences = [controllerReference(ownerResource, owner)];
    const patched = await ifPresent(objects.patch(object.metadata?.name ?? '', { metadata: { uid: object.metadata?.uid, ownerReferences, ...(finalizers.length === 0 ? {} : { finalizers }) } }, { type: 'strategic' }));
    if (patched !== undefined) adopted.push(patched);
  }
  for (const object of claims.release) {
    const ownerReferences = [{ $patch: 'delete', uid: owner.metadata?.uid }];
    const finalizersGo = finalizers.length === 0 ? {} : { '$deleteFromPrimitiveList/finalizers': finalizers };
    await ifPresent(objects.patch(object.metadata?.name ?? '', { metadata: { uid: object.metadata?.uid, ownerReferences, ...finalizersGo } }, { type: 'strategic' }));
  }
  return [...claims.owned, ...adopted];
}

/** Asked of the server itself: a copy may not know yet that the owner is going or was made anew. */
async function assertStillThere(client: Client, resource: Resource, owner: KubeObject): Promise<void> {
  const { namespace, name = '', uid } = owner.metadata ?? {};
  const fresh = await client.resource(resource, namespace).get(name);
  if (fresh.metadata?.uid !== uid) throw new Error(`original ${resource.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata?.uid}, wanted ${uid}`);
  if (fresh.metadata?.deletionTimestamp !== undefined) throw new Error(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
}

async function ifPresent<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (hasReason(error, 'NotFound') || (error instanceof ApiError && error.reason === 'Invalid')) return undefined;
    throw error;
  }
}
