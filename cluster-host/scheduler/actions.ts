/** What follows a scheduling decision: writes to the API server. Nothing here throws; what failed is logged or answered with false. */
import type { V1Pod, V1PodCondition } from '../api/generated/types.ts';
import { timestamp } from '../api/time.ts';
import { hasReason } from '../client/client.ts';
import type { ControllerContext } from '../client/controller.ts';
import { persistentVolumeClaims, pods } from '../client/resources.ts';
import type { ClusterView } from './plugin.ts';
import { waitingClaims } from './plugins/volume-binding.ts';
import type { PodInfo } from './pod-info.ts';
import type { Candidate } from './preemption.ts';

/** `waiting`: volumes are made for the pod on this node first. `failed`: it must be tried again. */
export type BindResult = 'bound' | 'waiting' | 'failed';

export async function bindPod(context: ControllerContext, cluster: ClusterView, pod: PodInfo, node: string): Promise<BindResult> {
  const claims = waitingClaims(pod, cluster);
  if (claims.length === 0) return (await bind(context, pod, node)) ? 'bound' : 'failed';
  try {
    for (const { metadata } of claims) {
      const annotations = { 'volume.kubernetes.io/selected-node': node };
      await context.client.resource(persistentVolumeClaims, metadata?.namespace).patch(metadata?.name ?? '', { metadata: { uid: metadata?.uid, annotations } }, { type: 'merge' });
    }
    return 'waiting';
  } catch (error) {
    context.log.warn('the node of a volume could not be chosen', { pod: pod.key, node, error });
    return 'failed';
  }
}

async function bind({ client, events, log }: ControllerContext, { pod, key }: PodInfo, node: string): Promise<boolean> {
  const { namespace, name = '', uid } = pod.metadata ?? {};
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target: { apiVersion: 'v1', kind: 'Node', name: node } };
  try {
    await client.resource(pods, namespace).createSubresource(name, 'binding', binding);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) log.warn('a pod could not be bound', { pod: key, node, error });
    return false;
  }
  events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${node}`);
  return true;
}

/** Tells why the pod has no node, in an event and in its condition. */
export async function tellFailure({ client, events, clock, log }: ControllerContext, { pod, key }: PodInfo, message: string, nominatedNodeName?: string): Promise<void> {
  events.event(pod, 'Warning', 'FailedScheduling', message);
  const known = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const same = known?.status === 'False' && known.reason === 'Unschedulable' && known.message === message;
  if (same && (nominatedNodeName === undefined || nominatedNodeName === pod.status?.nominatedNodeName)) return;
  const lastTransitionTime = known?.status === 'False' ? known.lastTransitionTime : timestamp(clock.now());
  const condition: V1PodCondition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime };
  const status = { conditions: [condition], ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }) };
  try {
    await client.resource(pods, pod.metadata?.namespace).patch(pod.metadata?.name ?? '', { metadata: { uid: pod.metadata?.uid }, status }, { type: 'strategic', subresource: 'status' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) log.warn("a pod's condition could not be written", { pod: key, error });
  }
}

/** Evicts the victims; false when one of them would not go. */
export async function preempt(context: ControllerContext, { pod, uid }: PodInfo, { node, victims }: Candidate): Promise<boolean> {
  const results = await Promise.allSettled(victims.map((victim) => evict(context, victim.pod)));
  for (const [index, result] of results.entries()) {
    const victim = victims[index];
    if (victim === undefined) continue;
    if (result.status === 'fulfilled') context.events.event(victim.pod, 'Normal', 'Preempted', `Preempted by pod ${uid} on node ${node}`);
    else context.log.warn('a pod could not be preempted', { pod: victim.key, for: pod.metadata?.name, error: result.reason });
  }
  return results.every(({ status }) => status === 'fulfilled');
}

async function evict({ client, clock }: ControllerContext, { metadata }: V1Pod): Promise<void> {
  if (metadata?.deletionTimestamp !== undefined) return;
  const resource = client.resource(pods, metadata?.namespace);
  const name = metadata?.name ?? '';
  const lastTransitionTime = timestamp(clock.now());
  const message = 'default-scheduler: preempting to accommodate a higher priority pod';
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message, lastTransitionTime };
  try {
    await resource.patch(name, { metadata: { uid: metadata?.uid }, status: { conditions: [condition] } }, { type: 'strategic', subresource: 'status' });
    await resource.delete(name, { preconditions: { uid: metadata?.uid } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
