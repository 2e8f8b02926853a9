/** Whether a default of a custom resource's schema is a value of that schema: types, bounds, patterns, enums. */
import { RE2JS } from 're2js';
import { invalid, notSupported, required } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { goJson } from '../text.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';

export function* defaultProblems(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  if (value === null && schema.nullable === true) return;
  const type = typeOf(value);
  if (!hasType(type, schema)) {
    yield invalid(field, type, `${field} in body must be of type ${schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : schema.type}: "${type}"`);
    return;
  }
  if (schema.enum && !schema.enum.some((allowed) => equal(allowed, value))) yield notSupported(field, value, schema.enum.map((allowed) => (typeof allowed === 'string' ? allowed : goJson(allowed))));
  if (typeof value === 'number') yield* validateNumber(value, schema, field);
  else if (typeof value === 'string') yield* validateText(value, schema, field);
  else if (Array.isArray(value)) yield* validateList(value, schema, field);
  else if (typeof value === 'object' && value !== null) yield* validateObject(value as Readonly<Record<string, unknown>>, schema, field);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(type: string, schema: V1JSONSchemaProps): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return type === 'integer' || type === 'string';
  return !schema.type || schema.type === type || (schema.type === 'number' && type === 'integer');
}

function* validateNumber(value: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: V1JSONSchemaProps, field: string): Errors {
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    yield invalid(field, value, `${field} in body should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`);
  }
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    yield invalid(field, value, `${field} in body should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`);
  }
  if (multipleOf && !Number.isInteger(value / multipleOf)) yield invalid(field, value, `${field} in body should be a multiple of ${multipleOf}`);
}

function* validateText(value: string, { minLength, maxLength, pattern }: V1JSONSchemaProps, field: string): Errors {
  const { length } = Array.from(value);
  if (minLength !== undefined && length < minLength) yield invalid(field, value, `${field} in body should be at least ${minLength} chars long`);
  if (maxLength !== undefined && length > maxLength) yield invalid(field, value, `${field} in body should be at most ${maxLength} chars long`);
  if (pattern && !RE2JS.compile(pattern).matcher(value).find()) yield invalid(field, value, `${field} in body should match '${pattern}'`);
}

function* validateList(values: readonly unknown[], { items, minItems, maxItems }: V1JSONSchemaProps, field: string): Errors {
  if (minItems !== undefined && values.length < minItems) yield invalid(field, values.length, `${field} in body should have at least ${minItems} items`);
  if (maxItems !== undefined && values.length > maxItems) yield invalid(field, values.length, `${field} in body should have at most ${maxItems} items`);
  if (typeof items === 'object' && items !== null) for (const [index, value] of values.entries()) yield* defaultProblems(value, items as V1JSONSchemaProps, `${field}[${index}]`);
}

function* validateObject(value: Readonly<Record<string, unknown>>, schema: V1JSONSchemaProps, field: string): Errors {
  for (const name of schema.required ?? []) if (value[name] === undefined && schema.properties?.[name]?.default === undefined) yield required(`${field}.${name}`);
  for (const [name, item] of Object.entries(value)) {
    const property = schema.properties?.[name];
    const additional: unknown = schema.additionalProperties;
    if (property) yield* defaultProblems(item, property, `${field}.${name}`);
    else if (typeof additional === 'object' && additional !== null) yield* defaultProblems(item, additional, `${field}.${name}`);
    else if (additional !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) yield invalid(field, value, `must not have unknown fields: ${name}`);
  }
}
