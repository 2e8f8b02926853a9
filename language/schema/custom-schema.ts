/** The structural schema of a custom resource as a JSON Schema for completion and field documentation. */
import type { V1JSONSchemaProps } from '../../cluster-host/api/generated/types.ts';
import { additionalOf, isEmbedded, isIntOrString, itemsOf, preservesUnknown, propertiesOf } from '../../cluster-host/api/custom/schema.ts';
import { apiVersionOf } from '../../cluster-host/api/object.ts';
import type { CustomKind } from './custom-kinds.ts';
import { modelSchema, type JsonSchema } from './json-schema.ts';

export function customJsonSchema({ definition, schema }: CustomKind): JsonSchema {
  const { properties, required = [], ...rest } = schemaOf(schema);
  const { status: _status, ...fields } = (properties ?? {}) as Record<string, JsonSchema>;
  const metadata = modelSchema('V1ObjectMeta');
  return {
    ...rest,
    type: 'object',
    properties: {
      apiVersion: { type: 'string', const: apiVersionOf(definition) },
      kind: { type: 'string', const: definition.kind },
      ...fields,
      metadata: metadata.schema,
    },
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...(required as readonly string[])])],
    definitions: metadata.definitions,
  };
}

function schemaOf(schema: V1JSONSchemaProps): JsonSchema {
  const properties = propertiesOf(schema);
  const items = itemsOf(schema);
  return {
    ...typeOf(schema),
    ...(schema.enum === undefined ? {} : { enum: schema.enum as unknown }),
    ...(schema.default === undefined ? {} : { default: schema.default as unknown }),
    ...(items === undefined ? {} : { items: schemaOf(items) }),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties.map(([name, property]) => [name, fieldSchema(name, property, schema)])), additionalProperties: isOpen(schema) }),
    ...additionalSchema(schema),
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(schema.description === undefined ? {} : { markdownDescription: schema.description }),
  };
}

function typeOf(schema: V1JSONSchemaProps): JsonSchema {
  if (isIntOrString(schema)) return { type: ['integer', 'string'] };
  if (schema.type === undefined) return {};
  return { type: schema.nullable === true ? [schema.type, 'null'] : schema.type };
}

function isOpen(schema: V1JSONSchemaProps): boolean {
  return preservesUnknown(schema) || isEmbedded(schema) || schema.additionalProperties === true;
}

function additionalSchema(schema: V1JSONSchemaProps): JsonSchema {
  const additional = additionalOf(schema);
  return additional === undefined ? {} : { additionalProperties: schemaOf(additional) };
}

function fieldSchema(name: string, schema: V1JSONSchemaProps, parent: V1JSONSchemaProps): JsonSchema {
  const facts = [
    `\`${name}\`: ${typeName(schema)}`,
    ...(parent.required?.includes(name) === true ? ['required'] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default)}\``]),
    ...(schema.pattern === undefined ? [] : [`matches \`${schema.pattern}\``]),
  ];
  return { ...schemaOf(schema), markdownDescription: `${facts.join(', ')}\n\n${schema.description ?? ''}` };
}

function typeName(schema: V1JSONSchemaProps): string {
  if (isIntOrString(schema)) return 'integer or string';
  const items = itemsOf(schema);
  if (items !== undefined) return `list of ${typeName(items)}`;
  const additional = additionalOf(schema);
  if (additional !== undefined) return `map of string to ${typeName(additional)}`;
  return schema.type ?? 'any value';
}
