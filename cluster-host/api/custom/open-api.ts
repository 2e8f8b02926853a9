/** The schema of a custom resource as the OpenAPI documents publish it. */
import { docOf } from '../catalogue/docs.ts';
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

export function publishedSchemas({ spec, status }: V1CustomResourceDefinition, { name: version }: V1CustomResourceDefinitionVersion, schema: V1JSONSchemaProps): PublishedSchemas {
  const { kind, listKind = `${kind}List` } = status?.acceptedNames ?? spec.names;
  const base = [...spec.group.split('.').toReversed(), version].join('.');
  const object = `${base}.${kind}`;
  const list = `${base}.${listKind}`;
  return {
    object,
    list,
    schemas(dialect, reference) {
      const refer = (definition: string): JsonObject => (dialect === 'v2' ? { $ref: reference(definition) } : { allOf: [{ $ref: reference(definition) }] });
      const gvk = (name: string): JsonObject => ({ 'x-kubernetes-group-version-kind': [{ group: spec.group, kind: name, version }] });
      const standard = (model: string, metadata: string): JsonObject => ({
        apiVersion: { type: 'string', description: docOf(model, 'apiVersion') },
        kind: { type: 'string', description: docOf(model, 'kind') },
        metadata: { ...refer(`${meta}.${metadata}`), description: docOf(model, 'metadata') },
      });
      return {
        [object]: { ...bodyOf(schema as JsonObject, dialect, standard('V1CustomResourceDefinition', 'ObjectMeta')), ...gvk(kind) },
        [list]: {
          description: `${listKind} is a list of ${kind}`,
          type: 'object',
          required: ['items'],
          properties: {
            ...standard('V1CustomResourceDefinitionList', 'ListMeta'),
            items: { description: `The objects of the list.`, type: 'array', items: { $ref: reference(object) } },
          },
          ...gvk(listKind),
        },
      };
    },
  };
}

/** Readers of version 2 refuse what a schema with properties does not name: one that takes everything names none. */
function bodyOf(schema: JsonObject, dialect: 'v2' | 'v3', standard: JsonObject): JsonObject {
  if (dialect === 'v2' && schema['x-kubernetes-preserve-unknown-fields'] === true) return { type: 'object' };
  const body = dialect === 'v2' ? toV2(schema) : schema;
  return { ...body, type: 'object', properties: { ...(body['properties'] as JsonObject | undefined), ...standard } };
}

/** Version 2 knows no compositions and no null; where a schema takes more than it can say, it says nothing. */
function toV2(schema: JsonObject): JsonObject {
  const { anyOf: _anyOf, oneOf: _oneOf, not: _not, allOf: _allOf, nullable, type, items, properties, additionalProperties, required, ...rest } = schema;
  const takesAny = rest['x-kubernetes-preserve-unknown-fields'] === true;
  const isOpen = nullable === true || takesAny;
  const isUntyped = nullable === true || (takesAny && type === 'object') || (type === 'array' && (isOpen || items === undefined));
  const members = isOpen || !isObject(properties) ? {} : properties;
  const mayBeNull = (member: unknown): boolean => isObject(member) && member['nullable'] === true;
  const needed = mayBeNull(additionalProperties) ? [] : ((required ?? []) as readonly string[]).filter((name) => !mayBeNull(members[name]));
  return {
    ...rest,
    ...(isUntyped || type === undefined ? {} : { type }),
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(Object.keys(members).length === 0 ? {} : { properties: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, toV2(member as JsonObject)])) }),
    ...(isObject(items) && !isOpen ? { items: toV2(items) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: isObject(additionalProperties) ? toV2(additionalProperties) : additionalProperties }),
  };
}
