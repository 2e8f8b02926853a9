/**
 * Whether the copy of an owner is the server's newest state of it.
 *
 * The copies of a controller run apart: its pods may be known up to now while a change of the owner is still on its way. What such
 * a pair seems to ask for (one pod too many, say) must not be done. So before pods are made or deleted the server is asked; if the
 * copy is behind, nothing is done: the change that is on its way brings the key back.
 */
import type { KubeObject, Resource } from '../../api/object.ts';
import { hasReason, type Client } from '../../client/client.ts';

export async function isCurrent(client: Client, resource: Resource, { metadata }: KubeObject): Promise<boolean> {
  try {
    const fresh = await client.resource<KubeObject>(resource, metadata?.namespace).get(metadata?.name ?? '');
    return fresh.metadata?.resourceVersion === metadata?.resourceVersion;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}
