/** What a limit range says of an amount, in Kubernetes' words (https://kubernetes.io/docs/concepts/policy/limit-range/). Pure. */
import type { V1LimitRangeItem } from '../../../api/generated/types.ts';
import { canonicalQuantity, compareQuantities, formatQuantity, quantityOf, type Quantity } from '../../../api/quantity.ts';
import type { Resources } from '../../../api/scheduling/pod-resources.ts';

export interface Usage {
  readonly requests: Resources;
  readonly limits: Resources;
}

/** Everything that the item has against the usage. */
export function limitProblems(item: V1LimitRangeItem, usage: Usage): readonly string[] {
  const each = (list: Readonly<Record<string, string>> | undefined, check: (name: string, bound: string) => string | undefined): readonly string[] =>
    Object.entries(list ?? {}).flatMap(([name, bound]) => check(name, canonicalQuantity(bound)) ?? []);
  return [
    ...each(item.min, (name, bound) => minProblem(item.type, name, bound, usage)),
    ...each(item.max, (name, bound) => (item.type === 'PersistentVolumeClaim' ? maxRequestProblem(item.type, name, bound, usage) : maxProblem(item.type, name, bound, usage))),
    ...each(item.maxLimitRequestRatio, (name, bound) => ratioProblem(item.type, name, bound, usage)),
  ];
}

function minProblem(type: string, name: string, bound: string, { requests, limits }: Usage): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${bound}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (request === undefined) return `${rule}.  No request is specified`;
  if (isBelow(request, bound)) return `${rule}, but request is ${formatQuantity(request)}`;
  return limit !== undefined && isBelow(limit, bound) ? `${rule}, but limit is ${formatQuantity(limit)}` : undefined;
}

function maxProblem(type: string, name: string, bound: string, { requests, limits }: Usage): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (isAbove(limit, bound)) return `${rule}, but limit is ${formatQuantity(limit)}`;
  return request !== undefined && isAbove(request, bound) ? `${rule}, but request is ${formatQuantity(request)}` : undefined;
}

/** Claims have requests alone. */
function maxRequestProblem(type: string, name: string, bound: string, { requests }: Usage): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  const request = requests.get(name);
  if (request === undefined) return `${rule}.  No request is specified`;
  return isAbove(request, bound) ? `${rule}, but request is ${formatQuantity(request)}` : undefined;
}

function ratioProblem(type: string, name: string, bound: string, { requests, limits }: Usage): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${bound}`;
  const [request, limit] = [requests.get(name), limits.get(name)];
  if (request === undefined || request.nanos === 0n) return `${rule}, but no request is specified or request is 0`;
  if (limit === undefined || limit.nanos === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nanos) / Number(request.nanos);
  return ratio > Number(quantityOf(bound).nanos) / 1e9 ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function isBelow(amount: Quantity, bound: string): boolean {
  return compareQuantities(amount, quantityOf(bound)) < 0;
}

function isAbove(amount: Quantity, bound: string): boolean {
  return compareQuantities(amount, quantityOf(bound)) > 0;
}
