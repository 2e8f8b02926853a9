/**
 * Garbage collection (kubernetes.io/docs/concepts/architecture/garbage-collection): what has lost all its owners goes; an owner
 * deleted in the foreground waits for what blocks it; an owner deleted as orphaning lets its dependents go.
 *
 * Works over discovery on every resource. A key is the uid of an object; before anything is deleted the server itself is asked
 * what is true now.
 */
import type { V1OwnerReference } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, Enqueue, Reconciler } from '../../client/controller.ts';
import { EverythingWatch } from '../common/watch-everything.ts';
import { foregroundFinalizer, Graph, graphNodeOf, orphanFinalizer, type GraphNode } from './graph.ts';
import { isInCircle, planObject, type OwnerState } from './plan.ts';

export const garbageCollectorController: ControllerDefinition = {
  name: 'garbagecollector',
  serviceAccount: 'generic-garbage-collector',
  eventSource: 'garbage-collector-controller',
  watches: [],
  workers: 20,
  start: (context, enqueue) => new GarbageCollector(context, enqueue),
};

class GarbageCollector implements Reconciler {
  readonly #context: ControllerContext;
  readonly #enqueue: Enqueue;
  readonly #graph = new Graph();
  readonly #watch: EverythingWatch;
  readonly #ready: Promise<void>;

