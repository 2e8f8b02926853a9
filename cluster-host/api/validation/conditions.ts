/** Conditions in the common form (k8s.io/apimachinery `metav1.Condition`). */
import type { V1Condition } from '../generated/types.ts';
import { duplicate, invalid, required } from '../field-errors.ts';
import { checkQualifiedName } from '../names.ts';
import type { Errors } from './errors.ts';
import { invalidFor, nonNegative, requiredOneOf } from './errors.ts';

const reasonPattern = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;

export function* validateConditions(conditions: readonly V1Condition[], field: string): Errors {
  const types = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = `${field}[${index}]`;
    if (types.has(condition.type)) yield duplicate(`${at}.type`, condition.type);
    types.add(condition.type);
    yield* validateCondition(condition, at);
  }
}

function* validateCondition({ type, status, observedGeneration, lastTransitionTime, reason }: V1Condition, field: string): Errors {
  if (type === '') yield required(`${field}.type`);
  else yield* invalidFor(`${field}.type`, type, checkQualifiedName(type));
  yield* requiredOneOf(`${field}.status`, status, ['False', 'True', 'Unknown']);
  yield* nonNegative(`${field}.observedGeneration`, observedGeneration);
  if (!lastTransitionTime) yield required(`${field}.lastTransitionTime`);
  if (!reason) yield required(`${field}.reason`);
  else if (!reasonPattern.test(reason)) yield invalid(`${field}.reason`, reason, 'a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or \'_,:\', and must end with an alphanumeric character or \'_\'');
}
