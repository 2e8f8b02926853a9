/** OpenAPI schemas of the catalogue's types, in the dialect of version 2 or 3, as Kubernetes publishes them. */
import { listModels } from '../catalogue/catalogue.ts';
import { docOf } from '../catalogue/docs.ts';
import type { ModelType } from '../catalogue/read.ts';
import type { Field, ScalarType, Type } from '../catalogue/schema.ts';
import { referredDefinitions } from '../custom/open-api.ts';
import type { KindDefinition } from '../kind.ts';
import type { JsonObject } from '../values.ts';

export type Dialect = 'v2' | 'v3';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const rawExtension = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

/** Scalars that have a definition of their own, by Go type. */
const namedScalars: Readonly<Record<string, string>> = {
  'resource.Quantity': quantity,
  'intstr.IntOrString': intOrString,
  'v1.Time': `${meta}.Time`,
  'v1.MicroTime': `${meta}.MicroTime`,
  'v1.FieldsV1': `${meta}.FieldsV1`,
  'runtime.RawExtension': rawExtension,
  'v1.JSON': `${extensions}.JSON`,
  'v1.JSONSchemaPropsOrArray': `${extensions}.JSONSchemaPropsOrArray`,
  'v1.JSONSchemaPropsOrBool': `${extensions}.JSONSchemaPropsOrBool`,
  'v1.JSONSchemaPropsOrStringArray': `${extensions}.JSONSchemaPropsOrStringArray`,
  'v1.CustomResourceSubresourceStatus': `${extensions}.CustomResourceSubresourceStatus`,
};

const dateTime = (description: string): JsonObject => ({ description, type: 'string', format: 'date-time' });

function namedScalarSchemas(dialect: Dialect): Readonly<Record<string, JsonObject>> {
  const either = (...types: readonly string[]) => (dialect === 'v2' ? { type: 'string' } : { oneOf: types.map((type) => ({ type })) });
  return {
    [quantity]: { description: 'A fixed-point number with an optional suffix: 100m, 1.5Gi, 2e3.', ...either('string', 'number') },
    [intOrString]: { description: 'An integer or a string.', format: 'int-or-string', ...either('integer', 'string') },
    [`${meta}.Time`]: dateTime('A time, written as RFC 3339 in UTC.'),
    [`${meta}.MicroTime`]: dateTime('A time with microseconds, written as RFC 3339 in UTC.'),
    [`${meta}.FieldsV1`]: { description: 'A set of fields, as a tree of field names, list keys and values.', type: 'object' },
    [`${meta}.Patch`]: { description: 'The body of a PATCH request.', type: 'object' },
    [rawExtension]: { description: 'Any object.', type: 'object' },
    [`${extensions}.JSON`]: { description: 'Any JSON value.' },
    [`${extensions}.JSONSchemaPropsOrArray`]: { description: 'A schema or a list of schemas.' },
    [`${extensions}.JSONSchemaPropsOrBool`]: { description: 'A schema or a boolean.' },
    [`${extensions}.JSONSchemaPropsOrStringArray`]: { description: 'A schema or a list of strings.' },
    [`${extensions}.CustomResourceSubresourceStatus`]: { description: 'Turns the status subresource on.', type: 'object' },
  };
}

/** The schemas of some definitions and of everything that they refer to, by definition name, sorted. `kinds` may bring schemas of their own. */
export function schemasOf(roots: readonly string[], dialect: Dialect, kinds: readonly KindDefinition[]): Readonly<Record<string, JsonObject>> {
  const models = new Map(listModels().map((model) => [model.definition, model]));
  const scalars = namedScalarSchemas(dialect);
  const schemas = customSchemas(dialect, kinds);
  const pending = schemas.size === 0 ? [...roots] : [...roots, ...referredDefinitions];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (schemas.has(name)) continue;
    const model = models.get(name);
    const schema = model === undefined ? scalars[name] : new SchemaWriter(dialect, pending).struct(model);
    if (schema !== undefined) schemas.set(name, schema);
  }
  return Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function customSchemas(dialect: Dialect, kinds: readonly KindDefinition[]): Map<string, JsonObject> {
  return new Map(kinds.flatMap(({ custom }) => Object.entries(custom?.published.schemas(dialect, (definition) => reference(definition, dialect)) ?? {})));
}

export function reference(definition: string, dialect: Dialect): string {
  return dialect === 'v2' ? `#/definitions/${definition}` : `#/components/schemas/${definition}`;
}

