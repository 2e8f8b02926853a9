import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { hasFormat } from './formats.ts';
import { validateEmbedded } from './embedded.ts';
import { validateListTypes } from './list-types.ts';
import { validateValue } from './values.ts';

function problems(schema: V1JSONSchemaProps, value: unknown): readonly string[] {
  const whole: V1JSONSchemaProps = { type: 'object', properties: { spec: schema } };
  const object = { spec: value };
  return [...validateValue(object, whole, ''), ...validateEmbedded(object, whole, ''), ...validateListTypes(object, whole, '')].map(fieldErrorText);
}

const integer: V1JSONSchemaProps = { type: 'integer' };
const text: V1JSONSchemaProps = { type: 'string' };
const keyed: V1JSONSchemaProps = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', properties: { name: text } } };

describe("values against a schema, in Kubernetes' words", () => {
  it.each<[string, V1JSONSchemaProps, unknown, readonly string[]]>([
    ['type', integer, 'x', ['spec: Invalid value: "string": spec in body must be of type integer: "string"']],
    ['whole number as number', { type: 'number' }, 3, []],
    ['fraction as integer', integer, 1.5, ['spec: Invalid value: "number": spec in body must be of type integer: "number"']],
    ['null', text, null, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
    ['nullable', { ...text, nullable: true }, null, []],
    ['int or string', { 'x-kubernetes-int-or-string': true }, true, ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"']],
    ['enum', { ...text, enum: ['a', 'b'] }, 'c', ['spec: Unsupported value: "c": supported values: "a", "b"']],
    ['pattern', { ...text, pattern: '^a+$' }, 'b', [`spec: Invalid value: "b": spec in body should match '^a+$'`]],
    ['pattern of RE2', { ...text, pattern: '(?i)^A+$' }, 'aaa', []],
    ['too long', { ...text, maxLength: 2 }, 'abc', ['spec: Too long: may not be more than 2 bytes']],
    ['too short', { ...text, minLength: 4 }, 'abc', ['spec: Invalid value: "abc": spec in body should be at least 4 chars long']],
    ['maximum', { ...integer, maximum: 2 }, 3, ['spec: Invalid value: 3: spec in body should be less than or equal to 2']],
    ['exclusive minimum', { ...integer, minimum: 3, exclusiveMinimum: true }, 3, ['spec: Invalid value: 3: spec in body should be greater than 3']],
    ['multiple', { type: 'number', multipleOf: 0.1 }, 0.3, []],
    ['no multiple', { ...integer, multipleOf: 2 }, 3, ['spec: Invalid value: 3: spec in body should be a multiple of 2']],
    ['format', { ...text, format: 'date-time' }, 'now', ['spec: Invalid value: "now": spec in body must be of type date-time: "now"']],
    ['required', { type: 'object', required: ['a'], properties: { a: text } }, {}, ['spec.a: Required value']],
    ['items', { type: 'array', items: integer }, [1, 'x'], ['spec[1]: Invalid value: "string": spec[1] in body must be of type integer: "string"']],
    ['too many items', { type: 'array', items: integer, maxItems: 1 }, [1, 2], ['spec: Too many: 2: must have at most 1 item']],
    ['values of a map', { type: 'object', additionalProperties: integer }, { a: 'x' }, ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"']],
    ['too few properties', { type: 'object', minProperties: 1 }, {}, ['spec: Invalid value: 0: spec in body should have at least 1 properties']],
    ['any of', { type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] }, {}, ['<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'spec.a: Required value']],
    ['one of', { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 2 }, ['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
    ['not', { type: 'object', not: { required: ['a'] } }, { a: 1 }, ['<nil>: Invalid value: "": "spec" must not validate the schema (not)']],
    ['a set', { type: 'array', 'x-kubernetes-list-type': 'set', items: text }, ['a', 'b', 'a'], ['spec[2]: Duplicate value: "a"']],
    ['a list with keys', keyed, [{ name: 'a' }, { name: 'a' }], ['spec[1]: Duplicate value: {"name":"a"}']],
    ['an embedded object', { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }, { kind: 'Pod' }, ['spec.apiVersion: Required value: must not be empty']],
  ])('%s', (_name, schema, value, expected) => {
    expect(problems(schema, value)).toEqual(expected);
  });
});

describe('formats', () => {
  it.each<[string, string, boolean]>([
    ['date-time', '2026-02-28T10:00:00.5+01:00', true],
    ['date-time', '2026-02-30T10:00:00Z', false],
    ['date', '2026-02-28', true],
    ['duration', '1h30m', true],
    ['duration', 'soon', false],
    ['ipv4', '10.0.0.1', true],
    ['ipv4', '::1', false],
    ['ipv6', '::1', true],
    ['cidr', '10.0.0.0/8', true],
    ['byte', 'YQ==', true],
    ['byte', 'Y', false],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', true],
    ['hostname', 'a.example', true],
    ['hostname', '-a', false],
    ['email', 'a@b', true],
    ['whatever', 'x', true],
  ])('%s %s', (format, value, expected) => {
    expect(hasFormat(value, format)).toBe(expected);
  });
});
