/** What the kinds that keep pods running have in common: selectors, counters of their status, integers or percentages. */
import { invalid, required } from '../field-errors.ts';
import type { V1LabelSelector } from '../generated/types.ts';
import { checkPercent } from '../names.ts';
import type { Selector } from '../selectors/label-selector.ts';
import { selectorOf } from '../selectors/label-selector.ts';
import type { Errors } from './errors.ts';
import { invalidFor, nonNegative } from './errors.ts';
import { isEmptySelector, validateLabelSelector } from './label-selector.ts';

/** A selector that must be there and select something; `kind` as Kubernetes spells it in the message. */
export function* validateWorkloadSelector(selector: V1LabelSelector | undefined, kind: string, field: string): Errors {
  if (!selector) {
    yield required(field);
    return;
  }
  yield* validateLabelSelector(selector, field);
  if (isEmptySelector(selector)) yield invalid(field, selector, `empty selector is invalid for ${kind}`);
}

/** The selector's requirements where it is well-formed; a malformed one is reported, and templates are then not checked against it. */
export function* parsedSelector(selector: V1LabelSelector | undefined, detail: string, field: string): Generator<ReturnType<typeof invalid>, Selector | undefined, undefined> {
  const parsed = selectorOf(selector ?? undefined);
  if (parsed.ok) return parsed.value;
  yield invalid(field, selector, detail);
  return undefined;
}

/** Counters of a status: none is negative, and those of `within` are not more than `status.replicas`. */
export function* validateCounters(status: object, counters: readonly string[], within: readonly string[] = []): Errors {
  const counts = status as Readonly<Record<string, number | undefined>>;
  for (const name of counters) yield* nonNegative(`status.${name}`, counts[name]);
  const replicas = counts['replicas'] ?? 0;
  for (const name of within) {
    if ((counts[name] ?? 0) > replicas) yield invalid(`status.${name}`, counts[name], 'cannot be greater than status.replicas');
  }
}

export function* availableWithinReady({ availableReplicas = 0, readyReplicas = 0 }: { readonly availableReplicas?: number; readonly readyReplicas?: number }): Errors {
  if (availableReplicas > readyReplicas) yield invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas');
}

export function* collisionsNotDecremented(count: number | undefined, old: number | undefined): Errors {
  if (old !== undefined && (count === undefined || count < old)) yield invalid('status.collisionCount', count ?? 0, 'cannot be decremented');
}

export type IntOrPercent = number | string | undefined;

export function* validateIntOrPercent(field: string, value: IntOrPercent): Errors {
  if (typeof value === 'string') yield* invalidFor(field, value, checkPercent(value));
  else yield* nonNegative(field, value);
}

/** The number of `25%`; undefined for anything but a percentage. */
export function percentOf(value: IntOrPercent): number | undefined {
  return typeof value === 'string' && checkPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined;
}

export function isZero(value: IntOrPercent): boolean {
  return (percentOf(value) ?? value ?? 0) === 0;
}

export function* atMost100Percent(field: string, value: IntOrPercent): Errors {
  if ((percentOf(value) ?? 0) > 100) yield invalid(field, value, 'must not be greater than 100%');
}
