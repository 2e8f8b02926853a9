/** A pod's phase out of its containers' statuses. Pure. */
import type { V1ContainerStatus, V1Pod } from '../../api/generated/types.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** `ending`: the pod is being ended, so containers that have stopped will not start again whatever the policy says. */
export function phaseOf(pod: V1Pod, init: readonly V1ContainerStatus[], main: readonly V1ContainerStatus[], ending: boolean): PodPhase {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const sidecars = new Set((pod.spec?.initContainers ?? []).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])));
  const blocking = init.filter((status) => (sidecars.has(status.name) ? status.started !== true : exitCodeOf(status) !== 0));
  const begun = main.some((status) => hasRun(status));
  if (!begun && blocking.length > 0) {
    const failed = blocking.some((status) => !sidecars.has(status.name) && (exitCodeOf(status) ?? 0) !== 0);
    return failed && (policy === 'Never' || ending) ? 'Failed' : 'Pending';
  }
  if (main.some((status) => !hasRun(status))) return 'Pending';
  const exits = main.map((status) => exitCodeOf(status));
  const stillGoing = exits.some((code) => code === undefined);
  if (stillGoing) return 'Running';
  if (!ending && (policy === 'Always' || (policy === 'OnFailure' && exits.some((code) => code !== 0)))) return 'Running';
  // A sidecar may still be on its way out.
  if (!ending && init.some((status) => sidecars.has(status.name) && status.state?.running !== undefined)) return 'Running';
  return exits.every((code) => code === 0) ? 'Succeeded' : 'Failed';
}

function hasRun({ state, lastState }: V1ContainerStatus): boolean {
  return state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
}

/** Undefined while it runs or waits to run again. */
function exitCodeOf({ state }: V1ContainerStatus): number | undefined {
  return state?.terminated?.exitCode;
}