class SchemaWriter {
  private readonly dialect: Dialect;
  /** Gathers the definitions that are referred to. */
  private readonly referred: string[];

  constructor(dialect: Dialect, referred: string[]) {
    this.dialect = dialect;
    this.referred = referred;
  }

  struct(model: ModelType): JsonObject {
    const fields = [...model.fields.values()];
    const required = fields.filter((field) => field.required).map((field) => field.name);
    const properties = Object.fromEntries(fields.map((field) => [field.name, this.property(model, field)]));
    return {
      description: docOf(model.model),
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(fields.length === 0 ? {} : { properties }),
      ...(model.gvk === undefined ? {} : { 'x-kubernetes-group-version-kind': [{ ...model.gvk }] }),
      ...(model.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  private property(model: ModelType, field: Field): JsonObject {
    const { type } = field;
    // A struct that is used as its type is, says so itself.
    const ownMapType = type.kind === 'map' ? type.atomic && 'atomic' : type.kind === 'struct' && !('model' in type) && (type.atomic ? 'atomic' : 'granular');
    const description = docOf(model.model, field.name);
    return {
      ...(description === '' ? {} : { description }),
      ...this.described(this.type(type, this.dialect === 'v3' && hasZeroDefault(field))),
      ...(this.dialect === 'v3' && field.default !== undefined ? { default: field.default } : {}),
      ...(type.kind === 'list' && isListTyped(type) ? { 'x-kubernetes-list-type': type.merge } : {}),
      ...(type.kind === 'list' && type.keys.length > 0 ? { 'x-kubernetes-list-map-keys': [...type.keys] } : {}),
      ...(ownMapType === false ? {} : { 'x-kubernetes-map-type': ownMapType }),
      ...(field.patchStrategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': field.patchStrategies.join(',') }),
      ...(field.patchMergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
    };
  }

  /** `isZeroDefault`: version 3 says which fields are there, empty, when they are not set. */
  private type(type: Type, isZeroDefault: boolean): JsonObject {
    switch (type.kind) {
      case 'struct':
        return this.reference((type as Partial<ModelType>).definition ?? definitionOf(type.goType), isZeroDefault ? {} : undefined);
      case 'list':
        return { type: 'array', items: this.type(type.item, this.dialect === 'v3') };
      case 'map':
        return { type: 'object', additionalProperties: this.type(type.value, this.dialect === 'v3' && type.value.kind !== 'list') };
      case 'scalar':
        return this.scalar(type, isZeroDefault);
    }
  }

  private scalar(type: ScalarType, isZeroDefault: boolean): JsonObject {
    const named = namedScalars[type.goType];
    if (named !== undefined) return this.reference(named, undefined);
    const zero = (value: unknown) => (isZeroDefault ? { default: value } : {});
    switch (type.scalar) {
      case 'string':
        return { type: 'string', ...zero('') };
      case 'bool':
        return { type: 'boolean', ...zero(false) };
      case 'int32':
      case 'int64':
        return { type: 'integer', format: type.scalar, ...zero(0) };
      case 'float64':
        return { type: 'number', format: 'double', ...zero(0) };
      case 'bytes':
        return { type: 'string', format: 'byte' };
      case 'any':
      case 'object':
      case 'quantity':
      case 'intOrString':
      case 'time':
      case 'microTime':
        return { type: 'object' };
    }
  }

  private reference(definition: string, zero: unknown): JsonObject {
    this.referred.push(definition);
    const $ref = reference(definition, this.dialect);
    return this.dialect === 'v2' || zero === undefined ? { $ref } : { allOf: [{ $ref }], default: zero };
  }

  /** In version 3 nothing may stand beside a reference. */
  private described(schema: JsonObject): JsonObject {
    const { $ref } = schema;
    return this.dialect === 'v3' && $ref !== undefined ? { allOf: [{ $ref }] } : schema;
  }
}

/** An atomic use of a shared struct has lost its definition's name; its Go type still tells it. */
function definitionOf(goType: string): string {
  return listModels().find((model) => model.goType === goType)?.definition ?? goType;
}

function hasZeroDefault({ pointer, omitEmpty, type }: Field): boolean {
  return !pointer && (type.kind === 'struct' || (!omitEmpty && type.kind === 'scalar'));
}

/** A list without a list type is atomic without saying so; which is which, the catalogue no longer knows, and clients treat both alike. */
function isListTyped(type: Type & { readonly kind: 'list' }): boolean {
  return type.merge !== 'atomic';
}
