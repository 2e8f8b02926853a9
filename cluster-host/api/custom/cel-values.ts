/** Values of custom resources as CEL sees them, typed by their schema. */
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { isObject } from '../values.ts';
import { hasFormat } from './formats.ts';
import { additionalOf, isEmbedded, isIntOrString, itemsOf, preservesUnknown, propertyOf } from './schema.ts';

/** `isWhole`: the value has `apiVersion`, `kind` and the names in `metadata`, whatever its schema says. */
export function celValue(value: unknown, schema: V1JSONSchemaProps, isWhole = isEmbedded(schema)): unknown {
  if (typeof value === 'number') return schema.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === 'string') return isIntOrString(schema) ? value : textValue(value, schema.format);
  if (Array.isArray(value)) return value.map((item) => celValue(item, itemsOf(schema) ?? {}));
  return isObject(value) ? objectValue(value, schema, isWhole) : value;
}

function textValue(value: string, format: string | undefined): unknown {
  if (format === 'date-time' || format === 'date') {
    const time = Date.parse(value);
    return Number.isNaN(time) ? value : new Date(time);
  }
  return format === 'byte' && hasFormat(value, format) ? Uint8Array.from(atob(value), (character) => character.charCodeAt(0)) : value;
}

function objectValue(value: Readonly<Record<string, unknown>>, schema: V1JSONSchemaProps, isWhole: boolean): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const additional = additionalOf(schema);
  for (const [name, item] of Object.entries(value)) {
    const property = propertyOf(schema, name);
    if (property !== undefined) result[fieldName(name)] = celValue(item, property);
    else if (additional !== undefined) result[name] = celValue(item, additional);
    else if (schema.additionalProperties === true || preservesUnknown(schema)) result[name] = celValue(item, {});
  }
  return isWhole ? { ...result, ...headOf(value) } : result;
}

function headOf({ apiVersion, kind, metadata }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { name, generateName } = isObject(metadata) ? metadata : {};
  return { apiVersion, kind, metadata: { ...(name === undefined ? {} : { name }), ...(generateName === undefined ? {} : { generateName }) } };
}

const reserved: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
]);

/** How rules spell a field whose name is no CEL identifier. */
function fieldName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}
