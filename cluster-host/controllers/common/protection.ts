/** Finalizers that keep an object while it is in use (kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection). */
import type { KubeObject, Resource } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';

/** Brings the finalizer to where it should be: on what lives, and on what is going for as long as it is used. */
export async function protect<T extends KubeObject>(client: Client, resource: Resource<T>, object: T, finalizer: string, isUsed: () => boolean): Promise<void> {
  const finalizers = object.metadata?.finalizers ?? [];
  const wanted = object.metadata?.deletionTimestamp === undefined || (finalizers.includes(finalizer) && isUsed());
  if (wanted === finalizers.includes(finalizer)) return;
  const metadata = { ...object.metadata, finalizers: wanted ? [...finalizers, finalizer] : finalizers.filter((one) => one !== finalizer) };
  await client.resource(resource, object.metadata?.namespace).update({ ...object, metadata });
}
