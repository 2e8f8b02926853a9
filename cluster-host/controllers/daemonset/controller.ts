/** DaemonSet: one pod on each node that suits. */
import type { V1ControllerRevision, V1DaemonSet, V1Node, V1Pod } from '../../api/generated/types.ts';
import { validSelectorOf } from '../../api/selectors/label-selector.ts';
import type { ControllerContext, ControllerDefinition, KeysOf, ReconcileResult } from '../../client/controller.ts';
import { controllerRevisions, daemonSets, nodes, pods } from '../../client/resources.ts';
import { keyOf } from '../../api/object.ts';
import { applyClaims, claimKeys, planClaims } from '../common/claims.ts';
import { equal } from '../common/equal.ts';
import { isCurrent } from '../common/is-current.ts';
import { controllerKeys, ownerIndex, ownerIndexer } from '../common/owners.ts';
import { podOf, PodControl } from '../common/pod-control.ts';
import { nextAvailability } from '../common/pods.ts';
import { syncRevisions, trimHistory } from '../common/revisions.ts';
import { affinityTo, daemonTolerations, hashLabel, nodeOf, planDaemonSet, planStatus } from './plan.ts';

/** A node concerns every daemon set, unless only its heartbeat changed. */
const nodeKeys: KeysOf<V1Node> = (node, old, informers) => {
  const read = ({ metadata, spec }: V1Node): unknown => [metadata?.labels, spec?.taints];
  return old !== undefined && equal(read(node), read(old)) ? [] : informers.informer(daemonSets).lister.list().map(keyOf);
};

export const daemonSetController: ControllerDefinition = {
  name: 'daemonset',
  serviceAccount: 'daemon-set-controller',
  eventSource: 'daemonset-controller',
  watches: [
    { resource: daemonSets },
    { resource: pods, keys: claimKeys(daemonSets, ({ spec }) => validSelectorOf(spec?.selector)) },
    { resource: controllerRevisions, keys: controllerKeys(daemonSets) },
    { resource: nodes, keys: nodeKeys },
  ],
  workers: 2,
  start: (context) => {
    const control = new PodControl(context, daemonSets);
    context.informers.informer(controllerRevisions).addIndex(ownerIndex, ownerIndexer);
    return { reconcile: (key) => reconcile(context, control, key) };
  },
};

async function reconcile(context: ControllerContext, control: PodControl, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const set = context.informers.informer(daemonSets).lister.get(namespace, name);
  if (set === undefined) {
    control.expectations.forget(key);
    return;
  }
  const selector = validSelectorOf(set.spec?.selector);
  if (selector.requirements.length === 0) {
    context.events.event(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
    return;
  }
  const settled = control.expectations.satisfied(key);
  const owned = await applyClaims(context.client, daemonSets, set, pods, planClaims(set, selector, control.candidates(set)));
  const { update, all } = await syncRevisions(context, daemonSets, set, (hash) => ({ ...set.spec?.template.metadata?.labels, [hashLabel]: hash }));
  const now = context.clock.now();
  const input = { set, nodes: context.informers.informer(nodes).lister.list(), pods: owned, update, now };
  let failure: unknown;
  if (settled) {
    const plan = planDaemonSet(input);
    if (plan.create.length + plan.delete.length > 0 && !(await isCurrent(context.client, daemonSets, set))) return;
    for (const pod of plan.failed) context.events.event(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${keyOf(pod)} on node ${nodeOf(pod)}, will try to kill it`);
    const places = [...plan.create];
    failure = await control.create(set, places.length, () => daemonPod(set, update, places.shift() ?? ''));
    failure ??= await control.delete(set, plan.delete);
  }
  const status = { ...planStatus(input), ...(set.status?.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }) };
  if (!equal(set.status, status)) await context.client.resource(daemonSets, namespace).update({ ...set, status }, { subresource: 'status' });
  if (failure !== undefined) throw failure;
  const live = new Set([update.metadata?.labels?.[hashLabel], ...owned.map(({ metadata }) => metadata?.labels?.[hashLabel])]);
  await trimHistory(context, set, all, ({ metadata }) => live.has(metadata?.labels?.[hashLabel]));
  const after = nextAvailability(owned, set.spec?.minReadySeconds ?? 0, now);
  return after === undefined ? undefined : { after };
}

function daemonPod(set: V1DaemonSet, update: V1ControllerRevision, node: string): V1Pod {
  const pod = podOf(set.spec?.template ?? {}, daemonSets, set);
  const labels = { ...pod.metadata?.labels, [hashLabel]: update.metadata?.labels?.[hashLabel] ?? '' };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: { containers: [], ...pod.spec, affinity: affinityTo(node, pod.spec?.affinity), tolerations: daemonTolerations(set) } };
}
