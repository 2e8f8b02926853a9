/**
 * ResourceQuota: a namespace takes no more than its quotas grant (https://kubernetes.io/docs/concepts/policy/resource-quotas/).
 * What a write takes is added to the quota's `status.used` before the write, in one step that no other comes between.
 */
import type { V1Container, V1Pod, V1ResourceQuota } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { compareQuantities, formatQuantity, subtractQuantities, zeroQuantity } from '../../api/quantity.ts';
import { matchesScopes } from '../../api/quota/scopes.ts';
import { concerns, quotaResource, usageOf } from '../../api/quota/usage.ts';
import { addResources, resourcesOf, type Resources } from '../../api/scheduling/pod-resources.ts';
import type { Platform } from '../../platform/platform.ts';
import { forbidden } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

/** Kinds whose updates may take more than the object had. */
const growing: ReadonlySet<string> = new Set(['services', 'persistentvolumeclaims']);
/** What every container of a pod must say where a quota limits it. */
const mustBeSaid: ReadonlySet<string> = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

export function resourceQuotaAdmission(registries: () => Registries, { clock }: Platform): AdmissionPlugin {
  return {
    name: 'ResourceQuota',
    async validate(request) {
      const { definition, namespace, object, old, dryRun } = request;
      if (object === undefined || !definition.namespaced || !takes(request)) return;
      const quotas = registries().need('', 'v1', 'resourcequotas');
      const all = await quotas.all(namespace);
      if (all.length === 0) return;
      const resource = quotaResource(definition);
      const usage = usageOf(resource, object, clock.now());
      const before = old === undefined ? new Map<string, never>() : usageOf(resource, old, clock.now());
      const asked: Resources = new Map([...usage].map(([name, amount]) => [name, subtractQuantities(amount, before.get(name) ?? zeroQuantity)]));
      const concerned = all.filter((version) => isConcerned(resource, object, version.object));
      for (const version of concerned) {
        requireAmounts(request, resource, version.object);
        withUsage(request, version.object, asked);
      }
      if (dryRun) return;
      for (const version of concerned) {
        const next = (current: KubeObject): KubeObject => withUsage(request, current, asked);
        await quotas.update(namespace, version.object.metadata?.name ?? '', { subresource: 'status', next }, { user: request.user, dryRun: false, fieldManager: '', warn: () => undefined });
      }
    },
  };
}

function takes({ operation, definition, subresource }: AdmissionRequest): boolean {
  if (operation === 'CREATE') return subresource === '';
  if (operation !== 'UPDATE' || definition.group !== '') return false;
  return definition.plural === 'pods' ? subresource === 'resize' : subresource === '' && growing.has(definition.plural);
}

function isConcerned(resource: string, object: KubeObject, { spec, status }: V1ResourceQuota): boolean {
  return Object.keys(status?.hard ?? {}).some((name) => concerns(resource, name)) && matchesScopes(resource, object, spec ?? {});
}

function requireAmounts({ definition, name, object }: AdmissionRequest, resource: string, { metadata, status }: V1ResourceQuota): void {
  if (resource !== 'pods') return;
  const { spec }: V1Pod = object ?? {};
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const missing = Object.keys(status?.hard ?? {})
    .filter((limited) => mustBeSaid.has(limited) && !says(spec?.resources, limited))
    .toSorted()
    .map((limited) => [limited, containers.filter(({ resources }) => !says(resources, limited)).map((container) => container.name)] as const)
    .filter(([, names]) => names.length > 0);
  if (missing.length === 0) return;
  const texts = missing.map(([limited, names]) => `${limited} for: ${[...new Set(names)].toSorted().join(',')}`);
  throw forbidden(definition, name, `failed quota: ${metadata?.name}: must specify ${texts.join('; ')}`);
}

/** `cpu` and `requests.cpu` are the request, `limits.cpu` is the limit. */
function says(resources: V1Container['resources'], limited: string): boolean {
  const [list, name] = limited.startsWith('limits.') ? (['limits', limited.slice('limits.'.length)] as const) : (['requests', limited.replace('requests.', '')] as const);
  return resources?.[list]?.[name] !== undefined;
}

/** The quota with what is asked for counted in; throws where that is too much. Less is counted by the quota's controller. */
function withUsage({ definition, name }: AdmissionRequest, quota: KubeObject, asked: Resources): KubeObject {
  const { metadata, status }: V1ResourceQuota = quota;
  const hard = resourcesOf(status?.hard);
  const more: Resources = new Map([...asked].filter(([limited, amount]) => hard.has(limited) && amount.nanos > 0n));
  const used = resourcesOf(status?.used);
  const next = new Map(used);
  addResources(next, more);
  const exceeded = [...more.keys()].filter((limited) => compareQuantities(next.get(limited) ?? zeroQuantity, hard.get(limited) ?? zeroQuantity) > 0).toSorted();
  if (exceeded.length > 0) {
    const text = (amounts: Resources): string => exceeded.map((limited) => `${limited}=${formatQuantity(amounts.get(limited) ?? zeroQuantity)}`).join(',');
    throw forbidden(definition, name, `exceeded quota: ${metadata?.name}, requested: ${text(more)}, used: ${text(used)}, limited: ${text(hard)}`);
  }
  return { ...quota, status: { ...status, used: Object.fromEntries([...next].map(([limited, amount]) => [limited, formatQuantity(amount)])) } };
}

