/** Deployment: rolls from one replica set to the next (kubernetes.io/docs/concepts/workloads/controllers/deployment). */
import type { V1Deployment, V1ReplicaSet } from '../../api/generated/types.ts';
import { validSelectorOf } from '../../api/selectors/label-selector.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, KeysOf, ReconcileResult } from '../../client/controller.ts';
import { deployments, pods, replicaSets } from '../../client/resources.ts';
import { applyClaims, claimKeys, planClaims } from '../common/claims.ts';
import { equal } from '../common/equal.ts';
import { controllerOf, isControlledBy, ownerIndex, ownerIndexer } from '../common/owners.ts';
import { planDeployment, sizeAnnotations, type DeploymentPlan } from './plan.ts';
import { revisionAnnotation, sameTemplate, wanted } from './replica-sets.ts';
import type { Scale } from './scaling.ts';
import { untilDeadline } from './status.ts';

export const deploymentController: ControllerDefinition = {
  name: 'deployment',
  eventSource: 'deployment-controller',
  watches: [
    { resource: deployments },
    { resource: replicaSets, keys: claimKeys(deployments, ({ spec }) => validSelectorOf(spec?.selector)) },
    { resource: pods, keys: podKeys },
  ],
  workers: 5,
  start: (context) => {
    context.informers.informer(replicaSets).addIndex(ownerIndex, ownerIndexer);
    context.informers.informer(pods).addIndex(ownerIndex, ownerIndexer);
    return { reconcile: (key) => reconcile(context, key) };
  },
};

/** Pods concern a deployment only where it waits for the last old one to go. */
function podKeys(...[pod, , informers]: Parameters<KeysOf<any>>): readonly string[] {
  const owner = controllerOf(pod);
  const namespace = pod.metadata?.namespace ?? '';
  const replicaSet = owner?.kind === 'ReplicaSet' ? informers.informer(replicaSets).lister.get(namespace, owner.name) : undefined;
  const deployment = informers.informer(deployments).lister.get(namespace, (replicaSet === undefined ? undefined : controllerOf(replicaSet)?.name) ?? '');
  return deployment?.spec?.strategy?.type === 'Recreate' ? [`${namespace}/${deployment.metadata?.name}`] : [];
}

async function reconcile(context: ControllerContext, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const deployment = context.informers.informer(deployments).lister.get(namespace, name);
  if (deployment === undefined) return;
  const selector = validSelectorOf(deployment.spec?.selector);
  if (selector.requirements.length === 0) {
    context.events.event(deployment, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
    return;
  }
  const { lister } = context.informers.informer(replicaSets);
  const candidates = [...lister.byIndex(ownerIndex, deployment.metadata?.uid ?? ''), ...lister.byIndex(ownerIndex, `orphans/${namespace}`)];
  const owned = await applyClaims(context.client, deployments, deployment, replicaSets, planClaims(deployment, selector, candidates));
  const podLister = context.informers.informer(pods).lister;
  const plan = planDeployment(deployment, owned, owned.flatMap(({ metadata }) => podLister.byIndex(ownerIndex, metadata?.uid ?? '')), context.clock.now());

  if (plan.create !== undefined && !(await createReplicaSet(context, deployment, plan.create))) return;
  for (const replicaSet of plan.refresh) await context.client.resource(replicaSets, namespace).update(replicaSet);
  for (const scale of plan.scale) await applyScale(context, deployment, scale, plan.refresh);
  for (const { metadata } of plan.remove) await context.client.resource(replicaSets, namespace).delete(metadata?.name ?? '', { preconditions: { uid: metadata?.uid } });
  const current = await writeStatus(context, deployment, plan);
  const after = untilDeadline(current, context.clock.now());
  // Kubernetes' times have whole seconds: one later the deadline is surely over.
  return after === undefined || after === 0 ? undefined : { after: after + 1000 };
}

/** False when the name was taken by another template: the collision is counted, and the next attempt takes another name. */
async function createReplicaSet(context: ControllerContext, deployment: V1Deployment, replicaSet: V1ReplicaSet): Promise<boolean> {
  const { namespace } = deployment.metadata ?? {};
  const resource = context.client.resource(replicaSets, namespace);
  try {
    await resource.create(replicaSet);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    const there = await resource.get(replicaSet.metadata?.name ?? '');
    if (isControlledBy(there, deployment) && deployment.spec !== undefined && sameTemplate(there.spec?.template, deployment.spec.template)) return true;
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    await context.client.resource(deployments, namespace).update({ ...deployment, status }, { subresource: 'status' });
    return false;
  }
  const replicas = wanted(replicaSet);
  if (replicas > 0) context.events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${replicaSet.metadata?.name} from 0 to ${replicas}`);
  return true;
}

/** The revision goes with the status: written as an annotation of its own it would count as a new generation. */
async function writeStatus(context: ControllerContext, deployment: V1Deployment, { revision, status }: DeploymentPlan): Promise<V1Deployment> {
  if (revision === undefined && equal(deployment.status, status)) return deployment;
  const annotations = { ...deployment.metadata?.annotations, ...(revision === undefined ? {} : { [revisionAnnotation]: revision }) };
  const metadata = { ...deployment.metadata, annotations };
  return await context.client.resource(deployments, deployment.metadata?.namespace).update({ ...deployment, metadata, status }, { subresource: 'status' });
}

async function applyScale(context: ControllerContext, deployment: V1Deployment, { replicaSet, to }: Scale, refreshed: readonly V1ReplicaSet[]): Promise<void> {
  // A set that was refreshed just now is at a newer version: the next attempt scales it.
  if (refreshed.some(({ metadata }) => metadata?.uid === replicaSet.metadata?.uid) || replicaSet.spec === undefined) return;
  const { name, annotations } = replicaSet.metadata ?? {};
  const metadata = { ...replicaSet.metadata, annotations: { ...annotations, ...sizeAnnotations(deployment) } };
  const from = wanted(replicaSet);
  await context.client.resource(replicaSets, deployment.metadata?.namespace).update({ ...replicaSet, metadata, spec: { ...replicaSet.spec, replicas: to } });
  if (from !== to) context.events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`);
}
