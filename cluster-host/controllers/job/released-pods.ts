/** Takes the finalizer off pods that are counted, and remembers for which a copy that lags behind still shows it: they must not be counted again. */
import type { V1Pod } from '../../api/generated/types.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext } from '../../client/controller.ts';
import { pods } from '../../client/resources.ts';
import { isTracked, trackingFinalizer } from './pods.ts';

export class ReleasedPods {
  readonly #context: ControllerContext;
  readonly #uids = new Set<string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    const seen = ({ metadata }: V1Pod): void => void this.#uids.delete(metadata?.uid ?? '');
    context.informers.informer(pods).onChange({ updated: (pod) => void (isTracked(pod) || seen(pod)), deleted: seen });
  }

  /** The pod as the server has it, as far as its finalizer goes. */
  asItIs(pod: V1Pod): V1Pod {
    if (!this.#uids.has(pod.metadata?.uid ?? '')) return pod;
    return { ...pod, metadata: { ...pod.metadata, finalizers: pod.metadata?.finalizers?.filter((finalizer) => finalizer !== trackingFinalizer) } };
  }

  async release(pod: V1Pod): Promise<void> {
    if (!isTracked(pod)) return;
    const { name = '', namespace, uid } = pod.metadata ?? {};
    try {
      await this.#context.client.resource(pods, namespace).patch(name, { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } }, { type: 'strategic' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    const current = this.#context.informers.informer(pods).lister.get(namespace ?? '', name);
    if (current !== undefined && isTracked(current)) this.#uids.add(uid ?? '');
  }
}
