/** Parts of the structural schemas of custom resources, as every walk over them needs them. */
import type { V1JSONSchemaProps } from '../generated/types.ts';

export type Properties = readonly (readonly [string, V1JSONSchemaProps])[];

export function propertiesOf({ properties = {} }: V1JSONSchemaProps): Properties {
  return Object.entries(properties);
}

export function propertyOf({ properties }: V1JSONSchemaProps, name: string): V1JSONSchemaProps | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The one schema of all items; undefined where there is none, or one for each position. */
export function itemsOf({ items }: V1JSONSchemaProps): V1JSONSchemaProps | undefined {
  return typeof items === 'object' && items !== null && !Array.isArray(items) ? (items as V1JSONSchemaProps) : undefined;
}

/** The schema of the values of a map. */
export function additionalOf({ additionalProperties }: V1JSONSchemaProps): V1JSONSchemaProps | undefined {
  return typeof additionalProperties === 'object' && additionalProperties !== null ? (additionalProperties as V1JSONSchemaProps) : undefined;
}

/** The schema of a field of an object: its property's, or that of all other fields. */
export function fieldSchema(schema: V1JSONSchemaProps, name: string): V1JSONSchemaProps | undefined {
  return propertyOf(schema, name) ?? additionalOf(schema);
}

export function isIntOrString(schema: V1JSONSchemaProps): boolean {
  return schema['x-kubernetes-int-or-string'] === true;
}

export function preservesUnknown(schema: V1JSONSchemaProps): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

export function isEmbedded(schema: V1JSONSchemaProps): boolean {
  return schema['x-kubernetes-embedded-resource'] === true;
}
