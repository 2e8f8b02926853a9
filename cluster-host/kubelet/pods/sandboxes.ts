/** Makes a pod's sandbox, and the files in it that speak of the network. */
import type { V1Pod } from '../../api/generated/types.ts';
import { fullHostname, hostnameOf, hostsFile, resolverFile } from '../containers/network-files.ts';
import { RuntimeError, type Sandbox, type SandboxConfig } from '../runtime/runtime.ts';
import { memoryVolumes } from '../volumes/volumes.ts';
import { identityOf, uidOf } from './pod-facts.ts';
import type { PodSurroundings } from './surroundings.ts';

/** Undefined when it failed; the event says why. */
export async function makeSandbox(surroundings: PodSurroundings, pod: V1Pod, attempt: number): Promise<Sandbox | undefined> {
  const failed = (why: string): undefined => {
    surroundings.events.event(pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${why}`);
  };
  let handler: string;
  try {
    handler = await surroundings.runtimeHandler(pod);
  } catch (error) {
    return failed((error as Error).message);
  }
  // Docker maps users for all containers of an engine or for none.
  if (pod.spec?.hostUsers === false) return failed(`can't set \`spec.hostUsers: false\`, ${handler === '' ? 'runtime' : `RuntimeClass handler "${handler}"`} does not support user namespaces`);
  const ip = pod.spec?.hostNetwork === true ? undefined : surroundings.addresses.take(uidOf(pod));
  if (ip === undefined && pod.spec?.hostNetwork !== true) return failed('no pod address is free on the node');
  try {
    return await surroundings.runtime.runSandbox(sandboxConfig(surroundings, pod, attempt, ip, handler));
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    // The address may be held by what the engine has not yet let go of: the next attempt takes another one.
    surroundings.addresses.release(uidOf(pod));
    return failed(error.message);
  }
}

function sandboxConfig({ node, dns }: PodSurroundings, pod: V1Pod, attempt: number, ip: string | undefined, handler: string): SandboxConfig {
  const { spec } = pod;
  return {
    pod: identityOf(pod),
    node: node.nodeName,
    attempt,
    hostname: spec?.setHostnameAsFQDN === true ? (fullHostname(pod, dns) ?? hostnameOf(pod)) : hostnameOf(pod),
    handler,
    labels: pod.metadata?.labels ?? {},
    annotations: pod.metadata?.annotations ?? {},
    network: ip === undefined ? { mode: 'node' } : { mode: 'pod', ip },
    hostPid: spec?.hostPID === true,
    hostIpc: spec?.hostIPC === true,
    sysctls: Object.fromEntries((spec?.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
    memoryVolumes: memoryVolumes(pod),
  };
}

/** By path in the container. */
export async function podFilesOf({ files, dns }: PodSurroundings, pod: V1Pod, podIp: string): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  if (pod.spec?.hostNetwork !== true) made.set('/etc/hosts', await files.file(uidOf(pod), 'etc-hosts', hostsFile(pod, podIp, dns)));
  const resolver = resolverFile(pod, dns);
  if (resolver !== undefined) made.set('/etc/resolv.conf', await files.file(uidOf(pod), 'resolv.conf', resolver));
  return made;
}
