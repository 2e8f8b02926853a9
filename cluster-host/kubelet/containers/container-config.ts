/** Puts together what the runtime needs to make a container of a pod. */
import type { V1Container, V1Pod } from '../../api/generated/types.ts';
import type { ContainerConfig, Image, Mount, Sandbox } from '../runtime/runtime.ts';
import type { PodFiles } from '../volumes/pod-files.ts';
import type { PreparedVolumes } from '../volumes/volumes.ts';
import { identityOf, type PodContainer, uidOf } from '../pods/pod-facts.ts';
import { type Environment } from './environment.ts';
import { expand, unknownNames } from './expansion.ts';
import { containerResources } from './resources.ts';
import { containerSecurity } from './security.ts';

export interface ContainerConfigInput {
  readonly pod: V1Pod;
  readonly node: string;
  readonly nodeMemory: number;
  readonly container: PodContainer;
  readonly attempt: number;
  readonly sandbox: Sandbox;
  readonly image: Image;
  readonly environment: Environment;
  readonly volumes: PreparedVolumes;
  readonly files: PodFiles;
  /** Files of the pod that every container sees: `/etc/hosts`, `/etc/resolv.conf`. */
  readonly podFiles: ReadonlyMap<string, string>;
  readonly handler: string;
  /** The running container whose processes it is to see. */
  readonly targetContainerId?: string;
}

/** Why a container cannot be made as it is described: `CreateContainerConfigError`. */
export class ContainerConfigError extends Error {}

export const hashLabel = 'annotation.io.kubernetes.container.hash';
const resourcesAnnotation = 'dev.kubicle.container.resources';
/** The specification's resources with which the container was made, as JSON. */
export const resourcesLabel = `annotation.${resourcesAnnotation}`;
const defaultMessagePath = '/dev/termination-log';

export async function containerConfig(input: ContainerConfigInput): Promise<ContainerConfig> {
  const { pod, container, environment, attempt } = input;
  const { spec } = container;
  if (environment.problem !== undefined) throw new ContainerConfigError(environment.problem);
  const { security, problem, localhostProfile } = containerSecurity(pod, spec, input.image.user);
  if (problem !== undefined) throw new ContainerConfigError(problem);
  if (container.targetContainer !== undefined && input.targetContainerId === undefined) throw new ContainerConfigError(`unable to find target container ${container.targetContainer}`);
  const values = new Map(environment.variables.map(({ name, value }) => [name, value]));
  const expanded = (texts: readonly string[] | undefined): readonly string[] | undefined => texts?.map((text) => expand(text, values));
  const command = expanded(spec.command);
  const args = expanded(spec.args);
  const messagePath = spec.terminationMessagePath ?? defaultMessagePath;
  const mounts = await containerMounts(input, values);
  const log = await input.files.terminationLog(uidOf(pod), spec.name, attempt);
  return {
    pod: identityOf(pod),
    node: input.node,
    sandboxId: input.sandbox.id,
    name: spec.name,
    attempt,
    image: input.image.id,
    ...(command === undefined || command.length === 0 ? {} : { command }),
    ...(args === undefined || args.length === 0 ? {} : { args }),
    ...(spec.workingDir === undefined ? {} : { workingDir: spec.workingDir }),
    env: environment.variables,
    mounts: [...mounts, ...ownMounts(input, mounts), bind(messagePath, log)],
    labels: {},
    annotations: annotationsOf(pod, spec, messagePath),
    stdin: spec.stdin === true,
    stdinOnce: spec.stdinOnce === true,
    tty: spec.tty === true,
    processNamespace: processNamespaceOf(input),
    ...(spec.lifecycle?.stopSignal === undefined ? {} : { stopSignal: spec.lifecycle.stopSignal }),
    handler: input.handler,
    hostIpc: pod.spec?.hostIPC === true,
    resources: containerResources(pod, spec, input.nodeMemory),
    security: localhostProfile === undefined ? security : { ...security, seccompProfile: { json: await seccompProfile(input, localhostProfile) } },
  };
}

