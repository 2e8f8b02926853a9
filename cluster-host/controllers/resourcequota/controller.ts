/**
 * ResourceQuota: keeps in each quota's status what its namespace uses (kubernetes.io/docs/concepts/policy/resource-quotas).
 *
 * Any kind can be counted, those of custom definitions included, so it works over discovery. Admission holds the limit; this
 * gives back what is freed.
 */
import type { V1ResourceQuota } from '../../api/generated/types.ts';
import { keyOf, type KubeObject, type Resource } from '../../api/object.ts';
import { formatQuantity, zeroQuantity } from '../../api/quantity.ts';
import { addUsage, countedKind, isInScope, usageOf, type Usage } from '../../api/quota/usage.ts';
import type { ControllerContext, ControllerDefinition, Enqueue, Reconciler } from '../../client/controller.ts';
import { resourceQuotas } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { EverythingWatch } from '../common/watch-everything.ts';

export const resourceQuotaController: ControllerDefinition = {
  name: 'resourcequota',
  eventSource: 'resourcequota-controller',
  watches: [{ resource: resourceQuotas }],
  start: (context, enqueue) => new ResourceQuotas(context, enqueue),
};

class ResourceQuotas implements Reconciler {
  readonly #context: ControllerContext;
  readonly #enqueue: Enqueue;
  readonly #watch: EverythingWatch;
  readonly #ready: Promise<void>;

  constructor(context: ControllerContext, enqueue: Enqueue) {
    this.#context = context;
    this.#enqueue = enqueue;
    const changed = (resource: Resource, object: KubeObject): void => this.#changed(resource, object);
    this.#watch = new EverythingWatch(context, { put: changed, removed: changed });
    this.#ready = this.#watch.refresh().catch((error: unknown) => {
      context.log.warn('discovery failed', { error });
      this.#watch.refreshSoon();
    });
  }

  dispose(): void {
    this.#watch.dispose();
  }

  async reconcile(key: string): Promise<void> {
    await this.#ready;
    const [namespace = '', name = ''] = key.split('/');
    const quota = this.#context.informers.informer(resourceQuotas).lister.get(namespace, name);
    if (quota === undefined || quota.metadata?.deletionTimestamp !== undefined) return;
    const { hard = {} } = quota.spec ?? {};
    const usage = this.#usage(namespace, quota);
    const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, formatQuantity(usage.get(resource) ?? zeroQuantity)]));
    const status = { hard, used };
    if (!equal(quota.status, status)) await this.#context.client.resource(resourceQuotas, namespace).update({ ...quota, status }, { subresource: 'status' });
  }

  #usage(namespace: string, quota: V1ResourceQuota): Usage {
    const kinds = new Map(Object.keys(quota.spec?.hard ?? {}).map(countedKind).map((kind) => [`${kind.group}/${kind.plural}`, kind]));
    const total: Usage = new Map();
    for (const { group, plural } of kinds.values()) {
      const resource = this.#watch.followed(group, plural);
      if (resource === undefined) continue;
      for (const object of this.#context.informers.informer(resource).lister.list(namespace)) {
        if (isInScope(quota, resource, object)) addUsage(total, usageOf(resource, object, this.#context.clock.now()));
      }
    }
    return total;
  }

  #changed({ group, plural }: Resource, object: KubeObject): void {
    for (const quota of this.#context.informers.informer(resourceQuotas).lister.list(object.metadata?.namespace)) {
      const counts = Object.keys(quota.spec?.hard ?? {}).map(countedKind).some((kind) => kind.group === group && kind.plural === plural);
      if (counts) this.#enqueue(keyOf(quota));
    }
  }
}
