/**
 * The state of a pod as a person would name it: one of a closed set, with kubectl's word for it. `kubectl get pods` computes the
 * same STATUS out of phase, reason, container states and deletion.
 */
import type { V1ContainerState, V1ContainerStatus, V1Pod } from '../../cluster-host/api/generated/types.ts';

export type PodCondition = 'running' | 'notReady' | 'pending' | 'starting' | 'failing' | 'completed' | 'failed' | 'terminating' | 'unknown';

export interface PodState {
  readonly condition: PodCondition;
  /** kubectl's STATUS. */
  readonly status: string;
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
  /** What the pod or a container says about why; empty when all is well. */
  readonly message: string;
}

export function podState(pod: V1Pod): PodState {
  const statuses = pod.status?.containerStatuses ?? [];
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always').map((container) => container.name);
  const counted = [...statuses, ...(pod.status?.initContainerStatuses ?? []).filter((status) => sidecars.includes(status.name))];
  const status = statusOf(pod, sidecars);
  return {
    status: status.text,
    condition: conditionOf(pod, status.text),
    ready: counted.filter((container) => container.ready).length,
    containers: (pod.spec?.containers.length ?? 0) + sidecars.length,
    restarts: [...(pod.status?.initContainerStatuses ?? []), ...statuses].reduce((sum, container) => sum + container.restartCount, 0),
    message: status.message,
  };
}

interface Status {
  readonly text: string;
  readonly message: string;
}

function statusOf(pod: V1Pod, sidecars: readonly string[]): Status {
  const deleted = pod.metadata?.deletionTimestamp !== undefined;
  if (deleted && pod.status?.reason === 'NodeLost') return { text: 'Unknown', message: pod.status.message ?? '' };
  const own = initStatus(pod, sidecars) ?? containerStatus(pod) ?? { text: pod.status?.reason ?? pod.status?.phase ?? 'Unknown', message: schedulingMessage(pod) };
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return deleted && !finished ? { text: 'Terminating', message: own.message } : own;
}

function initStatus(pod: V1Pod, sidecars: readonly string[]): Status | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const done = statuses.filter((status) => status.state?.terminated?.exitCode === 0 || (sidecars.includes(status.name) && status.started === true)).length;
  const current = statuses.find((status) => !(status.state?.terminated?.exitCode === 0 || (sidecars.includes(status.name) && status.started === true)));
  if (current === undefined) return undefined;
  const reason = stateReason(current.state);
  const boring = reason === '' || reason === 'PodInitializing';
  return { text: `Init:${boring ? `${done}/${pod.spec?.initContainers?.length ?? statuses.length}` : reason}`, message: stateMessage(current) };
}

function containerStatus(pod: V1Pod): Status | undefined {
  const statuses = pod.status?.containerStatuses ?? [];
  const told = statuses.map((container) => ({ container, reason: stateReason(container.state) })).filter(({ reason }) => reason !== '');
  const worst = told.find(({ container }) => container.state?.waiting !== undefined) ?? told[0];
  if (worst === undefined) return undefined;
  if (worst.reason === 'Completed' && statuses.some((container) => container.state?.running !== undefined)) {
    const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    return { text: ready ? 'Running' : 'NotReady', message: '' };
  }
  return { text: worst.reason, message: stateMessage(worst.container) };
}

function stateReason(state: V1ContainerState | undefined): string {
  if (state?.waiting !== undefined) return state.waiting.reason ?? '';
  if (state?.terminated === undefined) return '';
  const { reason, signal, exitCode } = state.terminated;
  if (reason !== undefined && reason !== '') return reason;
  return signal === undefined || signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function stateMessage({ name, state, lastState }: V1ContainerStatus): string {
  const message = state?.waiting?.message ?? state?.terminated?.message;
  const exit = state?.terminated ?? lastState?.terminated;
  const ended = exit === undefined || exit.exitCode === 0 ? undefined : `last exit code ${exit.exitCode}`;
  const parts = [message, ended].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? '' : `${name}: ${parts.join(', ')}`;
}

function schedulingMessage(pod: V1Pod): string {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return pod.status?.message ?? (scheduled?.status === 'False' ? (scheduled.message ?? '') : '');
}

const startingReasons = new Set(['ContainerCreating', 'PodInitializing']);

function conditionOf(pod: V1Pod, status: string): PodCondition {
  if (status === 'Terminating') return 'terminating';
  if (status === 'Unknown') return 'unknown';
  const phase = pod.status?.phase;
  if (phase === 'Succeeded') return 'completed';
  if (phase === 'Failed') return 'failed';
  if (startingReasons.has(status) || /^Init:\d+\/\d+$/.test(status)) return 'starting';
  if (/(?:BackOff|Err|Error|Invalid|OOMKilled|ExitCode|Signal|ContainerCannotRun|Deadline)/.test(status)) return 'failing';
  if (phase !== 'Running') return 'pending';
  return pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true ? 'running' : 'notReady';
}
