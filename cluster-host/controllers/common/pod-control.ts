/** Creates and deletes pods for a controller, and tells about it in events and expectations. */
import type { V1Pod, V1PodTemplateSpec } from '../../api/generated/types.ts';
import { keyOf, type KubeObject, type Resource } from '../../api/object.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext } from '../../client/controller.ts';
import { pods } from '../../client/resources.ts';
import { Expectations } from './expectations.ts';
import { controllerOf, controllerReference, ownerIndex, ownerIndexer, refersTo } from './owners.ts';
import { slowStart } from './slow-start.ts';

/** A pod of the template: its labels, annotations, finalizers and spec, controlled by `owner`, with a generated name. */
export function podOf(template: V1PodTemplateSpec, resource: Resource, owner: KubeObject): V1Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const metadata = { generateName: `${owner.metadata?.name}-`, namespace: owner.metadata?.namespace, labels, annotations, finalizers };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ownerReferences: [controllerReference(resource, owner)] }, spec: template.spec };
}

export class PodControl {
  readonly #context: ControllerContext;
  readonly #resource: Resource;
  readonly expectations: Expectations;

  constructor(context: ControllerContext, resource: Resource) {
    this.#context = context;
    this.#resource = resource;
    this.expectations = new Expectations(context.clock);
    this.#observe();
  }

  /** The pods that the owner controls, and the orphans of its namespace. */
  candidates(owner: KubeObject): readonly V1Pod[] {
    const { lister } = this.#context.informers.informer(pods);
    return [...lister.byIndex(ownerIndex, owner.metadata?.uid ?? ''), ...lister.byIndex(ownerIndex, `orphans/${owner.metadata?.namespace ?? ''}`)];
  }

  /** Creates one after the other batch; yields the first failure. */
  async create(owner: KubeObject, count: number, podOf: () => V1Pod): Promise<unknown> {
    const key = keyOf(owner);
    this.expectations.expectCreations(key, count);
    let attempts = 0;
    const { failure } = await slowStart(count, async () => {
      attempts += 1;
      try {
        await this.#createOne(owner, podOf());
      } catch (error) {
        this.expectations.creationObserved(key);
        throw error;
      }
    });
    this.expectations.creationObserved(key, count - attempts);
    // In a namespace that is going nothing can be made, and nothing is wrong about it.
    return failure !== undefined && isNamespaceTerminating(failure) ? undefined : failure;
  }

  async #createOne(owner: KubeObject, pod: V1Pod): Promise<void> {
    const { client, events } = this.#context;
    try {
      const created = await client.resource(pods, owner.metadata?.namespace).create(pod);
      events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata?.name}`);
    } catch (error) {
      if (!isNamespaceTerminating(error)) events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${textOf(error)}`);
      throw error;
    }
  }

  /** Deletes all at once; yields the first failure. A pod that is gone already is no failure. */
  async delete(owner: KubeObject, doomed: readonly V1Pod[]): Promise<unknown> {
    const key = keyOf(owner);
    for (const pod of doomed) this.expectations.expectDeletion(key, pod.metadata?.uid ?? '');
    const results = await Promise.allSettled(doomed.map((pod) => this.#deleteOne(owner, key, pod)));
    return results.find((result) => result.status === 'rejected')?.reason;
  }

  async #deleteOne(owner: KubeObject, key: string, pod: V1Pod): Promise<void> {
    const { client, events } = this.#context;
    const { namespace, name = '', uid = '' } = pod.metadata ?? {};
    try {
      await client.resource(pods, namespace).delete(name, { preconditions: { uid } });
      events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      this.expectations.deletionObserved(key, uid);
      if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return;
      events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${textOf(error)}`);
      throw error;
    }
  }

  #observe(): void {
    const informer = this.#context.informers.informer(pods);
    informer.addIndex(ownerIndex, ownerIndexer);
    const keyOfOwner = (pod: V1Pod): string | undefined => {
      const reference = controllerOf(pod);
      return refersTo(reference, this.#resource) ? `${pod.metadata?.namespace}/${reference?.name}` : undefined;
    };
    const gone = (pod: V1Pod): void => {
      const key = keyOfOwner(pod);
      if (key !== undefined) this.expectations.deletionObserved(key, pod.metadata?.uid ?? '');
    };
    informer.onChange({
      added: (pod) => {
        const key = keyOfOwner(pod);
        if (key !== undefined) this.expectations.creationObserved(key);
        if (pod.metadata?.deletionTimestamp !== undefined) gone(pod);
      },
      updated: (pod) => {
        if (pod.metadata?.deletionTimestamp !== undefined) gone(pod);
      },
      deleted: gone,
    });
  }
}

export function isNamespaceTerminating(error: unknown): boolean {
  return hasReason(error, 'Forbidden') && (error as { status?: { details?: { causes?: { reason?: string }[] } } }).status?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
