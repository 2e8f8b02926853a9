/** ResourceQuota: counts what each quota's namespace really takes; admission adds to that what comes (kubernetes.io/docs/concepts/policy/resource-quotas). */
import type { V1ResourceQuota } from '../../api/generated/types.ts';
import type { Resource } from '../../api/object.ts';
import { formatQuantity, zeroQuantity } from '../../api/quantity.ts';
import { matchesScopes } from '../../api/quota/scopes.ts';
import { concerns, quotaResource, usageOf } from '../../api/quota/usage.ts';
import { addResources, type Resources } from '../../api/scheduling/pod-resources.ts';
import type { ControllerContext, ControllerDefinition, KeysOf, ReconcileResult } from '../../client/controller.ts';
import type { Informers } from '../../client/informer.ts';
import * as resources from '../../client/resources.ts';
import { equal } from '../common/equal.ts';

const { resourceQuotas } = resources;

/** What can be counted. A name in a quota that belongs to none of them stays out of its status. */
const counted: readonly Resource[] = [
  resources.pods,
  resources.services,
  resources.persistentVolumeClaims,
  resources.replicationControllers,
  resources.secrets,
  resources.configMaps,
  resources.serviceAccounts,
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
  resources.daemonSets,
  resources.jobs,
  resources.cronJobs,
  resources.ingresses,
  resources.networkPolicies,
  resources.podDisruptionBudgets,
  resources.horizontalPodAutoscalers,
  resources.leases,
  resources.endpointSlices,
];

/** Usage also shrinks by itself when a pod's grace is over. */
const recount = 300_000;

const keysIn = (informers: Informers, namespace: string | undefined): readonly string[] => informers.informer(resourceQuotas).lister.list(namespace).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
const objectKeys: KeysOf<{ metadata?: { namespace?: string } }> = ({ metadata }, _old, informers) => keysIn(informers, metadata?.namespace);
/** What admission writes into the status is no reason to count again. */
const quotaKeys: KeysOf<V1ResourceQuota> = (quota, old, informers) => (old !== undefined && equal(quota.spec, old.spec) ? [] : keysIn(informers, quota.metadata?.namespace));

export const resourceQuotaController: ControllerDefinition = {
  name: 'resourcequota',
  watches: [{ resource: resourceQuotas, keys: quotaKeys }, ...counted.map((resource) => ({ resource, keys: objectKeys }))],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile({ client, informers, clock }: ControllerContext, key: string): Promise<ReconcileResult | void> {
  const [namespace = '', name = ''] = key.split('/');
  const quota = informers.informer(resourceQuotas).lister.get(namespace, name);
  if (quota === undefined || quota.metadata?.deletionTimestamp !== undefined) return undefined;
  const hard = Object.entries(quota.spec?.hard ?? {}).filter(([limited]) => [...counted, resourceQuotas].some((resource) => concerns(quotaResource(resource), limited)));
  const taken = usageIn(informers, namespace, quota, clock.now());
  const used = Object.fromEntries(hard.map(([limited]) => [limited, formatQuantity(taken.get(limited) ?? zeroQuantity)]));
  const status = { hard: Object.fromEntries(hard), used };
  if (!equal(quota.status, status)) await client.resource(resourceQuotas, namespace).update({ ...quota, status }, { subresource: 'status' });
  return { after: recount };
}

function usageIn(informers: Informers, namespace: string, { spec }: V1ResourceQuota, now: number): Resources {
  const total: Resources = new Map();
  const limited = Object.keys(spec?.hard ?? {});
  for (const resource of [...counted, resourceQuotas]) {
    const called = quotaResource(resource);
    if (!limited.some((name) => concerns(called, name))) continue;
    for (const object of informers.informer(resource).lister.list(namespace)) if (matchesScopes(called, object, spec ?? {})) addResources(total, usageOf(called, object, now));
  }
  return total;
}