function processNamespaceOf({ pod, targetContainerId }: ContainerConfigInput): ContainerConfig['processNamespace'] {
  if (pod.spec?.hostPID === true) return 'node';
  if (pod.spec?.shareProcessNamespace === true) return 'pod';
  return targetContainerId === undefined ? 'container' : { of: targetContainerId };
}

async function seccompProfile({ files }: ContainerConfigInput, name: string): Promise<string> {
  const profile = await files.seccompProfile(name);
  if (profile === undefined) throw new ContainerConfigError(`cannot load seccomp profile "${name}": no such file or directory`);
  return profile;
}

async function containerMounts({ pod, container, volumes, files }: ContainerConfigInput, values: ReadonlyMap<string, string>): Promise<readonly Mount[]> {
  const declared = new Set((pod.spec?.volumes ?? []).map(({ name }) => name));
  const mounts: Mount[] = [];
  for (const mount of container.spec.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (volume === undefined) throw new ContainerConfigError(declared.has(mount.name) ? `volume "${mount.name}" is not mounted` : `volume "${mount.name}" not found`);
    const unknown = unknownNames(mount.subPathExpr ?? '', values);
    if (unknown.length > 0) throw new ContainerConfigError(`missing value for "${unknown[0]}"`);
    const subPath = mount.subPathExpr === undefined ? (mount.subPath ?? '') : expand(mount.subPathExpr, values);
    // Only after expansion can it be seen where a path leads; the API server has checked the others.
    if (subPath.startsWith('/')) throw new ContainerConfigError(`error SubPath \`${subPath}\` must not be an absolute path`);
    if (subPath.split('/').includes('..')) throw new ContainerConfigError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
    mounts.push({
      containerPath: mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`,
      source: subPath === '' ? volume.source : await insideOf(volume.source, mount.name, subPath, files),
      readOnly: mount.readOnly === true || volume.readOnly,
      propagation: mount.mountPropagation === 'HostToContainer' || mount.mountPropagation === 'Bidirectional' ? mount.mountPropagation : 'None',
    });
  }
  return mounts;
}

async function insideOf(source: Mount['source'], volume: string, subPath: string, files: PodFiles): Promise<Mount['source']> {
  if ('memoryVolume' in source) throw new ContainerConfigError(`subPath of volume "${volume}": not supported for emptyDir with medium Memory`);
  try {
    return { hostPath: await files.subPath(source.hostPath, subPath) };
  } catch (error) {
    throw new ContainerConfigError(`failed to prepare subPath for volumeMount "${volume}" of container: ${(error as Error).message}`, { cause: error });
  }
}

/** The pod's hosts and resolver files, where the container mounts nothing of its own there. */
function ownMounts({ podFiles }: ContainerConfigInput, mounts: readonly Mount[]): readonly Mount[] {
  return [...podFiles].filter(([path]) => !mounts.some(({ containerPath }) => containerPath === path)).map(([path, file]) => bind(path, file));
}

function bind(containerPath: string, hostPath: string): Mount {
  return { containerPath, source: { hostPath }, readOnly: false, propagation: 'None' };
}

function annotationsOf(pod: V1Pod, spec: V1Container, messagePath: string): Record<string, string> {
  return {
    'io.kubernetes.container.hash': containerHash(spec),
    [resourcesAnnotation]: JSON.stringify({ requests: spec.resources?.requests, limits: spec.resources?.limits }),
    'io.kubernetes.container.terminationMessagePath': messagePath,
    'io.kubernetes.container.terminationMessagePolicy': spec.terminationMessagePolicy ?? 'File',
    'io.kubernetes.pod.terminationGracePeriod': String(pod.spec?.terminationGracePeriodSeconds ?? 30),
    ...(spec.ports === undefined || spec.ports.length === 0 ? {} : { 'io.kubernetes.container.ports': JSON.stringify(spec.ports) }),
  };
}

/** Of what, when it changes in a running pod, asks for another container (FNV-1a). */
export function containerHash({ name, image }: V1Container): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${name}|${image ?? ''}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
