/** Timestamps and durations (langdef.md, "Abstract Types"). */
import type { FunctionRow } from '../functions.ts';
import { maxInt, minInt } from '../literals.ts';
import { CelDuration, CelError, CelTimestamp } from '../values.ts';

const second = 1_000_000_000n;
/** The years 1 and 9999. */
const earliest = -62_135_596_800n;
const latest = 253_402_300_799n;

export function timestampOf(nanoseconds: bigint): CelTimestamp {
  const seconds = floorDivide(nanoseconds, second);
  if (seconds < earliest || seconds > latest) throw new CelError('timestamp overflow');
  return new CelTimestamp(nanoseconds);
}

export function durationOf(nanoseconds: bigint): CelDuration {
  if (nanoseconds < minInt || nanoseconds > maxInt) throw new CelError('duration overflow');
  return new CelDuration(nanoseconds);
}

export function addDuration(timestamp: CelTimestamp, duration: CelDuration): CelTimestamp {
  return timestampOf(timestamp.nanoseconds + duration.nanoseconds);
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value / by - (value % by < 0n ? 1n : 0n);
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?([Zz]|[+-]\d{2}:\d{2})$/;

/** Undefined where the text is no RFC 3339 time. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const [, day, time, fraction = '', zone = ''] = rfc3339.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || !new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return undefined;
  return new CelTimestamp(BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0')));
}

/** As short as it goes, in UTC: `2024-01-02T03:04:05.5Z`. */
export function formatTimestamp({ nanoseconds }: CelTimestamp): string {
  const seconds = floorDivide(nanoseconds, second);
  const fraction = (nanoseconds - seconds * second).toString().padStart(9, '0').replace(/0+$/, '');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

const units: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, µs: 1000n, μs: 1000n, ms: 1_000_000n, s: second, m: 60n * second, h: 3600n * second };

/** `1h30m`, as Go reads it; undefined where it is none. */
export function parseDuration(text: string): CelDuration | undefined {
  const [, sign, body = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  if (body === '0') return new CelDuration(0n);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = 's'] of body.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = units[unit] ?? 0n;
    total += BigInt(whole || '0') * scale + (fraction === '' ? 0n : (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length));
  }
  if (total > maxInt) return undefined;
  return new CelDuration(sign === '-' ? -total : total);
}

/** In seconds: `5400s`, `0.5s`. */
export function formatDuration({ nanoseconds }: CelDuration): string {
  return `${Number(nanoseconds) / 1e9}s`;
}

/** Parts of a time, in a zone of the time zone database or at an offset (`+01:00`). */
function partsOf({ nanoseconds }: CelTimestamp, zone: string): Date {
  const milliseconds = Number(floorDivide(nanoseconds, 1_000_000n));
  const [, sign, hours = '0', minutes = '0'] = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone) ?? [];
  if (sign !== undefined) return new Date(milliseconds + (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000);
  if (zone === 'UTC' || zone === '') return new Date(milliseconds);
  return new Date(`${inZone(milliseconds, zone)}.${String(((milliseconds % 1000) + 1000) % 1000).padStart(3, '0')}Z`);
}

function inZone(milliseconds: number, zone: string): string {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    return format.format(new Date(milliseconds)).replace(' ', 'T');
  } catch {
    throw new CelError(`unknown time zone ${zone}`);
  }
}

function dayOfYear(time: Date): number {
  return Math.floor((Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()) - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000);
}

const parts: readonly (readonly [string, (time: Date) => number])[] = [
  ['getFullYear', (time) => time.getUTCFullYear()],
  ['getMonth', (time) => time.getUTCMonth()],
  ['getDayOfYear', dayOfYear],
  ['getDayOfMonth', (time) => time.getUTCDate() - 1],
  ['getDate', (time) => time.getUTCDate()],
  ['getDayOfWeek', (time) => time.getUTCDay()],
  ['getHours', (time) => time.getUTCHours()],
  ['getMinutes', (time) => time.getUTCMinutes()],
  ['getSeconds', (time) => time.getUTCSeconds()],
  ['getMilliseconds', (time) => time.getUTCMilliseconds()],
];

export const time: readonly FunctionRow[] = [
  ...parts.flatMap(([name, part]): FunctionRow[] => [
    [`timestamp.${name}(): int`, (timestamp: CelTimestamp) => BigInt(part(partsOf(timestamp, 'UTC')))],
    [`timestamp.${name}(string): int`, (timestamp: CelTimestamp, zone: string) => BigInt(part(partsOf(timestamp, zone)))],
  ]),
  ['duration.getHours(): int', ({ nanoseconds }: CelDuration) => nanoseconds / (3600n * second)],
  ['duration.getMinutes(): int', ({ nanoseconds }: CelDuration) => nanoseconds / (60n * second)],
  ['duration.getSeconds(): int', ({ nanoseconds }: CelDuration) => nanoseconds / second],
  ['duration.getMilliseconds(): int', ({ nanoseconds }: CelDuration) => nanoseconds / 1_000_000n],
];
