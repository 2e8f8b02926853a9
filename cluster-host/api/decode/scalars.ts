/** Values of fields that are more than JSON's own types: times, base64, int-or-string, quantities. */
import { formatQuantity, parseQuantity } from '../quantity.ts';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { quote } from '../text.ts';

const layout = '2006-01-02T15:04:05Z07:00';
/** The parts of an RFC 3339 time: pattern, and how Go's layout names it in errors. */
const timeParts: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'], [/^-/, '-'], [/^\d{2}/, '01'], [/^-/, '-'], [/^\d{2}/, '02'], [/^T/, 'T'],
  [/^\d{2}/, '15'], [/^:/, ':'], [/^\d{2}/, '04'], [/^:/, ':'], [/^\d{2}(?:[.,]\d+)?/, '05'], [/^(?:Z|[-+]\d{2}:\d{2})/, 'Z07:00'],
];

/** An RFC 3339 time as the API server writes it: in UTC, to the second, or to the microsecond. */
export function decodeTime(text: string, micro: boolean): Result<string> {
  let rest = text;
  for (const [pattern, name] of timeParts) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return failed(`parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(name)}`);
    rest = rest.slice(found.length);
  }
  if (rest !== '') return failed(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  const outOfRange = rangeProblem(text);
  if (outOfRange !== undefined) return failed(`parsing time ${quote(text)}: ${outOfRange} out of range`);
  const seconds = new Date(Date.parse(text.replace(',', '.').replace(/\.\d+/, ''))).toISOString().slice(0, 19);
  const fraction = /[.,](\d+)/.exec(text)?.[1] ?? '';
  return ok(micro ? `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z` : `${seconds}Z`);
}

function rangeProblem(text: string): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.slice(0, 19).split(/[-T:]/).map(Number);
  if (month < 1 || month > 12) return 'month';
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return 'day';
  if (hour > 23) return 'hour';
  if (minute > 59) return 'minute';
  return second > 59 ? 'second' : undefined;
}

/** Standard base64 with padding, as Go's decoder takes it; line breaks are skipped. */
export function decodeBase64(text: string): Result<string> {
  const content = text.replaceAll(/[\r\n]/g, '');
  const wrong = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(content)?.[0].length ?? 0;
  if (wrong === content.length) return ok(content);
  return failed(`illegal base64 data at input byte ${firstIllegal(content, wrong)}`);
}

function firstIllegal(content: string, blockStart: number): number {
  const offset = content.slice(blockStart).search(/[^A-Za-z0-9+/]/);
  // A block that only ends too early is reported at its start.
  return offset === -1 ? blockStart : blockStart + offset;
}

/** A quantity as the API server writes it back; `text` is what stood in the document, a number's own spelling included. */
export function decodeQuantity(text: string): Result<string> {
  const parsed = parseQuantity(text.trim());
  return parsed.ok ? ok(formatQuantity(parsed.value)) : parsed;
}
