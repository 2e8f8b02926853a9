/** The catalogue's kinds as JSON Schemas, for completion and field documentation by tools that speak that. */
import { kindType, modelType } from '../../cluster-host/api/catalogue/catalogue.ts';
import { docOf } from '../../cluster-host/api/catalogue/docs.ts';
import type { ModelType } from '../../cluster-host/api/catalogue/read.ts';
import type { Field, ScalarType, StructType, Type } from '../../cluster-host/api/catalogue/schema.ts';
import { apiVersionOf } from '../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../cluster-host/api/object.ts';
import { typeName } from './type-name.ts';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Fields that only the cluster writes. */
const written: ReadonlySet<string> = new Set(['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid']);

/** Undefined for kinds that Kubernetes does not have built in. Types that are used again and again stand in `definitions`. */
export function jsonSchemaOf(gvk: GroupVersionKind): JsonSchema | undefined {
  const root = kindType(gvk);
  if (root === undefined) return undefined;
  const writer = new Writer();
  const schema = writer.object(root);
  const fixed = { apiVersion: { const: apiVersionOf(gvk) }, kind: { const: gvk.kind } };
  const properties = schema['properties'] as Record<string, JsonSchema>;
  for (const [name, constant] of Object.entries(fixed)) properties[name] = { ...properties[name], ...constant };
  delete properties['status'];
  return { ...schema, properties, required: ['apiVersion', 'kind', 'metadata', ...(root.fields.get('spec')?.required === true ? ['spec'] : [])], definitions: writer.definitions };
}

/** The schema of a type of the catalogue, with the definitions that it refers to. */
export function modelSchema(model: string): { readonly schema: JsonSchema; readonly definitions: Readonly<Record<string, JsonSchema>> } {
  const type = modelType(model);
  const writer = new Writer();
  return { schema: type === undefined ? {} : writer.object(type), definitions: writer.definitions };
}

class Writer {
  readonly definitions: Record<string, JsonSchema> = {};

  object(type: ModelType): JsonSchema {
    const fields = [...type.fields.values()].filter(({ name }) => type.model !== 'V1ObjectMeta' || !written.has(name));
    const required = fields.filter((field) => field.required).map(({ name }) => name);
    return {
      type: 'object',
      markdownDescription: docOf(type.model),
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#field(type, field)])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }

  #field(owner: ModelType, field: Field): JsonSchema {
    return { ...this.#type(field.type), markdownDescription: fieldDoc(owner.model, field), ...(field.default === undefined ? {} : { default: field.default }) };
  }

  #type(type: Type): JsonSchema {
    switch (type.kind) {
      case 'list':
        return { type: 'array', items: this.#type(type.item) };
      case 'map':
        return { type: 'object', additionalProperties: this.#type(type.value) };
      case 'scalar':
        return scalarSchema(type);
      case 'struct':
        return this.#reference(type);
    }
  }

  #reference(type: StructType): JsonSchema {
    const model = 'model' in type ? modelType(String(type.model)) : undefined;
    if (model === undefined) return { type: 'object' };
    if (!Object.hasOwn(this.definitions, model.model)) {
      // Before its fields are written: types may hold themselves.
      this.definitions[model.model] = {};
      this.definitions[model.model] = this.object(model);
    }
    return { $ref: `#/definitions/${model.model}` };
  }
}

function scalarSchema({ scalar, values }: ScalarType): JsonSchema {
  switch (scalar) {
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
    case 'int64':
      return { type: 'integer' };
    case 'float64':
      return { type: 'number' };
    case 'quantity':
    case 'intOrString':
      return { type: ['string', 'integer', 'number'] };
    case 'any':
      return {};
    case 'object':
      return { type: 'object' };
    default:
      return { type: 'string', ...(values === undefined || values.length === 0 ? {} : { enum: values }) };
  }
}

function fieldDoc(model: string, field: Field): string {
  const facts = [`\`${field.name}\`: ${typeName(field.type)}`, ...(field.required ? ['required'] : []), ...(field.default === undefined ? [] : [`default \`${JSON.stringify(field.default)}\``])];
  return `${facts.join(', ')}\n\n${docOf(model, field.name)}`;
}
