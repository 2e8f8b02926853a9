import { setResourceListDefaults } from '../defaults/resources.ts';
import { immutable, invalid, required } from '../field-errors.ts';
import type { V1ResourceQuota, V1ResourceQuotaSpec, V1ScopedResourceSelectorRequirement } from '../generated/types.ts';
import { canonicalQuantity } from '../quantity.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { isQuotaResource, validateQuotaResourceName, validateResourceQuantity } from '../validation/resources.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const scopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'];
const contrary = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];
const computed = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];

export const resourceQuota = defineKind<V1ResourceQuota>({
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  setDefaults({ spec, status }) {
    setResourceListDefaults(spec?.hard);
    setResourceListDefaults(status?.hard);
    setResourceListDefaults(status?.used);
  },
  *validate({ spec = {} }) {
    yield* validateSpec(spec);
  },
  *validateUpdate({ spec = {} }, old) {
    yield* validateSpec(spec);
    const sorted = (list: readonly string[] | undefined): string[] => [...new Set(list)].toSorted();
    if (!equal(sorted(spec.scopes), sorted(old.spec?.scopes))) yield immutable('spec.scopes', spec.scopes ?? null);
  },
  status: {
    *validateUpdate({ status }) {
      yield* validateAmounts(status?.hard ?? {}, 'status.hard');
      yield* validateAmounts(status?.used ?? {}, 'status.used');
    },
  },
  columns: [
    text('Request', 'What is used of what may be requested.', (object) => amountsText(object, false)),
    text('Limit', 'What is used of what limits may add up to.', (object) => amountsText(object, true)),
    ageColumn,
  ],
});

function amountsText({ status }: V1ResourceQuota, limits: boolean): string {
  return Object.keys(status?.hard ?? {})
    .filter((name) => name.startsWith('limits.') === limits)
    .toSorted()
    .map((name) => `${name}: ${amountOf(status?.used, name)}/${amountOf(status?.hard, name)}`)
    .join(', ');
}

function amountOf(amounts: Readonly<Record<string, string>> = {}, name: string): string {
  return canonicalQuantity((Object.hasOwn(amounts, name) ? amounts[name] : undefined) ?? '0');
}

function* validateAmounts(amounts: Readonly<Record<string, string>>, field: string): Errors {
  for (const [name, amount] of Object.entries(amounts)) {
    yield* validateQuotaResourceName(name, `${field}[${name}]`);
    yield* validateResourceQuantity(name, amount, `${field}[${name}]`);
  }
}

function* validateSpec(spec: V1ResourceQuotaSpec): Errors {
  yield* validateAmounts(spec.hard ?? {}, 'spec.hard');
  yield* validateScopes(spec);
  if (spec.scopeSelector) yield* validateScopeSelector(spec, spec.scopeSelector.matchExpressions ?? []);
}

function appliesTo(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass') return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  return !scopes.includes(scope) || resource === 'pods' || computed.includes(resource);
}

function* validateScopes({ hard = {}, scopes: given = [] }: V1ResourceQuotaSpec): Errors {
  const resources = Object.keys(hard).toSorted().filter(isQuotaResource);
  for (const scope of given) {
    if (!scopes.includes(scope)) yield invalid('spec.scopes', given, 'unsupported scope');
    for (const resource of resources) if (!appliesTo(scope, resource)) yield invalid('spec.scopes', given, 'unsupported scope applied to resource');
  }
  if (contrary.some((pair) => pair.every((scope) => given.includes(scope)))) yield invalid('spec.scopes', given, 'conflicting scopes');
}

const selectorField = 'spec.scopeSelector.matchExpressions';

function* validateScopeSelector(spec: V1ResourceQuotaSpec, requirements: readonly V1ScopedResourceSelectorRequirement[]): Errors {
  const resources = Object.keys(spec.hard ?? {}).toSorted().filter(isQuotaResource);
  for (const requirement of requirements) {
    const scope = requirement.scopeName ?? '';
    if (!scopes.includes(scope)) yield invalid(`${selectorField}.scopeName`, scope, 'unsupported scope');
    for (const resource of resources) if (!appliesTo(scope, resource)) yield invalid(selectorField, spec.scopeSelector, 'unsupported scope applied to resource');
    yield* validateOperator(requirement);
  }
  const given = requirements.map(({ scopeName }) => scopeName);
  if (contrary.some((pair) => pair.every((scope) => given.includes(scope)))) yield invalid(selectorField, spec.scopes ?? null, 'conflicting scopes');
}

function* validateOperator({ scopeName, operator, values = [] }: V1ScopedResourceSelectorRequirement): Errors {
  if (scopes.includes(scopeName) && scopeName !== 'PriorityClass' && scopeName !== 'VolumeAttributesClass' && operator !== 'Exists') {
    const detail =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    yield invalid(`${selectorField}.operator`, operator ?? '', detail);
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) yield required(`${selectorField}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) yield invalid(`${selectorField}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
  } else {
    yield invalid(`${selectorField}.operator`, operator ?? '', 'not a valid selector operator');
  }
}
