/** When an indexed job counts as done before all of it is (KEP-3998). */
import { invalid, required, tooLong, tooMany } from '../field-errors.ts';
import type { V1JobSpec, V1SuccessPolicy, V1SuccessPolicyRule } from '../generated/types.ts';
import type { Result } from '../result.ts';
import { byteLength, quote } from '../text.ts';
import type { Errors } from './errors.ts';
import { nonNegative } from './errors.ts';

const maxRules = 20;
const maxIndexesLength = 64 * 1024;

export function* validateSuccessPolicy(spec: V1JobSpec, { rules }: V1SuccessPolicy, field: string): Errors {
  if (spec.completionMode !== 'Indexed') yield invalid(field, { rules }, 'requires indexed completion mode');
  if ((rules ?? []).length === 0) yield required(`${field}.rules`, 'at least one rules must be specified when the successPolicy is specified');
  if ((rules ?? []).length > maxRules) yield tooMany(`${field}.rules`, rules.length, maxRules);
  for (const [index, rule] of (rules ?? []).entries()) yield* validateRule(rule, spec.completions ?? 0, `${field}.rules[${index}]`);
}

function* validateRule({ succeededCount: count, succeededIndexes: indexes }: V1SuccessPolicyRule, completions: number, field: string): Errors {
  if (count === undefined && indexes === undefined) yield required(field, 'at least one of succeededCount or succeededIndexes must be specified');
  let total = 0;
  if (indexes !== undefined) {
    const at = `${field}.succeededIndexes`;
    if (byteLength(indexes) > maxIndexesLength) yield tooLong(at, maxIndexesLength);
    const counted = countIndexes(indexes, completions);
    if (counted.ok) total = counted.value;
    else yield invalid(at, indexes, `error parsing succeededIndexes: ${counted.error}`);
  }
  if (count === undefined) return;
  const at = `${field}.succeededCount`;
  yield* nonNegative(at, count);
  if (count > completions) yield invalid(at, count, `must be less than or equal to ${completions} (the number of specified completions)`);
  if (indexes !== undefined && count > total) yield invalid(at, count, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`);
}

/** How many indexes a list like `0,2-4` names; they must rise and be below `completions`. */
function countIndexes(text: string, completions: number): Result<number> {
  if (text.trim() === '') return { ok: true, value: 0 };
  let total = 0;
  let previous = -1;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (!interval.ok) return interval;
    const { first, last } = interval.value;
    if (previous >= first) return { ok: false, error: `non-increasing order, previous: ${previous}, current: ${first}` };
    total += last - first + 1;
    previous = last;
  }
  return { ok: true, value: total };
}

function parseInterval(text: string, completions: number): Result<{ readonly first: number; readonly last: number }> {
  const limits = text.split('-');
  if (limits.length > 2) return { ok: false, error: `the fragment ${quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'` };
  for (const limit of limits) {
    if (!/^\d+$/.test(limit)) return { ok: false, error: `cannot convert string to integer for index: ${quote(limit)}` };
    if (Number(limit) >= completions) return { ok: false, error: `too large index: ${quote(limit)}` };
  }
  const first = Number(limits[0]);
  const last = Number(limits.at(-1));
  if (limits.length === 2 && last <= first) return { ok: false, error: `non-increasing order, previous: ${first}, current: ${last}` };
  return { ok: true, value: { first, last } };
}
