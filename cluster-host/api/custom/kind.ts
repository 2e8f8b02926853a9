/**
 * A version of a CustomResourceDefinition as a row like those of the built-in kinds: what decodes, defaults, checks and
 * prints its objects.
 */
import type { Decoded, DecodeProblem } from '../decode/typed.ts';
import { decode } from '../decode/typed.ts';
import type { ParsedDocument } from '../decode/parsed.ts';
import type { FieldError } from '../field-error.ts';
import { formatPath, invalid } from '../field-errors.ts';
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionVersion, V1JSONSchemaProps } from '../generated/types.ts';
import type { CustomSchema, KindDefinition, ScalePaths, Subresource } from '../kind.ts';
import { nameColumn, type Column } from '../kinds/columns.ts';
import { keep, metaOf } from '../kinds/define-kind.ts';
import { nameIsDnsSubdomain } from '../names.ts';
import type { KubeObject } from '../object.ts';
import { quote } from '../text.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../validation/object-meta.ts';
import { equal, isObject, type JsonObject } from '../values.ts';
import { columnsOf } from './columns.ts';
import { applyDefaults } from './defaults.ts';
import { validateEmbedded } from './embedded.ts';
import { findByPath, parseJsonPath } from './json-path.ts';
import { validateListTypes } from './list-types.ts';
import { publishedSchemas } from './open-api.ts';
import { headFields, prune } from './prune.ts';
import { validateRules } from './rules.ts';
import { plainField, resourceType } from './types.ts';
import { validateValue, wholeValue } from './values.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

/** The kind that one version of a definition serves, under its accepted names. */
export function customKind(definition: V1CustomResourceDefinition, version: V1CustomResourceDefinitionVersion): KindDefinition {
  const { group, scope } = definition.spec;
  const names = definition.status?.acceptedNames ?? definition.spec.names;
  const namespaced = scope === 'Namespaced';
  const schema = version.schema?.openAPIV3Schema ?? {};
  const hasStatus = version.subresources?.status !== undefined;
  const columns: readonly Column[] = [nameColumn, ...columnsOf(version.additionalPrinterColumns)];
  const scale = scaleOf(version);
  return {
    group,
    version: version.name,
    kind: names.kind,
    model: '',
    plural: names.plural,
    singular: names.singular ?? '',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced,
    verbs,
    subresources: subresourcesOf(hasStatus, scale),
    ...(scale && { scale }),
    selectableFields: selectableFieldsOf(version),
    custom: customSchema(definition, version, schema),
    validateName: nameIsDnsSubdomain,
    setDefaults: (object) => applyDefaults(object, schema),
    prepareForCreate(object) {
      if (hasStatus) delete object['status'];
      metaOf(object).generation = 1;
    },
    prepareForUpdate(object, old) {
      if (hasStatus) keep(object, old, 'status');
      metaOf(object).generation = (old.metadata?.generation ?? 0) + (equal(contentOf(object, hasStatus), contentOf(old, hasStatus)) ? 0 : 1);
    },
    validate: (object) => [...validateObjectMeta(metaOf(object), namespaced, nameIsDnsSubdomain), ...contentErrors(object, undefined, schema)],
    validateUpdate: (object, old) => updateErrors(object, old, schema, namespaced),
    ...(hasStatus && {
      status: {
        prepareForUpdate: keepAllButStatus,
        validateUpdate: (object: KubeObject, old: KubeObject) => updateErrors(object, old, schema, namespaced),
      },
    }),
    warnings: () => deprecationOf(definition, version),
    printer: { columns: columns.map(({ head }) => head), cells: (object, context) => columns.map((column) => column.cell(object, context)) },
  };
}

function scaleOf({ subresources }: V1CustomResourceDefinitionVersion): ScalePaths | undefined {
  if (subresources?.scale === undefined) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = subresources.scale;
  return { specReplicas: specReplicasPath, statusReplicas: statusReplicasPath, ...(labelSelectorPath ? { labelSelector: labelSelectorPath } : {}) };
}

function subresourcesOf(hasStatus: boolean, scale: ScalePaths | undefined): Readonly<Record<string, Subresource>> {
  return {
    ...(scale && { scale: { verbs: statusVerbs, group: 'autoscaling', version: 'v1', kind: 'Scale' } }),
    ...(hasStatus && { status: { verbs: statusVerbs } }),
  };
}

