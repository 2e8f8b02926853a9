/** StatefulSet: pods with names, an order and volumes of their own. */
import type { V1Pod, V1StatefulSet } from '../../api/generated/types.ts';
import { validSelectorOf } from '../../api/selectors/label-selector.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../client/resources.ts';
import { applyClaims, claimKeys, planClaims } from '../common/claims.ts';
import { equal } from '../common/equal.ts';
import { isCurrent } from '../common/is-current.ts';
import { controllerKeys, ownerIndex, ownerIndexer } from '../common/owners.ts';
import { textOf } from '../common/pod-control.ts';
import { isActive, nextAvailability } from '../common/pods.ts';
import { syncRevisions, trimHistory } from '../common/revisions.ts';
import { ordinalOf, planStatefulSet, planStatus, revisionLabel } from './plan.ts';
import { statefulClaims, statefulPod } from './pod.ts';
import { applyRetention, retainedClaimKeys } from './retention.ts';

export const statefulSetController: ControllerDefinition = {
  name: 'statefulset',
  eventSource: 'statefulset-controller',
  watches: [
    { resource: statefulSets },
    { resource: pods, keys: claimKeys(statefulSets, ({ spec }) => validSelectorOf(spec?.selector)) },
    { resource: controllerRevisions, keys: controllerKeys(statefulSets) },
    { resource: persistentVolumeClaims, keys: retainedClaimKeys },
  ],
  workers: 5,
  start: (context) => {
    context.informers.informer(pods).addIndex(ownerIndex, ownerIndexer);
    context.informers.informer(controllerRevisions).addIndex(ownerIndex, ownerIndexer);
    return { reconcile: (key) => reconcile(context, key) };
  },
};

async function reconcile(context: ControllerContext, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const set = context.informers.informer(statefulSets).lister.get(namespace, name);
  if (set === undefined) return;
  const { lister } = context.informers.informer(pods);
  const candidates = [...lister.byIndex(ownerIndex, set.metadata?.uid ?? ''), ...lister.byIndex(ownerIndex, `orphans/${namespace}`)];
  const claims = planClaims(set, validSelectorOf(set.spec?.selector), candidates, (pod) => ordinalOf(set, pod) !== undefined);
  const owned = await applyClaims(context.client, statefulSets, set, pods, claims);
  const { update, all } = await syncRevisions(context, statefulSets, set, (hash) => ({ ...set.spec?.template.metadata?.labels, 'controller.kubernetes.io/hash': hash }));
  const current = all.find(({ metadata }) => metadata?.name === set.status?.currentRevision) ?? update;
  const now = context.clock.now();
  const input = { set, pods: owned, current, update, now };
  const plan = planStatefulSet(input);
  if (plan.create.length + plan.delete.length > 0 && !(await isCurrent(context.client, statefulSets, set))) return;
  // Names are fixed: a copy that lags behind can not make a pod twice.
  for (const { ordinal, revision } of plan.create) await createPod(context, set, statefulPod(set, ordinal, revision), ordinal);
  await applyRetention(context, set, owned);
  for (const { pod, failed } of plan.delete) await deletePod(context, set, pod, failed);
  const status = planStatus(input);
  if (!equal(set.status, status)) await context.client.resource(statefulSets, namespace).update({ ...set, status }, { subresource: 'status' });
  const live = new Set([current.metadata?.name, update.metadata?.name, ...owned.map(({ metadata }) => metadata?.labels?.[revisionLabel])]);
  await trimHistory(context, set, all, ({ metadata }) => live.has(metadata?.name));
  const after = nextAvailability(owned.filter(isActive), set.spec?.minReadySeconds ?? 0, now);
  return after === undefined ? undefined : { after };
}

async function createPod({ client, events }: ControllerContext, set: V1StatefulSet, pod: V1Pod, ordinal: number): Promise<void> {
  const namespace = set.metadata?.namespace;
  const what = `Pod ${pod.metadata?.name} in StatefulSet ${set.metadata?.name}`;
  try {
    for (const claim of statefulClaims(set, ordinal)) {
      try {
        await client.resource(persistentVolumeClaims, namespace).create(claim);
        events.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${claim.metadata?.name} ${what} success`);
      } catch (error) {
        if (!hasReason(error, 'AlreadyExists')) throw error;
      }
    }
    await client.resource(pods, namespace).create(pod);
    events.event(set, 'Normal', 'SuccessfulCreate', `create ${what} successful`);
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) return;
    events.event(set, 'Warning', 'FailedCreate', `create ${what} failed error: ${textOf(error)}`);
    throw error;
  }
}

async function deletePod({ client, events }: ControllerContext, set: V1StatefulSet, { metadata }: V1Pod, failed: boolean): Promise<void> {
  const what = `Pod ${metadata?.name} in StatefulSet ${set.metadata?.name}`;
  if (failed) events.event(set, 'Warning', 'RecreatingFailedPod', `StatefulSet ${set.metadata?.namespace}/${set.metadata?.name} is recreating failed Pod ${metadata?.name}`);
  try {
    await client.resource(pods, metadata?.namespace).delete(metadata?.name ?? '', { preconditions: { uid: metadata?.uid } });
    events.event(set, 'Normal', 'SuccessfulDelete', `delete ${what} successful`);
  } catch (error) {
    if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return;
    events.event(set, 'Warning', 'FailedDelete', `delete ${what} failed error: ${textOf(error)}`);
    throw error;
  }
}
