/** Collects pods that nobody else will (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection). A key is a pod's; `*` stands for the finished ones together. */
import type { V1Pod } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { nodes, pods } from '../../client/resources.ts';
import { isFinished } from '../common/pods.ts';
import { timestamp } from '../../api/time.ts';

const nodeIndex = 'node';
const allFinished = '*';
/** Kubernetes' default (`--terminated-pod-gc-threshold`). */
const finishedLimit = 12_500;
/** A node that is gone may come back: so long its pods are left alone, in milliseconds. */
const quarantine = 40_000;
const outOfService = 'node.kubernetes.io/out-of-service';

export const podGcController: ControllerDefinition = {
  name: 'podgc',
  serviceAccount: 'pod-garbage-collector',
  watches: [
    { resource: pods, keys: (pod) => (isFinished(pod) ? [keyOf(pod), allFinished] : [keyOf(pod)]) },
    {
      resource: nodes,
      keys: ({ metadata }, old, informers) => {
        const informer = informers.informer(pods);
        informer.addIndex(nodeIndex, (pod) => [pod.spec?.nodeName ?? '']);
        return old === undefined ? informer.lister.byIndex(nodeIndex, metadata?.name ?? '').map(keyOf) : [];
      },
    },
  ],
  start: (context) => {
    /** When each node was found missing. */
    const missing = new Map<string, number>();
    return { reconcile: (key) => (key === allFinished ? removeOldest(context) : reconcile(context, missing, key)) };
  },
};

async function reconcile(context: ControllerContext, missing: Map<string, number>, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const pod = context.informers.informer(pods).lister.get(namespace, name);
  if (pod === undefined) return;
  const { nodeName = '' } = pod.spec ?? {};
  const dying = pod.metadata?.deletionTimestamp !== undefined;
  if (nodeName === '') {
    // Nobody runs it, so nobody ends it.
    if (dying) await remove(context, pod);
    return;
  }
  const node = context.informers.informer(nodes).lister.get('', nodeName);
  if (node !== undefined) {
    missing.delete(nodeName);
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
    if (dying && !ready && node.spec?.taints?.some((taint) => taint.key === outOfService) === true) await remove(context, pod);
    return;
  }
  const now = context.clock.now();
  const since = missing.get(nodeName) ?? now;
  missing.set(nodeName, since);
  if (now - since < quarantine) return { after: since + quarantine - now };
  if (await nodeExists(context, nodeName)) return;
  await remove(context, pod, 'PodGC: node no longer exists');
}

async function nodeExists({ client }: ControllerContext, name: string): Promise<boolean> {
  try {
    await client.resource(nodes).get(name);
    return true;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return false;
    throw error;
  }
}

async function removeOldest(context: ControllerContext): Promise<void> {
  const finished = context.informers.informer(pods).lister.list().filter(isFinished);
  if (finished.length <= finishedLimit) return;
  const age = ({ metadata }: V1Pod): string => metadata?.creationTimestamp ?? '';
  for (const pod of finished.toSorted((a, b) => (age(a) < age(b) ? -1 : 1)).slice(0, finished.length - finishedLimit)) await remove(context, pod);
}

/** Deletes at once; a pod that had not ended is marked as failed first, with the reason where there is one. */
async function remove({ client, clock }: ControllerContext, pod: V1Pod, message?: string): Promise<void> {
  const { namespace, name = '', uid } = pod.metadata ?? {};
  const resource = client.resource(pods, namespace);
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message, lastTransitionTime: timestamp(clock.now()) };
  try {
    if (!isFinished(pod)) {
      const status = { phase: 'Failed', ...(message === undefined ? {} : { conditions: [condition] }) };
      await resource.patch(name, { metadata: { uid }, status }, { type: 'strategic', subresource: 'status' });
    }
    await resource.delete(name, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
