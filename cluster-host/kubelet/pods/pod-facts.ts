/** Small questions about a pod that many parts ask. Pure. */
import type { V1Container, V1ContainerStatus, V1Pod } from '../../api/generated/types.ts';
import type { PodIdentity } from '../runtime/runtime.ts';

export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

export interface PodContainer {
  readonly role: ContainerRole;
  /** Ephemeral containers have the fields of ordinary ones as far as the kubelet is concerned. */
  readonly spec: V1Container;
  /** Where events point: `spec.containers{web}`. */
  readonly fieldPath: string;
  /** Whose processes an ephemeral container is to see. */
  readonly targetContainer?: string;
}

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
export const sourceAnnotation = 'kubernetes.io/config.source';
export const hashAnnotation = 'kubernetes.io/config.hash';

export function uidOf(pod: V1Pod): string {
  return pod.metadata?.uid ?? '';
}

export function namespaceOf(pod: V1Pod): string {
  return pod.metadata?.namespace ?? 'default';
}

export function nameOf(pod: V1Pod): string {
  return pod.metadata?.name ?? '';
}

export function identityOf(pod: V1Pod): PodIdentity {
  return { uid: uidOf(pod), namespace: namespaceOf(pod), name: nameOf(pod) };
}

/** `web_default(3f1c…)`, as Kubernetes names a pod in messages. */
export function podText(pod: V1Pod): string {
  return `${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`;
}

/** Init containers and sidecars first, in order, then the main ones, then ephemeral ones. */
export function containersOf(pod: V1Pod): readonly PodContainer[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec ?? { containers: [] };
  return [
    ...initContainers.map((spec): PodContainer => ({ role: spec.restartPolicy === 'Always' ? 'sidecar' : 'init', spec, fieldPath: `spec.initContainers{${spec.name}}` })),
    ...containers.map((spec): PodContainer => ({ role: 'main', spec, fieldPath: `spec.containers{${spec.name}}` })),
    ...ephemeralContainers.map(
      (spec): PodContainer => ({ role: 'ephemeral', spec, fieldPath: `spec.ephemeralContainers{${spec.name}}`, ...(spec.targetContainerName ? { targetContainer: spec.targetContainerName } : {}) }),
    ),
  ];
}

export function statusOf(pod: V1Pod, name: string): V1ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find((status) => status.name === name);
}

/** Succeeded and Failed pods never run again. */
export function isTerminal(pod: V1Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Read from a file of the node, not from the API. */
export function isStatic(pod: V1Pod): boolean {
  const source = pod.metadata?.annotations?.[sourceAnnotation];
  return source !== undefined && source !== 'api';
}

export function isMirror(pod: V1Pod): boolean {
  return pod.metadata?.annotations?.[mirrorAnnotation] !== undefined;
}

export function millisecondsOf(time: Date | string | undefined): number | undefined {
  return time === undefined ? undefined : new Date(time).getTime();
}

/** `2026-11-23T19:37:00Z`: seconds, as Kubernetes writes times. */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
