/**
 * Names and labels of what the runtime makes, as every tool that knows Kubernetes on Docker reads them; all state that must
 * outlive the host is in them.
 */
import { clusterLabel } from '../../../engine/engine.ts';
import type { ContainerConfig, PodIdentity, SandboxConfig } from '../runtime.ts';

export const labels = {
  cluster: clusterLabel,
  node: 'dev.kubicle.node',
  attempt: 'annotation.io.kubernetes.container.restartCount',
  podName: 'io.kubernetes.pod.name',
  podNamespace: 'io.kubernetes.pod.namespace',
  podUid: 'io.kubernetes.pod.uid',
  containerName: 'io.kubernetes.container.name',
  type: 'io.kubernetes.docker.type',
  sandboxId: 'io.kubernetes.sandbox.id',
} as const;

export type Labels = Readonly<Record<string, string>>;

/** The name that pause containers have in place of a container's. */
const sandboxContainerName = 'POD';

export function sandboxName({ pod, attempt }: SandboxConfig): string {
  return containerNameOf(sandboxContainerName, pod, attempt);
}

export function containerName({ name, pod, attempt }: ContainerConfig): string {
  return containerNameOf(name, pod, attempt);
}

function containerNameOf(name: string, pod: PodIdentity, attempt: number): string {
  return ['k8s', name, pod.name, pod.namespace, pod.uid, attempt].join('_');
}

/** Name of a pod's volume in memory on the engine. */
export function memoryVolumeName(podUid: string, name: string): string {
  return `k8s_${podUid}_${name}`;
}

export function sandboxLabels(cluster: string, config: SandboxConfig): Labels {
  return {
    ...config.labels,
    ...annotationLabels(config.annotations),
    ...ownLabels(cluster, config),
    [labels.containerName]: sandboxContainerName,
    [labels.type]: 'podsandbox',
  };
}

export function containerLabels(cluster: string, config: ContainerConfig): Labels {
  return {
    ...config.labels,
    ...annotationLabels(config.annotations),
    ...ownLabels(cluster, config),
    [labels.containerName]: config.name,
    [labels.sandboxId]: config.sandboxId,
    [labels.type]: 'container',
  };
}

/** Docker knows no annotations: they are labels with a prefix. */
function annotationLabels(annotations: Labels): Labels {
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`annotation.${name}`, value]));
}

function ownLabels(cluster: string, { pod, node, attempt }: { pod: PodIdentity; node: string; attempt: number }): Labels {
  return {
    [labels.cluster]: cluster,
    [labels.node]: node,
    [labels.attempt]: String(attempt),
    [labels.podName]: pod.name,
    [labels.podNamespace]: pod.namespace,
    [labels.podUid]: pod.uid,
  };
}

export function podOf(found: Labels): PodIdentity {
  return { uid: found[labels.podUid] ?? '', namespace: found[labels.podNamespace] ?? '', name: found[labels.podName] ?? '' };
}

/** Filter text of the engine's lists. */
export function labelFilter(cluster: string, wanted: { readonly type?: 'podsandbox' | 'container'; readonly node?: string; readonly podUid?: string; readonly sandboxId?: string }): string {
  const pairs: [string, string | undefined][] = [
    [labels.cluster, cluster],
    [labels.type, wanted.type],
    [labels.node, wanted.node],
    [labels.podUid, wanted.podUid],
    [labels.sandboxId, wanted.sandboxId],
  ];
  return JSON.stringify({ label: pairs.flatMap(([label, value]) => (value === undefined ? [] : [`${label}=${value}`])) });
}
