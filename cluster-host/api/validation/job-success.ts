/** When an indexed job counts as done before all of it is (KEP-3998). */
import { invalid, required, tooLong, tooMany } from '../field-errors.ts';
import type { V1JobSpec, V1SuccessPolicy, V1SuccessPolicyRule } from '../generated/types.ts';
import { failed, ok, type Result } from '../result.ts';
import { byteLength, quote } from '../text.ts';
import type { Errors } from './errors.ts';
import { nonNegative } from './errors.ts';

const maxRules = 20;
const maxIndexesLength = 64 * 1024;

export function* validateSuccessPolicy(spec: V1JobSpec, { rules }: V1SuccessPolicy, field: string): Errors {
  if (spec.completionMode !== 'Indexed') {
    yield invalid(field, { rules }, 'requires indexed completion mode');
    return;
  }
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
    const intervals = intervalsOf(indexes, completions);
    if (intervals.ok) total = intervals.value.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    else yield invalid(at, indexes, `error parsing succeededIndexes: ${intervals.error}`);
  }
  if (count === undefined) return;
  const at = `${field}.succeededCount`;
  yield* nonNegative(at, count);
  if (count > completions) yield invalid(at, count, `must be less than or equal to ${completions} (the number of specified completions)`);
  if (indexes !== undefined && count > total) yield invalid(at, count, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`);
}

/** The first index that two lists of indexes share, as the server keeps both. */
export function sharedIndex(a: string, b: string, completions: number): number | undefined {
  const [first, second] = [a, b].map((text) => intervalsOf(text, completions));
  if (!first?.ok || !second?.ok) return undefined;
  const shared = first.value.flatMap((one) => second.value.map((other) => [Math.max(one.first, other.first), Math.min(one.last, other.last)] as const));
  return shared.find(([from, to]) => from <= to)?.[0];
}

/** What is wrong with a list of indexes; undefined where nothing is. */
export function indexesProblem(text: string, completions: number): string | undefined {
  const parsed = intervalsOf(text, completions);
  return parsed.ok ? undefined : parsed.error;
}

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** A list of indexes like `0,2-4`: they must rise and be below `completions`. */
function intervalsOf(text: string, completions: number): Result<readonly Interval[]> {
  if (text.trim() === '') return ok([]);
  const intervals: Interval[] = [];
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (!interval.ok) return interval;
    const previous = intervals.at(-1)?.last ?? -1;
    if (previous >= interval.value.first) return failed(`non-increasing order, previous: ${previous}, current: ${interval.value.first}`);
    intervals.push(interval.value);
  }
  return ok(intervals);
}

function parseInterval(text: string, completions: number): Result<Interval> {
  const limits = text.split('-');
  if (limits.length > 2) return failed(`the fragment ${quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`);
  for (const limit of limits) {
    if (!/^\d+$/.test(limit)) return failed(`cannot convert string to integer for index: ${quote(limit)}`);
    if (Number(limit) >= completions) return failed(`too large index: ${quote(limit)}`);
  }
  const first = Number(limits[0]);
  const last = Number(limits.at(-1));
  if (limits.length === 2 && last <= first) return failed(`non-increasing order, previous: ${first}, current: ${last}`);
  return ok({ first, last });
}
