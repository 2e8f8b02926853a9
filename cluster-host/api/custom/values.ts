/**
 * Values of custom resources against their schema, in the words of Kubernetes' validator (k8s.io/kube-openapi `validation`).
 *
 * The errors are those of one value at a time: `spec.replicas: Invalid value: "string": spec.replicas in body must be of
 * type integer: "string"`.
 */
import { compilePattern } from '../patterns.ts';
import type { FieldError } from '../field-error.ts';
import { invalid, notSupported, required, tooLong, tooMany, typeInvalid } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { goJson } from '../text.ts';
import { equal, isObject, type JsonObject } from '../values.ts';
import type { Errors } from '../validation/errors.ts';
import { hasFormat } from './formats.ts';
import { additionalOf, isIntOrString, itemsOf, propertiesOf, propertyOf } from './schema.ts';

/** `field` is the path of the value; empty for a whole object. */
export function* validateValue(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  const type = typeOf(value);
  const takesNull = value === null && schema.nullable === true;
  if (!takesNull && !hasType(type, schema)) yield typeInvalid(pathOf(field), type, `${field} in body must be of type ${typeNames(schema)}: "${type}"`);
  if (!takesNull) yield* validateEnum(value, schema, field);
  if (value === null) return;
  yield* validateLogic(value, schema, field);
  if (typeof value === 'string') yield* validateText(value, schema, field);
  else if (typeof value === 'number') yield* validateNumber(value, schema, field);
  else if (Array.isArray(value)) yield* validateItems(value, schema, field);
  else if (isObject(value)) yield* validateFields(value, schema, field);
}

/** The path of a whole object: it has no name. */
export const wholeValue = '<nil>';

function pathOf(field: string): string {
  return field === '' ? wholeValue : field;
}

export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(type: string, schema: V1JSONSchemaProps): boolean {
  if (isIntOrString(schema)) return type === 'integer' || type === 'string';
  return !schema.type || schema.type === type || (schema.type === 'number' && type === 'integer');
}

function typeNames(schema: V1JSONSchemaProps): string {
  return isIntOrString(schema) ? 'integer,string' : (schema.type ?? '');
}

function* validateEnum(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  const allowed: readonly unknown[] | undefined = schema.enum;
  if (allowed === undefined || allowed.some((one) => equal(one, value))) return;
  yield notSupported(pathOf(field), value, allowed.map((one) => (typeof one === 'string' ? one : goJson(one))));
}

function* validateText(value: string, { minLength, maxLength, pattern, format }: V1JSONSchemaProps, field: string): Errors {
  const length = Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) yield tooLong(pathOf(field), maxLength);
  if (minLength !== undefined && length < minLength) yield invalid(pathOf(field), value, `${field} in body should be at least ${minLength} chars long`);
  if (pattern && !matchesPattern(pattern, value)) yield invalid(pathOf(field), value, `${field} in body should match '${pattern}'`);
  if (format && !hasFormat(value, format)) yield typeInvalid(pathOf(field), value, `${field} in body must be of type ${format}: ${goJson(value)}`);
}

function* validateNumber(value: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, type, format }: V1JSONSchemaProps, field: string): Errors {
  if (type === 'integer' && format === 'int32' && (value > 2 ** 31 - 1 || value < -(2 ** 31))) yield invalid(wholeValue, '', 'Checked value number must be of type integer with format int32');
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) yield invalid(pathOf(field), value, `${field} in body should be a multiple of ${multipleOf}`);
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    yield invalid(pathOf(field), value, `${field} in body should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    yield invalid(pathOf(field), value, `${field} in body should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`);
  }
}

function isMultiple(value: number, of: number): boolean {
  return Number.isInteger(of >= 1 ? value / of : value * (1 / of));
}

function* validateItems(values: readonly unknown[], schema: V1JSONSchemaProps, field: string): Errors {
  const items = itemsOf(schema);
  if (items !== undefined) for (const [index, value] of values.entries()) yield* validateValue(value, items, `${field}[${index}]`);
  if (schema.minItems !== undefined && values.length < schema.minItems) yield invalid(pathOf(field), values.length, `${field} in body should have at least ${schema.minItems} items`);
  if (schema.maxItems !== undefined && values.length > schema.maxItems) yield tooMany(pathOf(field), values.length, schema.maxItems);
}

function* validateFields(object: JsonObject, schema: V1JSONSchemaProps, field: string): Errors {
  const count = Object.keys(object).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) yield invalid(pathOf(field), count, `${field} in body should have at least ${schema.minProperties} properties`);
  if (schema.maxProperties !== undefined && count > schema.maxProperties) yield tooMany(pathOf(field), count, schema.maxProperties);
  const below = (name: string): string => (field === '' ? name : `${field}.${name}`);
  const additional = additionalOf(schema);
  if (additional !== undefined) {
    for (const [name, value] of Object.entries(object)) if (propertyOf(schema, name) === undefined) yield* validateValue(value, additional, below(name));
  }
  for (const [name, property] of propertiesOf(schema)) if (Object.hasOwn(object, name)) yield* validateValue(object[name], property, below(name));
  for (const name of schema.required ?? []) if (!Object.hasOwn(object, name)) yield required(below(name));
}

/** Problems of a composition have no path of their own: Kubernetes names the value in the text. */
function composition(field: string, what: string): FieldError {
  return invalid(wholeValue, '', `"${field}" must ${what}`);
}

function* validateLogic(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  const outcomes = (nested: readonly V1JSONSchemaProps[]): FieldError[][] => nested.map((one) => [...validateValue(value, one, field)]);
  const { anyOf, oneOf, allOf, not } = schema;
  if (anyOf !== undefined && anyOf.length > 0) {
    const found = outcomes(anyOf);
    if (found.every((errors) => errors.length > 0)) yield* [composition(field, 'validate at least one schema (anyOf)'), ...fewest(found)];
  }
  if (oneOf !== undefined && oneOf.length > 0) {
    const found = outcomes(oneOf);
    const valid = found.filter((errors) => errors.length === 0).length;
    if (valid === 0) yield* [composition(field, 'validate one and only one schema (oneOf). Found none valid'), ...fewest(found)];
    if (valid > 1) yield composition(field, `validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
  }
  if (allOf !== undefined && allOf.length > 0) {
    const found = outcomes(allOf).flat();
    if (found.length > 0) yield* [...found, composition(field, 'validate all the schemas (allOf)')];
  }
  if (not !== undefined && [...validateValue(value, not, field)].length === 0) yield composition(field, 'not validate the schema (not)');
}

/** What the alternative that fits best has against the value. */
function fewest(alternatives: readonly (readonly FieldError[])[]): readonly FieldError[] {
  return alternatives.reduce((best, one) => (one.length < best.length ? one : best));
}

/** A pattern that is none is refused with its definition. */
function matchesPattern(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  return !compiled.ok || compiled.value.matcher(text).find();
}
