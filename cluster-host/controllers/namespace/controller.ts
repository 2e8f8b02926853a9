/**
 * Namespace deletion (kubernetes.io/docs/tasks/administer-cluster/namespaces): everything in a namespace that is going is deleted,
 * pods first, whatever its kind; when nothing is left, so is the namespace.
 */
import type { V1Namespace } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { ApiError, hasReason, type Client } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { namespaces, pods } from '../../client/resources.ts';
import { discover, type ServedResource } from '../common/discovery.ts';
import { equal } from '../common/equal.ts';
import { textOf } from '../common/pod-control.ts';
import { deletionConditions, type DeletionProgress, type Remainder } from './plan.ts';

const finalizer = 'kubernetes';
/** How long to wait before looking again at what finalizers keep, in milliseconds. */
const patience = 5000;

export const namespaceController: ControllerDefinition = {
  name: 'namespace',
  watches: [{ resource: namespaces }, { resource: pods, keys: () => [] }],
  workers: 10,
  start: (context, enqueue) => {
    const informer = context.informers.informer(pods);
    // The last pod that goes makes way for everything else.
    const subscription = informer.onChange({
      deleted: ({ metadata }) => {
        const namespace = metadata?.namespace ?? '';
        if (informer.lister.list(namespace).length === 0) enqueue(namespace);
      },
    });
    return { reconcile: (name) => reconcile(context, name), dispose: () => subscription.dispose() };
  },
};

async function reconcile(context: ControllerContext, name: string): Promise<ReconcileResult | void> {
  const known = context.informers.informer(namespaces).lister.get('', name);
  if (known?.metadata?.deletionTimestamp === undefined) return;
  const resource = context.client.resource(namespaces);
  let namespace: V1Namespace;
  try {
    namespace = await resource.get(name);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return;
    throw error;
  }
  if (namespace.metadata?.uid !== known.metadata.uid || (namespace.spec?.finalizers ?? []).length === 0) return;
  const progress = await deleteContent(context.client, name);
  const status = { ...namespace.status, phase: 'Terminating', conditions: deletionConditions(namespace.status?.conditions, progress, context.clock.now()) };
  if (!equal(namespace.status, status)) namespace = await resource.update({ ...namespace, status }, { subresource: 'status' });
  if (progress.contentFailures.length > 0) throw new Error(progress.contentFailures.join(', '));
  if (progress.discoveryFailures.length > 0) throw new Error(progress.discoveryFailures.join(', '));
  if (progress.remainders.some(({ count }) => count > 0)) return { after: patience };
  const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== finalizer);
  await resource.update({ ...namespace, spec: { ...namespace.spec, finalizers } }, { subresource: 'finalize' });
}

async function deleteContent(client: Client, namespace: string): Promise<DeletionProgress> {
  const { resources, failures } = await discover(client);
  const deletable = resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'));
  const contentFailures: string[] = [];
  const removeAll = async (some: readonly ServedResource[]): Promise<Remainder[]> => {
    const results = await Promise.allSettled(some.map((resource) => remove(client, resource, namespace)));
    contentFailures.push(...results.flatMap((result) => (result.status === 'rejected' ? [textOf(result.reason)] : [])));
    return results.flatMap((result) => (result.status === 'fulfilled' && result.value !== undefined ? [result.value] : []));
  };
  // What pods use stays until they are gone.
  const isPods = ({ group, plural }: ServedResource): boolean => group === '' && plural === 'pods';
  const first = await removeAll(deletable.filter(isPods));
  const blocked = first.some(({ count }) => count > 0) || contentFailures.length > 0;
  const rest = blocked ? [] : await removeAll(deletable.filter((resource) => !isPods(resource)));
  return { discoveryFailures: failures, contentFailures, remainders: [...first, ...rest] };
}

/** Deletes all objects of a resource and says what is left; undefined where the resource is not there any more. */
async function remove(client: Client, served: ServedResource, namespace: string): Promise<Remainder | undefined> {
  const resource = client.resource<KubeObject>(served, namespace);
  try {
    let { items } = await resource.list();
    if (items.length === 0) return undefined;
    const alive = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    if (alive.length > 0 && served.verbs.includes('deletecollection')) await resource.deleteCollection({}, { propagationPolicy: 'Background' });
    else for (const { metadata } of alive) await resource.delete(metadata?.name ?? '', { propagationPolicy: 'Background' }).catch(ignoreNotFound);
    ({ items } = await resource.list());
    return { resource: served, count: items.length, finalizers: countFinalizers(items) };
  } catch (error) {
    // No such resource, or none whose objects can be deleted.
    if (hasReason(error, 'NotFound') || (error instanceof ApiError && error.code === 405)) return undefined;
    throw error;
  }
}

function countFinalizers(items: readonly KubeObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of items.flatMap(({ metadata }) => metadata?.finalizers ?? [])) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function ignoreNotFound(error: unknown): void {
  if (!hasReason(error, 'NotFound')) throw error;
}
