import { expect, test } from 'vitest';
import type { V1CustomResourceDefinition, V1JSONSchemaProps } from '../generated/types.ts';
import { publishedSchemas } from './open-api.ts';

const definition = { spec: { group: 'example.com', names: { kind: 'Tab', plural: 'tabs' } } } as V1CustomResourceDefinition;

function published(dialect: 'v2' | 'v3', schema: V1JSONSchemaProps): Readonly<Record<string, any>> {
  return publishedSchemas(definition, { name: 'v1' } as never, schema).schemas(dialect, (name) => name)['com.example.v1.Tab'] ?? {};
}

const open = { 'x-kubernetes-preserve-unknown-fields': true };
const member = { type: 'string' };

test.each<[string, object, object]>([
  ['an object', { type: 'object', required: ['a'], properties: { a: member } }, { type: 'object', required: ['a'], properties: { a: member } }],
  ['an object that keeps what it does not know', { type: 'object', ...open, properties: { a: member } }, open],
  ['what may be null', { type: 'object', nullable: true, properties: { a: member } }, {}],
  ['members that may be null are never required', { type: 'object', required: ['a', 'b'], properties: { a: member, b: { ...member, nullable: true } } }, { type: 'object', required: ['a'], properties: { a: member, b: {} } }],
  ['compositions', { type: 'string', anyOf: [{ minLength: 1 }], not: { pattern: 'x' } }, { type: 'string' }],
  ['a list', { type: 'array', items: { ...member, nullable: true } }, { type: 'array', items: {} }],
  ['a map', { type: 'object', additionalProperties: { type: 'object', ...open } }, { type: 'object', additionalProperties: open }],
])('version 2 of %s', (_what, schema, expected) => {
  expect(published('v2', { type: 'object', properties: { spec: schema } } as V1JSONSchemaProps)['properties'].spec).toEqual(expected);
});

// Named members would make readers of version 2 refuse all others, `spec` and `status` too.
test('version 2 names no members of a kind that takes everything', () => {
  const schema: V1JSONSchemaProps = { description: 'Anything.', type: 'object', ...open, properties: { spec: { type: 'object' } } };
  expect(published('v2', schema)).toEqual({ type: 'object', 'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Tab', version: 'v1' }] });
  expect(Object.keys(published('v3', schema)['properties'])).toEqual(['spec', 'apiVersion', 'kind', 'metadata']);
});

test('says of its standard members what every kind says', () => {
  const { properties } = published('v3', { type: 'object' });
  expect(properties.metadata.description).toMatch(/^Standard object's metadata\. More info: /);
  expect(properties.apiVersion.description).toMatch(/^APIVersion defines the versioned schema /);
});
