/** Selectors over labels as fields of objects. */
import { forbidden, invalid, required } from '../field-errors.ts';
import type { V1LabelSelector, V1LabelSelectorRequirement } from '../generated/types.ts';
import { checkLabelValue } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, qualifiedName } from './errors.ts';
import { validateLabels } from './object-meta.ts';

export function* validateLabelSelector(selector: V1LabelSelector | undefined, field: string): Errors {
  if (!selector) return;
  yield* validateLabels(selector.matchLabels, `${field}.matchLabels`);
  for (const [index, expression] of (selector.matchExpressions ?? []).entries()) {
    yield* validateRequirement(expression, `${field}.matchExpressions[${index}]`);
  }
}

function* validateRequirement({ key, operator, values = [] }: V1LabelSelectorRequirement, field: string): Errors {
  yield* validateValueCount(operator, values, field);
  yield* qualifiedName(`${field}.key`, key ?? '');
  for (const [index, value] of values.entries()) yield* invalidFor(`${field}.values[${index}]`, value, checkLabelValue(value));
}

/** How many values an operator of a label or node selector takes. */
function* validateValueCount(operator: string | undefined, values: readonly string[], field: string): Errors {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) yield required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) yield forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else {
    yield invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
  }
}

/** Whether a selector selects everything, which most kinds refuse. */
export function isEmptySelector(selector: V1LabelSelector | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
}

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A requirement on labels of nodes, which knows two operators more. `anyValue` lets values through that no label can have. */
export function* validateNodeRequirement({ key, operator, values = [] }: NodeSelectorRequirement, field: string, anyValue: boolean): Errors {
  if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) yield required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else {
    yield* validateValueCount(operator, values, field);
  }
  yield* qualifiedName(`${field}.key`, key ?? '');
  if (anyValue) return;
  for (const [index, value] of values.entries()) yield* invalidFor(`${field}.values[${index}]`, value, checkLabelValue(value));
}