  constructor(context: ControllerContext, enqueue: Enqueue) {
    this.#context = context;
    this.#enqueue = enqueue;
    this.#watch = new EverythingWatch(context, { put: (resource, object) => this.#put(resource, object), removed: (_, object) => this.#removed(object) });
    this.#ready = this.#watch.refresh().catch((error: unknown) => {
      context.log.warn('discovery failed', { error });
      this.#watch.refreshSoon();
    });
  }

  dispose(): void {
    this.#watch.dispose();
  }

  async reconcile(uid: string): Promise<void> {
    // Until all is known, an owner may only seem to be absent.
    await this.#ready;
    const node = this.#graph.get(uid);
    if (node === undefined) return;
    if (node.orphaning) await this.#orphan(node);
    else if (node.foreground) await this.#finishForeground(node);
    if (!node.dying || node.foreground) await this.#judge(node);
  }

  #put(resource: Resource, object: KubeObject): void {
    const node = graphNodeOf(resource, object);
    const old = this.#graph.put(node);
    const orphanNow = node.owners.some(({ uid }) => this.#graph.get(uid) === undefined || this.#graph.get(uid)?.foreground === true);
    if (node.foreground || node.orphaning || orphanNow) this.#enqueue(node.uid);
    // An owner in the foreground may have lost what blocked it, or just begun to wait.
    for (const owner of [...(old?.owners ?? []), ...node.owners]) if (this.#graph.get(owner.uid)?.foreground === true) this.#enqueue(owner.uid);
    if (node.foreground && old?.foreground !== true) for (const dependent of this.#graph.dependentsOf(node.uid)) this.#enqueue(dependent.uid);
  }

  #removed(object: KubeObject): void {
    const uid = object.metadata?.uid ?? '';
    const node = this.#graph.remove(uid);
    for (const dependent of this.#graph.dependentsOf(uid)) this.#enqueue(dependent.uid);
    for (const owner of node?.owners ?? []) if (this.#graph.get(owner.uid)?.foreground === true) this.#enqueue(owner.uid);
  }

  /** Deletes the object, or takes references out, as its owners' state demands. */
  async #judge(node: GraphNode): Promise<void> {
    if (node.owners.length === 0) return;
    const live = await this.#live(node.resource, node.namespace, node.name);
    if (live === undefined || live.metadata?.uid !== node.uid) return;
    const references = live.metadata.ownerReferences ?? [];
    const owners = await Promise.all(references.map(async (reference) => ({ reference, state: await this.#stateOf(reference, node) })));
    const dependents = this.#graph.dependentsOf(node.uid);
    const plan = planObject(owners, live.metadata.finalizers ?? [], dependents.length > 0);
    const resource = this.#context.client.resource(node.resource, node.namespace);
    if (plan.action === 'disown') {
      await this.#writeMetadata(node, live, { ownerReferences: references.filter(({ uid }) => !plan.uids.includes(uid)) });
    } else if (plan.action === 'delete') {
      if (owners.some(({ state }) => state === 'waiting') && isInCircle(node, dependents)) {
        await this.#writeMetadata(node, live, { ownerReferences: references.map((reference) => ({ ...reference, blockOwnerDeletion: false })) });
      }
      if (live.metadata.deletionTimestamp !== undefined) return;
      try {
        await resource.delete(node.name, { preconditions: { uid: node.uid }, propagationPolicy: plan.propagationPolicy });
      } catch (error) {
        if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
      }
    }
  }

  async #stateOf(reference: V1OwnerReference, dependent: GraphNode): Promise<OwnerState> {
    const known = this.#graph.get(reference.uid);
    const misplaced = known !== undefined && known.namespace !== '' && known.namespace !== dependent.namespace;
    if (known !== undefined && !misplaced) return known.foreground ? 'waiting' : 'solid';
    const resource = this.#watch.resourceOf(reference.apiVersion, reference.kind);
    if (resource === undefined) {
      this.#watch.refreshSoon();
      throw new Error(`no resource is known for the owner ${reference.apiVersion} ${reference.kind}`);
    }
    // A namespaced owner of something without a namespace can not exist.
    const owner = resource.namespaced && dependent.namespace === '' ? undefined : await this.#live(resource, dependent.namespace, reference.name);
    if (owner?.metadata?.uid === reference.uid) return graphNodeOf(resource, owner).foreground ? 'waiting' : 'solid';
    if (misplaced || (resource.namespaced && dependent.namespace === '')) this.#warnMisplaced(reference, dependent);
    return 'absent';
  }

  #warnMisplaced(reference: V1OwnerReference, { resource, namespace, name, uid }: GraphNode): void {
    const about = { apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`, kind: resource.kind, metadata: { namespace, name, uid } };
    const text = `[${reference.apiVersion}/${reference.kind}, namespace: ${namespace}, name: ${reference.name}, uid: ${reference.uid}]`;
    this.#context.events.event(about, 'Warning', 'OwnerRefInvalidNamespace', `ownerRef ${text} does not exist in namespace "${namespace}"`);
  }

  async #finishForeground(node: GraphNode): Promise<void> {
    const blocking = this.#graph.blocking(node.uid);
    for (const dependent of blocking) if (!dependent.foreground) this.#enqueue(dependent.uid);
    if (blocking.length === 0) await this.#removeFinalizer(node, foregroundFinalizer);
  }

  async #orphan(node: GraphNode): Promise<void> {
    for (const dependent of this.#graph.dependentsOf(node.uid)) {
      const live = await this.#live(dependent.resource, dependent.namespace, dependent.name);
      if (live?.metadata?.uid !== dependent.uid) continue;
      const ownerReferences = (live.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== node.uid);
      await this.#writeMetadata(dependent, live, { ownerReferences });
    }
    await this.#removeFinalizer(node, orphanFinalizer);
  }

  async #removeFinalizer(node: GraphNode, finalizer: string): Promise<void> {
    const live = await this.#live(node.resource, node.namespace, node.name);
    if (live?.metadata?.uid !== node.uid || live.metadata.finalizers?.includes(finalizer) !== true) return;
    await this.#writeMetadata(node, live, { finalizers: live.metadata.finalizers.filter((one) => one !== finalizer) });
  }

  /** A merge patch at the version that was read: every resource takes it, custom ones too. */
  async #writeMetadata(node: GraphNode, live: KubeObject, metadata: Partial<NonNullable<KubeObject['metadata']>>): Promise<void> {
    const patch = { metadata: { uid: node.uid, resourceVersion: live.metadata?.resourceVersion, ...metadata } };
    try {
      await this.#context.client.resource(node.resource, node.namespace).patch(node.name, patch, { type: 'merge' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  async #live(resource: Resource, namespace: string, name: string): Promise<KubeObject | undefined> {
    try {
      return await this.#context.client.resource(resource, resource.namespaced ? namespace : undefined).get(name);
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
