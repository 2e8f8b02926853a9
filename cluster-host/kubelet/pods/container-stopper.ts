/** Ends one container: its preStop hook, then TERM and KILL, all within the grace time (kubernetes.io/docs/concepts/containers/container-lifecycle-hooks). */
import type { V1Container } from '../../api/generated/types.ts';
import { runHandler } from '../probes/handlers.ts';
import type { PodSurroundings } from './surroundings.ts';

export interface StopRequest {
  /** Undefined where the pod's spec knows no such container any more. */
  readonly spec: V1Container | undefined;
  readonly containerId: string;
  readonly podIp: string;
  readonly graceSeconds: number;
  /** Called when the preStop hook fails. */
  readonly hookFailed: () => void;
}

/** A hook that took all the time leaves the container this much. */
const smallestGrace = 2;

export async function stopContainer(surroundings: PodSurroundings, { spec, containerId, podIp, graceSeconds, hookFailed }: StopRequest): Promise<void> {
  const hook = spec?.lifecycle?.preStop;
  if (spec === undefined || hook === undefined || graceSeconds === 0) return surroundings.runtime.stopContainer(containerId, graceSeconds);
  const begun = surroundings.clock.now();
  const { result } = await runHandler(surroundings, { spec, containerId, podIp }, hook, graceSeconds * 1000);
  if (result !== 'success') hookFailed();
  const left = graceSeconds - (surroundings.clock.now() - begun) / 1000;
  return surroundings.runtime.stopContainer(containerId, Math.max(left, Math.min(graceSeconds, smallestGrace)));
}
