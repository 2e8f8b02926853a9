/** The row that `kubectl get pods` prints: readiness and one word for what a pod is doing. */
import type { V1Container, V1ContainerState, V1ContainerStatus, V1Pod } from '../generated/types.ts';
import type { PrintContext } from '../kind.ts';
import { age, ageColumn, none, orNone, text, wide } from './columns.ts';
import type { Column } from './columns.ts';

interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly status: string;
  readonly restarts: Restarts;
}

/** A sidecar: an init container that runs on beside the others. */
export function isRestartableInitContainer(container: V1Container | undefined): boolean {
  return container?.restartPolicy === 'Always';
}

class Restarts {
  count = 0;
  private last = '';

  add({ restartCount, lastState }: V1ContainerStatus): void {
    this.count += restartCount ?? 0;
    const finished = lastState?.terminated?.finishedAt ?? '';
    if (finished !== '' && (this.last === '' || Date.parse(finished) > Date.parse(this.last))) this.last = finished;
  }

  text(context: PrintContext): string {
    return this.count === 0 || this.last === '' ? String(this.count) : `${this.count} (${age(this.last, context)} ago)`;
  }
}

interface Initialization {
  /** Why the pod still initializes; undefined once it is done. */
  readonly reason?: string;
  readonly readySidecars: number;
  readonly restarts: Restarts;
  readonly sidecarRestarts: Restarts;
}

function initializationOf({ spec, status }: V1Pod): Initialization {
  const containers = spec?.initContainers ?? [];
  const restarts = new Restarts();
  const sidecarRestarts = new Restarts();
  let readySidecars = 0;
  for (const [index, one] of (status?.initContainerStatuses ?? []).entries()) {
    const sidecar = isRestartableInitContainer(containers.find(({ name }) => name === one.name));
    restarts.add(one);
    if (sidecar) sidecarRestarts.add(one);
    if (one.state?.terminated?.exitCode === 0) continue;
    if (sidecar && one.started === true) {
      if (one.ready) readySidecars++;
      continue;
    }
    const reason = initReason(one.state, `${index}/${containers.length}`);
    return { reason: `Init:${reason}`, readySidecars, restarts, sidecarRestarts };
  }
  return { readySidecars, restarts, sidecarRestarts };
}

function initReason(state: V1ContainerState | undefined, progress: string): string {
  if (state?.terminated) return terminatedReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? waiting : progress;
}

function terminatedReason({ reason, signal, exitCode }: NonNullable<V1ContainerState['terminated']>): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function isTrue(pod: V1Pod, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

function summaryOf(pod: V1Pod): Summary {
  const { spec, status = {} } = pod;
  const initialization = initializationOf(pod);
  const total = (spec?.containers.length ?? 0) + (spec?.initContainers?.filter(isRestartableInitContainer).length ?? 0);
  let reason = status.reason || status.phase || '';
  if (status.conditions?.some((condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated')) reason = 'SchedulingGated';
  reason = initialization.reason ?? reason;
  let ready = initialization.readySidecars;
  let restarts = initialization.restarts;

  if (initialization.reason === undefined || isTrue(pod, 'Initialized')) {
    restarts = initialization.sidecarRestarts;
    let running = false;
    for (const one of (status.containerStatuses ?? []).toReversed()) {
      restarts.add(one);
      if (one.state?.waiting?.reason) reason = one.state.waiting.reason;
      else if (one.state?.terminated) reason = terminatedReason(one.state.terminated);
      else if (one.ready && one.state?.running) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed' && running) reason = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  }
  return { ready, total, status: deletionReason(pod) ?? reason, restarts };
}

function deletionReason({ metadata, status }: V1Pod): string | undefined {
  if (metadata?.deletionTimestamp === undefined) return undefined;
  if (status?.reason === 'NodeLost') return 'Unknown';
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? undefined : 'Terminating';
}

function readinessGates(pod: V1Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return none;
  return `${gates.filter(({ conditionType }) => isTrue(pod, conditionType)).length}/${gates.length}`;
}

export const podColumns: readonly Column<V1Pod>[] = [
  text('Ready', 'Containers that are ready, of all.', (pod) => {
    const { ready, total } = summaryOf(pod);
    return `${ready}/${total}`;
  }),
  text('Status', 'What the pod is doing, in one word.', (pod) => summaryOf(pod).status),
  text('Restarts', 'How often its containers were started again, and when last.', (pod, context) => summaryOf(pod).restarts.text(context)),
  ageColumn,
  wide(text('IP', 'The address of the pod.', ({ status }) => orNone(status?.podIPs?.[0]?.ip))),
  wide(text('Node', 'The node that it was bound to.', ({ spec }) => orNone(spec?.nodeName))),
  wide(text('Nominated Node', 'The node where room is being made for it.', ({ status }) => orNone(status?.nominatedNodeName))),
  wide(text('Readiness Gates', 'Readiness gates that are open, of all.', readinessGates)),
];
