/** Evicts pods from nodes with `NoExecute` taints, each after the time that it tolerates them. A key is a pod's. */
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { nodes, pods } from '../../client/resources.ts';
import { keyOf } from '../../api/object.ts';
import { equal } from '../common/equal.ts';
import { timestamp } from '../../api/time.ts';
import { untilEvicted } from './plan.ts';

const nodeIndex = 'node';

export const taintEvictionController: ControllerDefinition = {
  name: 'taint-eviction-controller',
  serviceAccount: 'node-controller',
  eventSource: 'taint-eviction-controller',
  watches: [
    {
      resource: nodes,
      keys: (node, old, informers) => {
        if (old !== undefined && equal(node.spec?.taints, old.spec?.taints)) return [];
        const informer = informers.informer(pods);
        informer.addIndex(nodeIndex, (pod) => [pod.spec?.nodeName ?? '']);
        return informer.lister.byIndex(nodeIndex, node.metadata?.name ?? '').map(keyOf);
      },
    },
    { resource: pods, keys: (pod, old) => (old?.spec?.nodeName === pod.spec?.nodeName && old !== undefined && equal(old.spec?.tolerations, pod.spec?.tolerations) ? [] : [keyOf(pod)]) },
  ],
  workers: 8,
  start: (context) => {
    /** When each pod's eviction was first foreseen, in milliseconds since the epoch. */
    const foreseen = new Map<string, number>();
    return { reconcile: (key) => reconcile(context, foreseen, key) };
  },
};

async function reconcile(context: ControllerContext, foreseen: Map<string, number>, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const now = context.clock.now();
  const pod = context.informers.informer(pods).lister.get(namespace, name);
  const taints = context.informers.informer(nodes).lister.get('', pod?.spec?.nodeName ?? '')?.spec?.taints ?? [];
  const since = foreseen.get(key) ?? now;
  const wait = pod === undefined || pod.metadata?.deletionTimestamp !== undefined ? undefined : untilEvicted(pod, taints, since, now);
  if (pod === undefined || wait === undefined) {
    if (foreseen.delete(key) && pod !== undefined && pod.metadata?.deletionTimestamp === undefined) context.events.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
    return;
  }
  if (wait > 0) {
    foreseen.set(key, since);
    return { after: wait };
  }
  context.events.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  const resource = context.client.resource(pods, namespace);
  const { uid } = pod.metadata ?? {};
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastTransitionTime: timestamp(now) };
  try {
    await resource.patch(name, { metadata: { uid }, status: { conditions: [condition] } }, { type: 'strategic', subresource: 'status' });
    await resource.delete(name, { preconditions: { uid } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
  foreseen.delete(key);
}
