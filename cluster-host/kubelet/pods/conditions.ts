/** The conditions that the kubelet keeps on a pod (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions). Pure. */
import type { V1ContainerStatus, V1PodCondition } from '../../api/generated/types.ts';
import { timeText } from './pod-facts.ts';
import type { StatusView } from './status.ts';

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

export function podConditions(view: StatusView, phase: string, init: readonly V1ContainerStatus[], main: readonly V1ContainerStatus[]): V1PodCondition[] {
  const { pod } = view;
  const sidecars = new Set((pod.spec?.initContainers ?? []).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])));
  const containersReady = readyVerdict(phase, [...init.filter(({ name }) => sidecars.has(name)), ...main]);
  const verdicts: [string, Verdict][] = [
    ['PodReadyToStartContainers', { status: view.sandboxes.some(({ state }) => state === 'ready') ? 'True' : 'False' }],
    ['Initialized', initializedVerdict(phase, init, main, sidecars)],
    ['Ready', gatedVerdict(view, containersReady)],
    ['ContainersReady', containersReady],
    ['PodScheduled', { status: 'True' }],
    ...resizeVerdicts(view),
  ];
  return verdicts.map(([type, verdict]) => condition(view, type, verdict));
}

/** There only while they hold. */
export const fleetingConditions: readonly string[] = ['PodResizePending', 'PodResizeInProgress'];

function resizeVerdicts({ resize: { refusal, inProgress } }: StatusView): [string, Verdict][] {
  return [...(refusal === undefined ? [] : [['PodResizePending', { status: 'True', ...refusal }] as [string, Verdict]]), ...(inProgress ? [['PodResizeInProgress', { status: 'True' }] as [string, Verdict]] : [])];
}

function condition({ pod, now }: StatusView, type: string, verdict: Verdict): V1PodCondition {
  const old = pod.status?.conditions?.find((other) => other.type === type);
  const { lastProbeTime, lastTransitionTime } = old?.status === verdict.status ? old : {};
  return {
    type,
    status: verdict.status,
    observedGeneration: pod.metadata?.generation,
    lastProbeTime: lastProbeTime ?? (null as unknown as undefined),
    lastTransitionTime: lastTransitionTime ?? timeText(now),
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
  };
}

function initializedVerdict(phase: string, init: readonly V1ContainerStatus[], main: readonly V1ContainerStatus[], sidecars: ReadonlySet<string>): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (main.some(({ state, lastState }) => state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined)) return { status: 'True' };
  const incomplete = init.filter((status) => (sidecars.has(status.name) ? status.started !== true : !status.ready)).map(({ name }) => name);
  if (incomplete.length === 0) return { status: 'True' };
  return { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.join(' ')}]` };
}

function readyVerdict(phase: string, statuses: readonly V1ContainerStatus[]): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = statuses.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { status: 'True' };
  return { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}

/** Readiness gates: conditions that others set and that must be true as well. */
function gatedVerdict({ pod }: StatusView, containersReady: Verdict): Verdict {
  if (containersReady.status === 'False') return containersReady;
  const problems = (pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return gate.status === 'True' ? [] : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  return problems.length === 0 ? containersReady : { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}
