/** How much of a device one request may take, where several share it (KEP-5075). */
import { duplicate, forbidden, invalid, required, tooMany } from '../field-errors.ts';
import type { V1CapacityRequestPolicy, V1CapacityRequestPolicyRange, V1DeviceCapacity } from '../generated/types.ts';
import type { Quantity } from '../quantity.ts';
import { addQuantities, compareQuantities, formatQuantity, quantityOf, quantityValue } from '../quantity.ts';
import type { Errors } from './errors.ts';

const maxChoices = 10;

export function* validateDeviceCapacity({ value, requestPolicy }: V1DeviceCapacity, shared: boolean, field: string): Errors {
  if (!requestPolicy) return;
  if (shared) yield* validatePolicy(quantityOf(value), requestPolicy, `${field}.requestPolicy`);
  else yield forbidden(`${field}.requestPolicy`, 'allowMultipleAllocations must be true');
}

function* validatePolicy(capacity: Quantity, policy: V1CapacityRequestPolicy, field: string): Errors {
  const { default: preset, validValues = [], validRange } = policy;
  if (validValues.length > 0 && validRange) {
    yield forbidden(field, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time');
  } else if (validValues.length > 0) {
    if (preset === undefined) yield required(`${field}.default`, 'required when validValues is defined');
    else yield* validateChoices(quantityOf(preset), capacity, validValues.map(quantityOf), `${field}.validValues`);
  } else if (validRange) {
    if (preset === undefined) yield required(`${field}.default`, 'required when validRange is defined');
    else yield* validateRange(quantityOf(preset), capacity, validRange, `${field}.validRange`);
  }
}

function isMore(a: Quantity, b: Quantity): boolean {
  return compareQuantities(a, b) > 0;
}

function* validateChoices(preset: Quantity, capacity: Quantity, choices: readonly Quantity[], field: string): Errors {
  for (const [index, choice] of choices.entries()) {
    const before = choices[index - 1];
    if (before && isMore(before, choice)) yield invalid(`${field}[${index}]`, formatQuantity(choice), 'values must be sorted in ascending order');
  }
  if (choices.length > maxChoices) {
    yield tooMany(field, choices.length, maxChoices);
  } else {
    const seen = new Set<number>();
    for (const [index, choice] of choices.entries()) {
      if (isMore(choice, capacity)) yield invalid(`${field}[${index}]`, formatQuantity(choice), `option is larger than capacity value: ${formatQuantity(capacity)}`);
    }
    for (const [index, choice] of choices.entries()) {
      if (seen.has(quantityValue(choice))) yield duplicate(`${field}[${index}]`, String(quantityValue(choice)));
      seen.add(quantityValue(choice));
    }
  }
  const known = choices.length <= maxChoices && choices.some((choice) => compareQuantities(choice, preset) === 0);
  if (!known) yield invalid(field, formatQuantity(preset), 'default value is not valid according to the requestPolicy');
}

function* validateRange(preset: Quantity, capacity: Quantity, range: V1CapacityRequestPolicyRange, field: string): Errors {
  if (range.min === undefined) {
    yield required(`${field}.min`, 'required when validRange is defined');
    return;
  }
  const min = quantityOf(range.min);
  const shown = formatQuantity;
  if (isMore(min, capacity)) yield invalid(`${field}.min`, shown(min), `min is larger than capacity value: ${shown(capacity)}`);
  if (isMore(min, preset)) yield invalid(`${field}.min`, shown(preset), `default is less than min: ${shown(min)}`);
  const max = range.max === undefined ? undefined : quantityOf(range.max);
  if (max) {
    if (isMore(min, max)) yield invalid(`${field}.max`, shown(min), `min is larger than max: ${shown(max)}`);
    if (isMore(max, capacity)) yield invalid(`${field}.max`, shown(max), `max is larger than capacity value: ${shown(capacity)}`);
    if (isMore(preset, max)) yield invalid(`${field}.max`, shown(preset), `default is more than max: ${shown(max)}`);
  }
  if (range.step === undefined) return;
  const step = quantityOf(range.step);
  const first = addQuantities(min, step);
  if (isMore(first, capacity)) yield invalid(`${field}.step`, shown(step), `one step ${shown(first)} is larger than capacity value: ${shown(capacity)}`);
  for (const value of max ? [preset, max] : [preset]) {
    // A step of nothing would make the real server divide by zero: no value is a multiple of it.
    const isMultiple = quantityValue(step) !== 0 && (quantityValue(value) - quantityValue(min)) % quantityValue(step) === 0;
    if (!isMultiple) yield invalid(`${field}.step`, shown(value), `value is not a multiple of a given step (${shown(step)}) from (${shown(min)})`);
  }
}
