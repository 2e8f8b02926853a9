/** Switching a node off, and taking it away: its containers end, in the time that a machine going down would give them. */
import type { ContainerRuntime } from '../kubelet/runtime/runtime.ts';

/** Seconds between TERM and KILL. */
const grace = 2;

/** Stops every container of the node, then the sandboxes; what they wrote, and their logs, stay. */
export async function stopPods(runtime: ContainerRuntime, node: string): Promise<void> {
  const containers = await runtime.listContainers({ node });
  await Promise.all(containers.filter(({ state }) => state === 'running').map(({ id }) => runtime.stopContainer(id, grace)));
  const sandboxes = await runtime.listSandboxes({ node });
  await Promise.all(sandboxes.map(({ id }) => runtime.stopSandbox(id)));
}

/** Removes the node's stopped containers, their logs and volumes. */
export async function removePods(runtime: ContainerRuntime, node: string): Promise<void> {
  const containers = await runtime.listContainers({ node });
  await Promise.all(containers.map(({ id }) => runtime.removeContainer(id)));
  const sandboxes = await runtime.listSandboxes({ node });
  await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
}
