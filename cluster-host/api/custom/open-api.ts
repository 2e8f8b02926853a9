/** The schema of a custom resource as the OpenAPI documents publish it. */
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionVersion, V1JSONSchemaProps } from '../generated/types.ts';
import { isObject, type JsonObject } from '../values.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Definition names and schemas of a kind and of its list. References are to definitions by name: `{ definition }`. */
export interface PublishedSchemas {
  readonly object: string;
  readonly list: string;
  /** By definition name; in the form of version 2 or 3. `reference` makes a `$ref` of a definition's name. */
  schemas(dialect: 'v2' | 'v3', reference: (definition: string) => string): Readonly<Record<string, JsonObject>>;
}

/** Definitions that published schemas refer to. */
export const referredDefinitions: readonly string[] = [`${meta}.ObjectMeta`, `${meta}.ListMeta`];

const apiVersionText = 'The version of the schema of this object, as group/version.';
const kindText = 'The kind of this object, in CamelCase.';

export function publishedSchemas({ spec, status }: V1CustomResourceDefinition, { name: version }: V1CustomResourceDefinitionVersion, schema: V1JSONSchemaProps): PublishedSchemas {
  const { kind, listKind = `${kind}List` } = status?.acceptedNames ?? spec.names;
  const base = [...spec.group.split('.').toReversed(), version].join('.');
  const object = `${base}.${kind}`;
  const list = `${base}.${listKind}`;
  const text = (description: string): JsonObject => ({ type: 'string', description });
  return {
    object,
    list,
    schemas(dialect, reference) {
      const refer = (definition: string): JsonObject => (dialect === 'v2' ? { $ref: reference(definition) } : { allOf: [{ $ref: reference(definition) }] });
      const gvk = (name: string): JsonObject => ({ 'x-kubernetes-group-version-kind': [{ group: spec.group, kind: name, version }] });
      const body = dialect === 'v2' ? toV2(schema as JsonObject) : (schema as JsonObject);
      const properties = { ...(body['properties'] as JsonObject | undefined), apiVersion: text(apiVersionText), kind: text(kindText), metadata: { ...refer(`${meta}.ObjectMeta`), description: 'What every object has: its name, labels, owners.' } };
      return {
        [object]: { ...body, type: 'object', properties, ...gvk(kind) },
        [list]: {
          description: `${listKind} is a list of ${kind}`,
          type: 'object',
          required: ['items'],
          properties: {
            apiVersion: text(apiVersionText),
            items: { description: `The objects of the list.`, type: 'array', items: { $ref: reference(object) } },
            kind: text(kindText),
            metadata: { ...refer(`${meta}.ListMeta`), description: 'What every list has: its place in the history of the cluster.' },
          },
          ...gvk(listKind),
        },
      };
    },
  };
}

/** Version 2 knows no compositions and no null; where a schema takes more than it can say, it says nothing. */
function toV2(schema: JsonObject): JsonObject {
  const { anyOf: _anyOf, oneOf: _oneOf, not: _not, allOf: _allOf, nullable, ...rest } = schema;
  const takesAny = rest['x-kubernetes-preserve-unknown-fields'] === true;
  if (nullable === true || takesAny || rest['x-kubernetes-int-or-string'] === true) {
    for (const key of ['type', 'items', 'properties', 'additionalProperties', 'required']) delete rest[key];
    return takesAny && nullable !== true && schema['type'] === 'object' ? { type: 'object', ...rest } : rest;
  }
  const { properties, items, additionalProperties } = rest;
  return {
    ...rest,
    ...(isObject(properties) ? { properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, toV2(property as JsonObject)])) } : {}),
    ...(isObject(items) ? { items: toV2(items) } : {}),
    ...(isObject(additionalProperties) ? { additionalProperties: toV2(additionalProperties) } : {}),
  };
}
