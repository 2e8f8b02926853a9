/** Makes and starts one container of a pod: image, configuration, creation, start, postStart hook, each with its events and reasons. */
import type { V1Pod } from '../../api/generated/types.ts';
import { containerConfig, ContainerConfigError } from '../containers/container-config.ts';
import { type Environment, envFileKey, environmentOf } from '../containers/environment.ts';
import { registryAuth } from '../images/registry-auth.ts';
import { runHandler } from '../probes/handlers.ts';
import { RuntimeError, type Sandbox } from '../runtime/runtime.ts';
import type { PreparedVolumes, VolumeSources } from '../volumes/volumes.ts';
import type { PodContainer } from './pod-facts.ts';
import type { WaitingReason } from './status.ts';
import type { PodSurroundings } from './surroundings.ts';

export interface StartRequest {
  readonly pod: V1Pod;
  readonly container: PodContainer;
  readonly attempt: number;
  readonly sandbox: Sandbox;
  readonly podIp: string;
  readonly volumes: PreparedVolumes;
  readonly podFiles: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** The running container whose processes it is to see. */
  readonly targetContainerId?: string;
}

/** `retryAt` is set where no container came to be: nothing will end and ask for a restart by itself. */
export type StartOutcome = { readonly started: true } | { readonly started: false; readonly waiting: WaitingReason; readonly retryAt?: number };

/** The pod is ending; a container that was made already is removed with the others. */
const givenUp: StartOutcome = { started: false, waiting: { reason: 'ContainerCreating' } };

/** What no change announces is tried again after this time. */
const retryAfter = 10_000;
const hookTimeout = 24 * 3600 * 1000;

export async function startContainer(surroundings: PodSurroundings, request: StartRequest): Promise<StartOutcome> {
  const { clock, runtime, images } = surroundings;
  const { pod, container } = request;
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void => surroundings.events.event(pod, type, reason, message, { fieldPath: container.fieldPath });
  const failed = (waiting: WaitingReason, retryAt?: number): StartOutcome => {
    tell('Warning', 'Failed', `Error: ${waiting.message ?? waiting.reason}`);
    return { started: false, waiting, ...(retryAt === undefined ? {} : { retryAt }) };
  };

  const sources = await surroundings.sources(pod);
  const outcome = await images.ensure(pod, container, (registry) => registryAuth(pod, registry, (name) => sources.secret(name)), tell, request.signal);
  if (!('image' in outcome)) {
    tell('Warning', 'Failed', `Error: ${outcome.reason}`);
    return { started: false, waiting: { reason: outcome.reason, message: outcome.message }, retryAt: outcome.retryAt };
  }

  if (request.signal.aborted) return givenUp;
  let id: string;
  try {
    const config = await containerConfig({
      ...request,
      node: surroundings.node.nodeName,
      handler: await surroundings.runtimeHandler(pod),
      nodeMemory: surroundings.runtimeInfo.memory,
      image: outcome.image,
      environment: await environment(surroundings, request, sources, tell),
      files: surroundings.files,
    });
    id = await runtime.createContainer(config);
  } catch (error) {
    if (error instanceof ContainerConfigError) return failed({ reason: 'CreateContainerConfigError', message: error.message }, clock.now() + retryAfter);
    if (error instanceof RuntimeError) return failed({ reason: 'CreateContainerError', message: error.message }, clock.now() + retryAfter);
    throw error;
  }
  tell('Normal', 'Created', 'Container created');
  if (request.signal.aborted) return givenUp;

  try {
    await runtime.startContainer(id);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return failed({ reason: 'RunContainerError', message: `failed to start container "${container.spec.name}": ${error.message}` });
  }
  tell('Normal', 'Started', 'Container started');
  return afterStart(surroundings, request, id, tell);
}

async function environment(surroundings: PodSurroundings, request: StartRequest, sources: VolumeSources, tell: (type: 'Warning', reason: string, message: string) => void): Promise<Environment> {
  const { pod, container, podIp } = request;
  const envFiles = await readEnvFiles(surroundings, request);
  const made = environmentOf({ pod, container: container.spec, sources, services: surroundings.services(pod), facts: { ...surroundings.node, podIp }, envFiles });
  for (const message of made.skipped) tell('Warning', 'InvalidEnvironmentVariableNames', message);
  return made;
}

/** Written by containers that ran before, as init containers do. */
async function readEnvFiles({ files }: PodSurroundings, { container, volumes }: StartRequest): Promise<ReadonlyMap<string, string | undefined>> {
  const references = (container.spec.env ?? []).flatMap(({ valueFrom }) => valueFrom?.fileKeyRef ?? []);
  const read = references.map(async (reference): Promise<[string, string | undefined]> => {
    const source = volumes.get(reference.volumeName)?.source;
    return [envFileKey(reference), source === undefined || 'memoryVolume' in source ? undefined : await files.readInside(source.hostPath, reference.path)];
  });
  return new Map(await Promise.all(read));
}

/** A container whose postStart hook fails is ended; its restart policy does the rest. */
async function afterStart(surroundings: PodSurroundings, { pod, container, podIp }: StartRequest, containerId: string, tell: (type: 'Normal' | 'Warning', reason: string, message: string) => void): Promise<StartOutcome> {
  const hook = container.spec.lifecycle?.postStart;
  if (hook === undefined) return { started: true };
  const { result, output } = await runHandler(surroundings, { spec: container.spec, containerId, podIp }, hook, hookTimeout);
  if (result === 'success') return { started: true };
  surroundings.log.info('a postStart hook failed', { pod: pod.metadata?.name, container: container.spec.name, output });
  tell('Warning', 'FailedPostStartHook', 'PostStartHook failed');
  tell('Normal', 'Killing', 'FailedPostStartHook');
  await surroundings.runtime.stopContainer(containerId, 0);
  return { started: false, waiting: { reason: 'PostStartHookError', message: 'PostStartHook failed' } };
}
