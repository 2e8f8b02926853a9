/** Why a pod is not healthy. */
import type { CoreV1Event, V1Pod } from '../../cluster-host/api/generated/types.ts';
import { t } from '../l10n.ts';
import { podState } from '../views/pod-state.ts';
import { diagnoseContainer } from './container.ts';
import { newest, type Finding } from './finding.ts';
import { unschedulable } from './scheduling.ts';

/** `events`: those about this pod. Undefined while nothing is wrong, or nothing is known yet. */
export function diagnosePod(pod: V1Pod, events: readonly CoreV1Event[]): Finding | undefined {
  const finding = find(pod, events);
  if (finding === undefined) return undefined;
  const { container, ...rest } = finding;
  return { ...rest, pod: { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '', ...(container === undefined ? {} : { container }) } };
}

interface PodFinding extends Finding {
  readonly container?: string;
}

function find(pod: V1Pod, events: readonly CoreV1Event[]): PodFinding | undefined {
  const { condition } = podState(pod);
  if (condition === 'running' || condition === 'completed') return undefined;
  if (condition === 'terminating') return terminating(pod);
  if (pod.status?.reason === 'Evicted') return { sentence: t('It was evicted: {0}', pod.status.message ?? ''), remedy: t('Give the node more room, or let the pod ask for what it needs.') };
  if (pod.status?.reason === 'DeadlineExceeded') return { sentence: t('It ran longer than activeDeadlineSeconds allows.'), remedy: t('Raise the deadline, or make it quicker.') };
  return notScheduled(pod) ?? broken(pod) ?? notMounted(events) ?? notReady(pod, events) ?? unexplained(pod);
}

function terminating({ metadata }: V1Pod): Finding | undefined {
  const finalizers = metadata?.finalizers ?? [];
  return finalizers.length === 0 ? undefined : { sentence: t('It is deleted once these finalizers are gone: {0}', finalizers.join(', ')), remedy: t('Whoever set them has to take them off.') };
}

function notScheduled({ status, spec }: V1Pod): Finding | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  if (scheduled.reason === 'SchedulingGated') {
    return { sentence: t('It is held back by scheduling gates: {0}', (spec?.schedulingGates ?? []).map(({ name }) => name).join(', ')), remedy: t('Whoever set them has to take them off.') };
  }
  return unschedulable(scheduled.message ?? '');
}

function broken({ status }: V1Pod): PodFinding | undefined {
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const finding = diagnoseContainer(container);
    if (finding !== undefined) return { ...finding, container: container.name };
  }
  return undefined;
}

function notMounted(events: readonly CoreV1Event[]): Finding | undefined {
  const event = newest(events, ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);
  if (event === undefined) return undefined;
  const [, kind, name] = /(configmap|secret|persistentvolumeclaim) "([^"]+)" not found/i.exec(event.message ?? '') ?? [];
  if (name !== undefined) return { sentence: t('A volume needs the {0} "{1}", which does not exist.', kindNames[kind?.toLowerCase() ?? ''] ?? '', name), remedy: t('Create it, or mend its name in the manifest.') };
  return { sentence: t('It cannot be set up: {0}', event.message ?? ''), remedy: t('Check its volumes and the node.') };
}

const kindNames: Readonly<Record<string, string>> = { configmap: 'ConfigMap', secret: 'Secret', persistentvolumeclaim: 'PersistentVolumeClaim' };

function notReady({ status }: V1Pod, events: readonly CoreV1Event[]): PodFinding | undefined {
  const waiting = (status?.containerStatuses ?? []).filter(({ ready, state }) => !ready && state?.running !== undefined);
  const [first] = waiting;
  if (first === undefined) {
    const gates = (status?.conditions ?? []).find(({ type, reason }) => type === 'Ready' && reason === 'ReadinessGatesNotReady');
    return gates && { sentence: t('A readiness gate is not met: {0}', gates.message ?? ''), remedy: t('Whoever sets the condition has to report it.') };
  }
  const probe = newest(events, ['Unhealthy', 'ProbeWarning']);
  const why = probe?.message ?? '';
  return {
    sentence: why === '' ? t('"{0}" runs, but is not ready yet.', first.name) : t('"{0}" runs, but its probe fails: {1}', first.name, why),
    remedy: why === '' ? t('Its readiness probe has to succeed first.') : t('Check the path and port of the probe, and that the program answers there.'),
    container: first.name,
  };
}

function unexplained({ status }: V1Pod): Finding | undefined {
  const message = status?.message ?? '';
  return status?.phase === 'Failed' ? { sentence: message === '' ? t('It failed.') : t('It failed: {0}', message), remedy: t('Its events and logs say more.') } : undefined;
}
