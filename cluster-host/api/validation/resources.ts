/** Names and amounts of resources: requests and limits, capacity, quota. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { FieldError } from '../field-error.ts';
import type { V1ResourceRequirements } from '../generated/types.ts';
import { checkQualifiedName, negativeMessage } from '../names.ts';
import { compareQuantities, formatQuantity, quantityMilliValue, quantityOf, quantityValue } from '../quantity.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, invalidFor } from './errors.ts';

export type ResourceList = Readonly<Record<string, string>>;

const hugePages = 'hugepages-';
const containerResources = ['cpu', 'memory', 'ephemeral-storage'];
const countedResources = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const quotaResources = [
  ...countedResources,
  ...containerResources,
  ...['cpu', 'memory', 'storage', 'ephemeral-storage'].map((name) => `requests.${name}`),
  ...['cpu', 'memory', 'ephemeral-storage'].map((name) => `limits.${name}`),
];

export function isHugePages(name: string): boolean {
  return name.startsWith(hugePages);
}

function isQuotaHugePages(name: string): boolean {
  return isHugePages(name) || name.startsWith(`requests.${hugePages}`);
}

/** Without a prefix, or with one of Kubernetes' own. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && !name.startsWith('requests.') && checkQualifiedName(`requests.${name}`).length === 0;
}

export function isQuotaResource(name: string): boolean {
  return quotaResources.includes(name) || isQuotaHugePages(name);
}

/** Whether requests may be less than limits. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name);
}

function isInteger(name: string): boolean {
  return countedResources.includes(name) || isExtendedResource(name);
}

export type ResourceNameRule = (name: string, field: string) => Errors;

export function* validateResourceName(name: string, field: string): Errors {
  const problems = checkQualifiedName(name);
  yield* invalidFor(field, name, problems);
  if (problems.length === 0 && !name.includes('/') && name !== 'storage' && !isQuotaResource(name)) {
    yield invalid(field, name, 'must be a standard resource type or fully qualified');
  }
}

export function* validateContainerResourceName(name: string, field: string): Errors {
  yield* validateResourceName(name, field);
  if (!name.includes('/')) {
    if (!containerResources.includes(name) && !isHugePages(name)) yield invalid(field, name, 'must be a standard resource for containers');
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    yield invalid(field, name, "doesn't follow extended resource name standard");
  }
}

export function* validateQuotaResourceName(name: string, field: string): Errors {
  yield* validateResourceName(name, field);
  if (!name.includes('/') && !isQuotaResource(name)) yield invalid(field, name, 'must be a standard resource for quota');
}

/** An amount of a resource: not negative, and whole where the resource is counted. */
export function* validateResourceQuantity(name: string, text: string, field: string): Errors {
  const quantity = quantityOf(text);
  if (quantity.nanos < 0n) yield invalid(field, formatQuantity(quantity), negativeMessage);
  if (isInteger(name) && quantityMilliValue(quantity) % 1000 !== 0) yield invalid(field, formatQuantity(quantity), 'must be an integer');
}

export function* validatePositiveQuantity(text: string, field: string): Errors {
  const quantity = quantityOf(text);
  if (quantity.nanos <= 0n) yield invalid(field, formatQuantity(quantity), 'must be greater than zero');
}

export function* validateBasicQuantity(text: string, field: string): Errors {
  const value = quantityValue(quantityOf(text));
  if (value < 0) yield invalid(field, value, 'must be a valid resource quantity');
}

function* validateHugePages(name: string, text: string, field: string): Errors {
  if (!isHugePages(name)) return;
  const quantity = quantityOf(text);
  const page = quantityOf(name.slice(hugePages.length));
  if (page.nanos > 0n && quantity.nanos % page.nanos === 0n) return;
  yield invalid(field, formatQuantity(quantity), `${formatQuantity(quantity)} is not positive integer multiple of ${name}`);
}

/** Requests and limits of a container or a whole pod. */
export function* validateResourceRequirements(
  { requests = {}, limits = {}, claims = [] }: V1ResourceRequirements,
  field: string,
  claimNames: ReadonlySet<string>,
  nameRule: ResourceNameRule = validateContainerResourceName,
): Errors {
  for (const [name, text] of Object.entries(limits)) {
    const at = `${field}.limits[${name}]`;
    yield* nameRule(name, at);
    yield* validateResourceQuantity(name, text, at);
    yield* validateHugePages(name, text, at);
  }
  for (const [name, text] of Object.entries(requests)) {
    const at = `${field}.requests[${name}]`;
    yield* nameRule(name, at);
    yield* validateResourceQuantity(name, text, at);
    yield* validateRequest(name, text, limits[name], field);
    yield* validateHugePages(name, text, at);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory')) yield forbidden(field, 'HugePages require cpu or memory');
  yield* validateClaims(claims, claimNames, `${field}.claims`);
}

function* validateRequest(name: string, text: string, limitText: string | undefined, field: string): Errors {
  if (limitText === undefined) {
    if (!isOvercommitAllowed(name)) yield required(`${field}.limits`, 'Limit must be set for non overcommitable resources');
    return;
  }
  const request = quantityOf(text);
  const limit = quantityOf(limitText);
  const order = compareQuantities(request, limit);
  const at = `${field}.requests`;
  if (order !== 0 && !isOvercommitAllowed(name)) yield invalid(at, formatQuantity(request), `must be equal to ${name} limit of ${formatQuantity(limit)}`);
  else if (order > 0) yield invalid(at, formatQuantity(request), `must be less than or equal to ${name} limit of ${formatQuantity(limit)}`);
}

interface Claim {
  readonly name: string;
  readonly request?: string;
}

function* validateClaims(claims: readonly Claim[], claimNames: ReadonlySet<string>, field: string): Errors {
  const seen = new Set<string>();
  for (const [index, { name, request }] of claims.entries()) {
    const at = `${field}[${index}]`;
    if (!name) {
      yield required(at);
      continue;
    }
    if (request) yield* dnsLabel(`${at}.request`, request);
    const key = request ? `${name}/${request}` : name;
    const overlaps = !request && [...seen].some((other) => other.startsWith(`${name}/`));
    if (seen.has(name) || seen.has(key) || overlaps) yield { type: 'FieldValueDuplicate', field: at, message: `Duplicate value: ${JSON.stringify(seen.has(name) ? name : key)}` };
    seen.add(key);
    if (!claimNames.has(name)) yield unknownClaim(at, name, claimNames);
  }
}

function unknownClaim(field: string, name: string, claimNames: ReadonlySet<string>): FieldError {
  const names = claimNames.size === 0 ? ' which is empty' : `: ${[...claimNames].toSorted().join(', ')}`;
  return { type: 'FieldValueNotFound', field, message: `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${names}` };
}