function selectableFieldsOf({ selectableFields = [] }: V1CustomResourceDefinitionVersion): KindDefinition['selectableFields'] {
  return Object.fromEntries(
    selectableFields.map(({ jsonPath }) => {
      const path = parseJsonPath(jsonPath);
      return [jsonPath.replace(/^\./, ''), (object: KubeObject) => (path.ok ? textOf(findByPath(object, path.value)[0]) : '')];
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function deprecationOf({ spec, status }: V1CustomResourceDefinition, { name, deprecated, deprecationWarning }: V1CustomResourceDefinitionVersion): readonly string[] {
  if (deprecated !== true) return [];
  return [deprecationWarning ?? `${spec.group}/${name} ${(status?.acceptedNames ?? spec.names).kind} is deprecated`];
}

/** What counts as the object's own content: a change of it makes a new generation. */
function contentOf({ metadata: _metadata, ...rest }: KubeObject, hasStatus: boolean): object {
  if (hasStatus) delete rest['status'];
  return rest;
}

/** A request about the status changes nothing else; who owns which field of it is recorded all the same. */
function keepAllButStatus(object: KubeObject, old: KubeObject): void {
  for (const name of new Set([...Object.keys(object), ...Object.keys(old)])) if (name !== 'status' && name !== 'metadata') keep(object, old, name);
  const { managedFields, resourceVersion } = metaOf(object);
  object.metadata = { ...structuredClone(old.metadata ?? {}) };
  delete object.metadata.managedFields;
  if (managedFields !== undefined) object.metadata.managedFields = managedFields;
  if (resourceVersion !== undefined) object.metadata.resourceVersion = resourceVersion;
}

function updateErrors(object: KubeObject, old: KubeObject, schema: V1JSONSchemaProps, namespaced: boolean): readonly FieldError[] {
  return [...validateObjectMetaUpdate(metaOf(object), metaOf(old), namespaced), ...contentErrors(object, old, schema)];
}

/** Errors after which rules make no sense. */
const blocking: ReadonlySet<string> = new Set(['FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid', 'FieldValueNotSupported']);
const unchecked = invalid(wholeValue, 'null', 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation');

function contentErrors(object: KubeObject, old: KubeObject | undefined, schema: V1JSONSchemaProps): readonly FieldError[] {
  const errors = (value: KubeObject): readonly FieldError[] => [...validateValue(value, schema, ''), ...validateEmbedded(value, schema, ''), ...validateListTypes(value, schema, '')];
  const found = ratcheted(errors(object), object, old, errors);
  if (found.some(({ type }) => blocking.has(type))) return hasRules(schema) ? [...found, unchecked] : found;
  return [...found, ...validateRules(object, old, schema)];
}

/** What was wrong before and has not been touched does not stand in the way of other changes (KEP-4008). */
function ratcheted(found: readonly FieldError[], object: KubeObject, old: KubeObject | undefined, errors: (value: KubeObject) => readonly FieldError[]): readonly FieldError[] {
  if (old === undefined || found.length === 0) return found;
  const before = new Set(errors(old).map(({ field, message }) => `${field}: ${message}`));
  return found.filter(({ field, message }) => field === wholeValue || !before.has(`${field}: ${message}`) || !equal(valueAt(object, field), valueAt(old, field)));
}

function valueAt(object: KubeObject, field: string): unknown {
  const path = parseJsonPath(`.${field}`);
  return path.ok ? findByPath(object, path.value)[0] : undefined;
}

function hasRules(schema: V1JSONSchemaProps): boolean {
  return JSON.stringify(schema).includes('"x-kubernetes-validations":');
}

function customSchema(definition: V1CustomResourceDefinition, version: V1CustomResourceDefinitionVersion, schema: V1JSONSchemaProps): CustomSchema {
  const { kind } = definition.status?.acceptedNames ?? definition.spec.names;
  const type = resourceType(schema, `${version.name}.${kind}`);
  return {
    type,
    decode: (document) => decodeResource(document, schema, type.goType),
    published: publishedSchemas(definition, version, schema),
  };
}

/** Values of the wrong type are for validation to tell; what is unknown goes, and is told of. */
function decodeResource(document: ParsedDocument, schema: V1JSONSchemaProps, goType: string): Decoded {
  const content: JsonObject = isObject(document.value) ? document.value : {};
  const fields = new Map(resourceType({ type: 'object' }, goType).fields);
  for (const name of Object.keys(content)) if (!headFields.has(name)) fields.set(name, plainField(name, { kind: 'scalar', scalar: 'any', goType: 'interface {}' }));
  const { value, problems } = decode(document, { kind: 'struct', goType, atomic: false, fields });
  const object = value as JsonObject;
  // Decoding takes a null for nothing; here it may be a value.
  for (const [name, item] of Object.entries(content)) if (item === null && !headFields.has(name)) object[name] = null;
  const unknown = prune(object, schema).map((path): DecodeProblem => ({ path, kind: 'unknown', message: `unknown field ${quote(formatPath(path))}` }));
  return { value: object, problems: [...problems, ...unknown] };
}
