/** PodDisruptionBudget: keeps each budget's status, which the eviction API and the scheduler ask. */
import type { V1Pod, V1PodDisruptionBudget } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { matchesLabels, validSelectorOf } from '../../api/selectors/label-selector.ts';
import type { ControllerContext, ControllerDefinition, KeysOf, ReconcileResult } from '../../client/controller.ts';
import { deployments, podDisruptionBudgets, pods, replicaSets, replicationControllers, statefulSets } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { controllerOf, refersTo } from '../common/owners.ts';
import { isFinished } from '../common/pods.ts';
import { planBudget } from './plan.ts';

const scaled: readonly Resource[] = [replicaSets, statefulSets, replicationControllers];

const podKeys: KeysOf<V1Pod> = (pod, old, informers) =>
  informers
    .informer(podDisruptionBudgets)
    .lister.list(pod.metadata?.namespace)
    .filter(({ spec }) => [pod, old].some((one) => one !== undefined && matchesLabels(validSelectorOf(spec?.selector), one.metadata?.labels)))
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);

/** A budget counts on its pods' controllers being as large as they should be. */
const scaleKeys: KeysOf<KubeObject> = (owner, old, informers) =>
  old !== undefined && old['spec']?.replicas === owner['spec']?.replicas ? [] : informers.informer(podDisruptionBudgets).lister.list(owner.metadata?.namespace).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);

export const disruptionController: ControllerDefinition = {
  name: 'disruption',
  eventSource: 'controllermanager',
  watches: [{ resource: podDisruptionBudgets }, { resource: pods, keys: podKeys }, ...[...scaled, deployments].map((resource) => ({ resource, keys: scaleKeys }))],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile(context: ControllerContext, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const budget = context.informers.informer(podDisruptionBudgets).lister.get(namespace, name);
  if (budget === undefined || budget.metadata?.deletionTimestamp !== undefined) return;
  const selector = validSelectorOf(budget.spec?.selector);
  const selected = context.informers.informer(pods).lister.list(namespace).filter(({ metadata }) => matchesLabels(selector, metadata?.labels));
  if (selected.length === 0) context.events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  const status = planBudget(budget, selected, expectedPods(context, budget, selected), context.clock.now());
  if (!equal(budget.status, status)) await context.client.resource(podDisruptionBudgets, namespace).update({ ...budget, status }, { subresource: 'status' });
  return status.disruptedPods === undefined ? undefined : { after: 120_000 };
}

/** For a fixed minimum the pods that there are; for everything relative the sum of their controllers' scales. */
function expectedPods(context: ControllerContext, { spec }: V1PodDisruptionBudget, selected: readonly V1Pod[]): number {
  if (spec?.maxUnavailable === undefined && typeof spec?.minAvailable === 'number') return selected.filter((pod) => !isFinished(pod)).length;
  const owners = new Map<string, number>();
  for (const pod of selected) {
    const scale = scaleOf(context, pod);
    if (scale !== undefined) owners.set(scale.uid, scale.replicas);
  }
  return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
}

function scaleOf({ informers }: ControllerContext, pod: V1Pod): { readonly uid: string; readonly replicas: number } | undefined {
  const reference = controllerOf(pod);
  const resource = scaled.find((one) => refersTo(reference, one));
  const owner = resource === undefined ? undefined : informers.informer(resource).lister.get(pod.metadata?.namespace ?? '', reference?.name ?? '');
  if (owner === undefined) return undefined;
  const parent = controllerOf(owner);
  const deployment = refersTo(parent, deployments) ? informers.informer(deployments).lister.get(pod.metadata?.namespace ?? '', parent?.name ?? '') : undefined;
  const source = deployment ?? owner;
  return { uid: source.metadata?.uid ?? '', replicas: (source as KubeObject)['spec']?.replicas ?? 1 };
}
