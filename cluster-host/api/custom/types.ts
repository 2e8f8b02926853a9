/** Schemas of custom resources as types: what server-side apply needs to know of fields. */
import { modelType } from '../catalogue/catalogue.ts';
import type { Field, ScalarName, StructType, Type } from '../catalogue/schema.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { additionalOf, isEmbedded, isIntOrString, itemsOf, preservesUnknown, propertiesOf } from './schema.ts';

const scalars: Readonly<Record<string, ScalarName>> = { string: 'string', integer: 'int64', number: 'float64', boolean: 'bool' };
const goTypes: Readonly<Partial<Record<ScalarName, string>>> = { string: 'string', int64: 'int64', float64: 'float64', bool: 'bool' };

/** The type of a whole custom resource. */
export function resourceType(schema: V1JSONSchemaProps, goType: string): StructType {
  const fields = new Map(propertiesOf(schema).map(([name, property]) => [name, fieldOf(name, property, schema)]));
  for (const field of headFieldTypes()) fields.set(field.name, field);
  return { kind: 'struct', goType, atomic: false, fields: preservesUnknown(schema) ? openFields(fields) : fields };
}

function headFieldTypes(): readonly Field[] {
  const metadata = modelType('V1ObjectMeta');
  if (metadata === undefined) throw new Error('the catalogue has no V1ObjectMeta');
  const text: Type = { kind: 'scalar', scalar: 'string', goType: 'string' };
  return [plainField('apiVersion', text), plainField('kind', text), { ...plainField('metadata', metadata), omitEmpty: false }];
}

/** A field that says nothing of itself but its type. */
export function plainField(name: string, type: Type): Field {
  return { name, type, required: false, pointer: false, omitEmpty: false, embeddedIn: [], patchStrategies: [] };
}

function fieldOf(name: string, schema: V1JSONSchemaProps, parent: V1JSONSchemaProps): Field {
  const required = parent.required?.includes(name) === true;
  // A field that is left out has no value, not an empty one.
  return { ...plainField(name, typeOfSchema(schema)), required, pointer: true, omitEmpty: true, ...(schema.default === undefined ? {} : { default: schema.default as unknown }) };
}

export function typeOfSchema(schema: V1JSONSchemaProps): Type {
  if (isIntOrString(schema)) return { kind: 'scalar', scalar: 'intOrString', goType: 'intstr.IntOrString' };
  if (isEmbedded(schema)) return resourceType(schema, 'map[string]interface {}');
  if (schema.type === 'array') return listType(schema);
  if (schema.type === 'object') return objectType(schema);
  const { type = '' } = schema;
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined;
  if (scalar !== undefined) return { kind: 'scalar', scalar, goType: goTypes[scalar] ?? scalar };
  return { kind: 'scalar', scalar: 'object', goType: 'interface {}' };
}

function listType(schema: V1JSONSchemaProps): Type {
  const items = itemsOf(schema);
  const item: Type = items === undefined ? anyValue : typeOfSchema(items);
  const merge = schema['x-kubernetes-list-type'];
  return { kind: 'list', goType: '[]interface {}', item, merge: merge === 'set' || merge === 'map' ? merge : 'atomic', keys: schema['x-kubernetes-list-map-keys'] ?? [] };
}

function objectType(schema: V1JSONSchemaProps): Type {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  const goType = 'map[string]interface {}';
  const additional = additionalOf(schema);
  if (additional !== undefined) return { kind: 'map', goType, value: typeOfSchema(additional), atomic };
  const properties = propertiesOf(schema);
  const takesAny = preservesUnknown(schema) || schema.additionalProperties === true;
  if (takesAny && properties.length === 0) return atomic ? { kind: 'map', goType, value: anyValue, atomic } : { kind: 'scalar', scalar: 'object', goType };
  const fields = new Map(properties.map(([name, property]) => [name, fieldOf(name, property, schema)]));
  return { kind: 'struct', goType, atomic, fields: takesAny ? openFields(fields) : fields };
}

const anyValue: Type = { kind: 'scalar', scalar: 'object', goType: 'interface {}' };

/** Fields of an object that also takes unknown ones: those are found, though not listed. */
function openFields(known: ReadonlyMap<string, Field>): ReadonlyMap<string, Field> {
  const fields = new Map(known);
  fields.get = (name) => known.get(name) ?? plainField(name, anyValue);
  return fields;
}
