/** Conditions of a status, as most kinds have them (KEP-1623). */
import { duplicate, invalid, notSupported, required, tooLong } from '../field-errors.ts';
import type { V1Condition } from '../generated/types.ts';
import { negativeMessage, patternMessage } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { qualifiedName } from './errors.ts';

const statuses = ['False', 'True', 'Unknown'];
const maxReasonLength = 1024;
const maxMessageLength = 32 * 1024;
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonMessage = patternMessage(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  reasonPattern,
  'my_name',
  'MY_NAME',
  'MyName',
  'ReasonA,ReasonB',
  'ReasonA:ReasonB',
);
const reasonForm = new RegExp(`^${reasonPattern}$`);

export function* validateConditions(conditions: readonly V1Condition[], field: string): Errors {
  const seen = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = `${field}[${index}]`;
    const type = condition.type ?? '';
    if (seen.has(type)) yield duplicate(`${at}.type`, type);
    seen.add(type);
    yield* validateCondition(condition, at);
  }
}

function* validateCondition({ type, status, observedGeneration = 0, lastTransitionTime, reason, message }: V1Condition, field: string): Errors {
  yield* qualifiedName(`${field}.type`, type ?? '');
  if (!statuses.includes(status)) yield notSupported(`${field}.status`, status ?? '', statuses);
  if (observedGeneration < 0) yield invalid(`${field}.observedGeneration`, observedGeneration, negativeMessage.replace('0', 'zero'));
  if (!lastTransitionTime) yield required(`${field}.lastTransitionTime`, 'must be set');
  if (!reason) yield required(`${field}.reason`, 'must be set');
  else {
    if (!reasonForm.test(reason)) yield invalid(`${field}.reason`, reason, reasonMessage);
    if (byteLength(reason) > maxReasonLength) yield tooLong(`${field}.reason`, maxReasonLength);
  }
  if (byteLength(message ?? '') > maxMessageLength) yield tooLong(`${field}.message`, maxMessageLength);
}
