/** Values of CEL as JSON: what expressions that make objects come to. */
import { formatDuration, formatTimestamp } from './library/time.ts';
import { CelDuration, CelError, CelList, CelMap, CelOptional, CelTimestamp, CelUint, typeName } from './values.ts';

/** Throws `CelError` on what JSON does not have. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof CelList) return value.items.map(toJson);
  if (value instanceof CelOptional) return value.value === undefined ? null : toJson(value.value);
  if (value instanceof CelMap) return Object.fromEntries(value.keys().map((key) => [String(key), toJson(value.get(key))]));
  throw new CelError(`unsupported type conversion to JSON: ${typeName(value)}`);
}
