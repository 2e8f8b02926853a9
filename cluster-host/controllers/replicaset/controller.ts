/**
 * ReplicaSet: keeps as many pods of a template as are wanted (kubernetes.io/docs/concepts/workloads/controllers/replicaset).
 *
 * `replicaController` is the whole of it for any kind of that shape; ReplicationController is its other row.
 */
import type { V1Pod, V1ReplicaSet, V1ReplicaSetStatus } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { validSelectorOf, type Selector } from '../../api/selectors/label-selector.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { pods, replicaSets } from '../../client/resources.ts';
import { applyClaims, claimKeys, planClaims } from '../common/claims.ts';
import { equal } from '../common/equal.ts';
import { isCurrent } from '../common/is-current.ts';
import { controllerOf, ownerIndex, ownerIndexer } from '../common/owners.ts';
import { podOf, PodControl, textOf } from '../common/pod-control.ts';
import { isActive, nextAvailability } from '../common/pods.ts';
import { planReplicas, planStatus, type ReplicaFailure } from './plan.ts';

export interface ReplicaKind<T extends KubeObject> {
  readonly name: string;
  readonly serviceAccount: string;
  readonly eventSource: string;
  readonly resource: Resource<T>;
  selectorOf(owner: T): Selector;
  /** What of the status the kind knows. */
  statusOf(status: V1ReplicaSetStatus): V1ReplicaSetStatus;
}

export const replicaSetController = replicaController<V1ReplicaSet>({
  name: 'replicaset',
  serviceAccount: 'replicaset-controller',
  eventSource: 'replicaset-controller',
  resource: replicaSets,
  selectorOf: (owner) => validSelectorOf(owner.spec?.selector),
  statusOf: (status) => status,
});

/** The kind's spec and status are read as a ReplicaSet's; only its selector has another form. */
export function replicaController<T extends KubeObject>(kind: ReplicaKind<T>): ControllerDefinition {
  return {
    name: kind.name,
    serviceAccount: kind.serviceAccount,
    eventSource: kind.eventSource,
    watches: [{ resource: kind.resource }, { resource: pods, keys: claimKeys(kind.resource, (owner) => kind.selectorOf(owner)) }],
    workers: 5,
    start: (context) => {
      const control = new PodControl(context, kind.resource);
      context.informers.informer(kind.resource).addIndex(ownerIndex, ownerIndexer);
      return { reconcile: (key) => reconcile(context, kind, control, key) };
    },
  };
}

async function reconcile<T extends KubeObject>(context: ControllerContext, kind: ReplicaKind<T>, control: PodControl, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const owner = context.informers.informer(kind.resource).lister.get(namespace, name) as V1ReplicaSet | undefined;
  if (owner === undefined) {
    control.expectations.forget(key);
    return;
  }
  const settled = control.expectations.satisfied(key);
  const claims = planClaims(owner, kind.selectorOf(owner as T), control.candidates(owner), isActive);
  const owned = await applyClaims(context.client, kind.resource, owner, pods, claims);

  let failure: ReplicaFailure | undefined;
  let error: unknown;
  if (settled && owner.metadata?.deletionTimestamp === undefined) {
    const plan = planReplicas(owner.spec?.replicas ?? 1, owned, relatedPods(context, kind, owner, owned), context.clock.now());
    if (plan.create + plan.delete.length > 0 && !(await isCurrent(context.client, kind.resource, owner))) return;
    const template = owner.spec?.template ?? {};
    error = await control.create(owner, plan.create, () => podOf(template, kind.resource, owner));
    error ??= await control.delete(owner, plan.delete);
    if (error !== undefined) failure = { reason: plan.create > 0 ? 'FailedCreate' : 'FailedDelete', message: textOf(error) };
  }

  const status = kind.statusOf(planStatus(owner, owned, failure, context.clock.now()));
  if (!equal(owner.status, status)) await context.client.resource<KubeObject>(kind.resource, namespace).update({ ...owner, status }, { subresource: 'status' });
  if (error !== undefined) throw error;
  const after = nextAvailability(owned.filter(isActive), owner.spec?.minReadySeconds ?? 0, context.clock.now());
  return after === undefined ? undefined : { after };
}

/** Pods of the controllers that have the same owner: the old and new replica sets of one deployment. */
function relatedPods<T extends KubeObject>(context: ControllerContext, kind: ReplicaKind<T>, owner: KubeObject, owned: readonly V1Pod[]): readonly V1Pod[] {
  const parent = controllerOf(owner);
  if (parent === undefined) return owned;
  const siblings = context.informers.informer(kind.resource).lister.byIndex(ownerIndex, parent.uid);
  const { lister } = context.informers.informer(pods);
  return siblings.flatMap((sibling) => lister.byIndex(ownerIndex, sibling.metadata?.uid ?? ''));
}
