/**
 * The status that the kubelet reports for a pod, made from what runs (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle). Pure.
 *
 * Whatever the runtime no longer knows is taken from the status reported before, so that nothing a user saw is unsaid.
 */
import type { V1ContainerStatus, V1Pod, V1PodStatus, V1ResourceRequirements } from '../../api/generated/types.ts';
import type { Container, Image, Sandbox } from '../runtime/runtime.ts';
import type { ResizeRefusal } from './allocation.ts';
import { podConditions } from './conditions.ts';
import { containerStatus } from './container-status.ts';
import { phaseOf } from './phase.ts';
import { containersOf, isTerminal, timeText } from './pod-facts.ts';
import { qosClass } from '../containers/resources.ts';

export interface WaitingReason {
  readonly reason: string;
  readonly message?: string;
}

export interface StatusView {
  readonly pod: V1Pod;
  readonly now: number;
  readonly hostIp: string;
  /** `docker`: prefix of ids. */
  readonly runtimeName: string;
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
  /** Address of the pod; of a pod on the node's network the node's. */
  readonly podIp: string | undefined;
  readonly volumesReady: boolean;
  /** The pod ends for this reason (`DeadlineExceeded`, `OutOfcpu`, …), whatever its containers say. */
  readonly failure: WaitingReason | undefined;
  /** The pod is being ended. */
  readonly terminating: boolean;
  readonly resize: { readonly refusal: ResizeRefusal | undefined; readonly inProgress: boolean };
  /** Why a container does not run though it should. */
  waiting(name: string): WaitingReason | undefined;
  isReady(container: Container): boolean;
  isStarted(container: Container): boolean;
  image(id: string): Image | undefined;
  terminationMessage(containerId: string): string | undefined;
  /** The resources that a running container has; undefined where that is not known. */
  given(container: Container): V1ResourceRequirements | undefined;
}

export function podStatus(view: StatusView): V1PodStatus {
  const { pod } = view;
  const members = containersOf(pod);
  const statuses = new Map<string, V1ContainerStatus>(members.map((member) => [member.spec.name, containerStatus(member, view)]));
  const listed = (roles: readonly string[]): V1ContainerStatus[] => members.flatMap(({ role, spec }) => (roles.includes(role) ? (statuses.get(spec.name) ?? []) : []));
  const init = listed(['init', 'sidecar']);
  const main = listed(['main']);
  const ephemeral = listed(['ephemeral']);
  const phase = isTerminal(pod) ? (pod.status?.phase ?? 'Failed') : view.failure === undefined ? phaseOf(pod, init, main, view.terminating) : 'Failed';
  // A pod that the node never took has no containers to speak of.
  const rejected = view.failure !== undefined && view.containers.length === 0 && pod.status?.containerStatuses === undefined;
  const conditions = podConditions(view, phase, init, main);
  return {
    observedGeneration: pod.metadata?.generation,
    phase,
    conditions,
    reason: view.failure?.reason ?? pod.status?.reason,
    message: view.failure?.message ?? pod.status?.message,
    hostIP: view.hostIp,
    hostIPs: [{ ip: view.hostIp }],
    ...(view.podIp === undefined ? {} : { podIP: view.podIp, podIPs: [{ ip: view.podIp }] }),
    startTime: pod.status?.startTime ?? timeText(view.now),
    ...(rejected ? {} : { containerStatuses: main }),
    ...(init.length > 0 && !rejected ? { initContainerStatuses: init } : {}),
    ...(ephemeral.length > 0 && !rejected ? { ephemeralContainerStatuses: ephemeral } : {}),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}
