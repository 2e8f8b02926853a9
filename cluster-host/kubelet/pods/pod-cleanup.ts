/** Removes what is left of a pod that has ended for good. */
import type { V1Pod } from '../../api/generated/types.ts';
import { type Client, hasReason } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import type { Container, ContainerRuntime, Sandbox } from '../runtime/runtime.ts';
import type { PodFiles } from '../volumes/pod-files.ts';
import { nameOf, namespaceOf, uidOf } from './pod-facts.ts';
import type { PodSurroundings } from './surroundings.ts';

/** Runtime, address, tokens and files; every step may be repeated. */
export async function cleanUp({ runtime, files, addresses, tokens }: Pick<PodSurroundings, 'runtime' | 'files' | 'addresses' | 'tokens'>, pod: V1Pod, containers: readonly Container[], sandboxes: readonly Sandbox[]): Promise<void> {
  await Promise.all(containers.map(({ id }) => runtime.removeContainer(id)));
  await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
  addresses.release(uidOf(pod));
  tokens.forget(pod);
  await removeFiles(runtime, files, uidOf(pod));
}

export async function removeFiles(runtime: ContainerRuntime, files: PodFiles, uid: string): Promise<void> {
  try {
    await files.removePod(uid);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    await runtime.clearFolder(files.podFolder(uid));
    await files.removePod(uid);
  }
}

/** The last act of a graceful deletion. */
export async function deleteFromApi(client: Client, pod: V1Pod): Promise<void> {
  try {
    await client.resource(pods, namespaceOf(pod)).delete(nameOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
  } catch (error) {
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
  }
}
