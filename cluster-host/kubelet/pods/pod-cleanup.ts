/** Removes what is left of a pod that has ended for good. */
import type { V1Pod } from '../../api/generated/types.ts';
import { type Client, hasReason } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import { nameOf, namespaceOf, uidOf } from './pod-facts.ts';
import type { PodSurroundings } from './surroundings.ts';

/** Runtime, address, tokens and files; every step may be repeated. */
export async function cleanUp({ runtime, files, addresses, tokens }: PodSurroundings, pod: V1Pod, containers: readonly Container[], sandboxes: readonly Sandbox[]): Promise<void> {
  await Promise.all(containers.map(({ id }) => runtime.removeContainer(id)));
  await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
  addresses.release(uidOf(pod));
  tokens.forget(pod);
  await files.removePod(uidOf(pod));
}

/** The last act of a graceful deletion. */
export async function deleteFromApi(client: Client, pod: V1Pod): Promise<void> {
  try {
    await client.resource(pods, namespaceOf(pod)).delete(nameOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
  } catch (error) {
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
  }
}
