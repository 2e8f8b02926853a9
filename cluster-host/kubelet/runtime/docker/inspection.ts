/** Reads what the engine says of a container (`GET /containers/{id}/json`) into the runtime's words. Pure. */
import type { Container, Sandbox, SandboxConfig } from '../runtime.ts';
import { labels, memoryVolumeName, podOf, sandboxLabels } from './labels.ts';

export interface InspectedContainer {
  readonly container: Container;
  readonly tty: boolean;
}

export interface InspectedSandbox {
  readonly sandbox: Sandbox;
  /** Names of its memory volumes. */
  readonly volumes: readonly string[];
}

export function readSandbox(inspected: any): InspectedSandbox {
  const found = inspected.Config.Labels;
  const networks: any[] = Object.values(inspected.NetworkSettings?.Networks ?? {});
  return {
    sandbox: {
      id: inspected.Id,
      pod: podOf(found),
      node: found[labels.node] ?? '',
      attempt: Number(found[labels.attempt] ?? 0),
      state: inspected.State.Running === true ? 'ready' : 'notReady',
      // The address asked for: the engine forgets the one in use when the container stops.
      ip: networks.map((network) => network.IPAMConfig?.IPv4Address).find((ip) => typeof ip === 'string' && ip !== ''),
      createdAt: Date.parse(inspected.Created),
      labels: found,
    },
    volumes: (inspected.Mounts ?? []).filter((mount: any) => mount.Type === 'volume').map((mount: any) => mount.Name),
  };
}

/** What an inspection of a sandbox that has just started would say. */
export function madeSandbox(id: string, config: SandboxConfig, cluster: string, now: number): InspectedSandbox {
  const { pod, node, attempt, network, memoryVolumes } = config;
  return {
    sandbox: { id, pod, node, attempt, state: 'ready', ip: network.mode === 'pod' ? network.ip : undefined, createdAt: now, labels: sandboxLabels(cluster, config) },
    volumes: memoryVolumes.map(({ name }) => memoryVolumeName(pod.uid, name)),
  };
}

export function readContainer(inspected: any): InspectedContainer {
  const found = inspected.Config.Labels;
  const { State } = inspected;
  const neverStarted = dateOf(State.StartedAt) === undefined;
  const failedToStart = neverStarted && State.ExitCode !== 0;
  // The engine may call what has ended 'removing' already.
  const state = State.Running === true ? 'running' : neverStarted && !failedToStart ? 'created' : 'exited';
  const createdAt = Date.parse(inspected.Created);
  return {
    container: {
      id: inspected.Id,
      pod: podOf(found),
      node: found[labels.node] ?? '',
      sandboxId: found[labels.sandboxId] ?? '',
      name: found[labels.containerName] ?? '',
      attempt: Number(found[labels.attempt] ?? 0),
      state,
      image: inspected.Config.Image,
      imageId: inspected.Image,
      createdAt,
      ...(state === 'running' ? { startedAt: dateOf(State.StartedAt) ?? createdAt } : {}),
      ...(state === 'exited' ? ending(State, createdAt, failedToStart) : {}),
      labels: found,
    },
    tty: inspected.Config.Tty === true,
  };
}

function ending(state: any, createdAt: number, failedToStart: boolean): Partial<Container> {
  const reason = failedToStart ? 'ContainerCannotRun' : state.OOMKilled === true ? 'OOMKilled' : state.ExitCode === 0 ? 'Completed' : 'Error';
  const startedAt = dateOf(state.StartedAt) ?? createdAt;
  return {
    startedAt,
    // Of a process that ends at once the engine may note the end before the start.
    finishedAt: Math.max(dateOf(state.FinishedAt) ?? createdAt, startedAt),
    exitCode: state.ExitCode,
    reason,
    ...(state.Error ? { message: state.Error } : {}),
  };
}

/** The engine writes year 1 for "never". */
function dateOf(text: string | undefined): number | undefined {
  return text === undefined || text.startsWith('0001-') ? undefined : Date.parse(text);
}
