/** Versions of CustomResourceDefinitions, but for what their schemas say (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/). */
import { fieldSchema } from '../custom/schema.ts';
import { duplicate, invalid, required, tooMany } from '../field-errors.ts';
import type { V1CustomResourceColumnDefinition, V1CustomResourceDefinitionVersion, V1CustomResourceSubresourceScale, V1JSONSchemaProps } from '../generated/types.ts';
import { checkDns1035Label } from '../names.ts';
import { failed, ok, type Result } from '../result.ts';
import { validateSchema } from './custom-resource-schema.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const maxSelectableFields = 8;

type Part = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** Parts that are the same in all versions are one in Kubernetes' own form, and errors name that one. */
function isShared(versions: readonly V1CustomResourceDefinitionVersion[], part: Part): boolean {
  return versions.every((version) => equal(version[part], versions[0]?.[part]));
}

export function* validateVersions(versions: readonly V1CustomResourceDefinitionVersion[]): Errors {
  const shared = { schema: isShared(versions, 'schema'), subresources: isShared(versions, 'subresources'), columns: isShared(versions, 'additionalPrinterColumns'), selectable: isShared(versions, 'selectableFields') };
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}]`;
    const problems = checkDns1035Label(version.name ?? '');
    if (problems.length > 0) yield invalid(`${at}.name`, version.name ?? '', problems.join(','));
    if (problems.length > 0 && index === 0 && version.name) yield invalid('spec.version', version.name ?? '', problems.join(','));
    yield* validateDeprecation(version, `${at}.deprecationWarning`);
    if (index > 0 && Object.values(shared).every(Boolean)) continue;
    const schema = version.schema?.openAPIV3Schema;
    if (schema && !(shared.schema && index > 0)) yield* validateSchema(schema, shared.schema ? 'spec.validation.openAPIV3Schema' : `${at}.schema.openAPIV3Schema`);
    if (version.subresources?.scale && !(shared.subresources && index > 0)) yield* validateScale(version.subresources.scale, `${shared.subresources ? 'spec' : at}.subresources.scale`);
    if (!(shared.columns && index > 0)) {
      const field = `${shared.columns ? 'spec' : at}.additionalPrinterColumns`;
      for (const [position, column] of (version.additionalPrinterColumns ?? []).entries()) yield* validateColumn(column, `${field}[${position}]`);
    }
    if (!(shared.selectable && index > 0)) yield* validateSelectable(version, `${shared.selectable ? 'spec' : at}.selectableFields`);
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length) yield invalid('spec.versions', shownVersions(versions), 'must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1) yield invalid('spec.versions', shownVersions(versions), 'must have exactly one version marked as storage version');
}

function* validateDeprecation({ deprecated, deprecationWarning: warning }: V1CustomResourceDefinitionVersion, field: string): Errors {
  if (warning === undefined) return;
  if (deprecated !== true) yield invalid(field, warning, 'can only be set for deprecated versions');
  if (warning.length > 256) yield invalid(field, warning, 'must be <= 256 characters long');
  if (warning === '') yield invalid(field, warning, 'must not be an empty string');
}

function* validateSelectable({ selectableFields = [], schema }: V1CustomResourceDefinitionVersion, field: string): Errors {
  const paths = new Set<string>();
  for (const [index, { jsonPath }] of selectableFields.entries()) {
    const at = `${field}[${index}].jsonPath`;
    if (!jsonPath) {
      yield required(at);
      continue;
    }
    const found = fieldAt(schema?.openAPIV3Schema ?? {}, jsonPath);
    if (!found.ok) {
      yield invalid(at, jsonPath, `is an invalid path: ${found.error}`);
      continue;
    }
    if (jsonPath.startsWith('.metadata.')) yield invalid(at, jsonPath, 'must not point to fields in metadata');
    if (!['string', 'boolean', 'integer'].includes(found.value.type ?? '')) {
      yield invalid(at, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.');
    }
    if (paths.has(jsonPath)) yield duplicate(at, jsonPath);
    paths.add(jsonPath);
  }
  if (paths.size > maxSelectableFields) yield tooMany(field, paths.size, maxSelectableFields);
}

/** What a path of names (`.spec.color`) leads to. */
function fieldAt(schema: V1JSONSchemaProps, path: string): Result<V1JSONSchemaProps> {
  let at: V1JSONSchemaProps | undefined = schema;
  const steps = path.split(/(?=[.[\]])/);
  for (const step of steps) {
    if (step.startsWith('[')) return failed('array notation is not allowed');
    if (!step.startsWith('.')) return failed(`expected [ or . but got: ${step}`);
    if (step === '.') return failed('unexpected end of JSON path');
    at = at === undefined ? undefined : fieldSchema(at, step.slice(1));
    if (at === undefined) return failed('does not refer to a valid field');
  }
  return ok(at);
}

function* validatePath(field: string, path: string | undefined, under: readonly string[], detail: string): Errors {
  if (!path) yield required(field);
  else if (!path.startsWith('.')) yield invalid(field, path, 'must be a simple json path starting with .');
  else if (under.length > 0 && !under.some((start) => path.startsWith(start))) yield invalid(field, path, detail);
}

function* validateScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: V1CustomResourceSubresourceScale, field: string): Errors {
  yield* validatePath(`${field}.specReplicasPath`, specReplicasPath, ['.spec.'], 'should be a json path under .spec');
  yield* validatePath(`${field}.statusReplicasPath`, statusReplicasPath, ['.status.'], 'should be a json path under .status');
  if (labelSelectorPath) yield* validatePath(`${field}.labelSelectorPath`, labelSelectorPath, ['.spec.', '.status.'], 'should be a json path under either .spec or .status');
}

function* validateColumn({ name, type, format, jsonPath }: V1CustomResourceColumnDefinition, field: string): Errors {
  if (!name) yield required(`${field}.name`);
  const detail = `must be one of ${columnTypes.join(',')}`;
  if (!type) yield required(`${field}.type`, detail);
  else if (!columnTypes.includes(type)) yield invalid(`${field}.type`, type, detail);
  if (format && !columnFormats.includes(format)) yield invalid(`${field}.format`, format, `must be one of ${columnFormats.join(',')}`);
  yield* validatePath(`${field}.JSONPath`, jsonPath, [], '');
}

/** As Kubernetes shows versions: by the names that its code uses, without the parts that are the same in all. */
function shownVersions(versions: readonly V1CustomResourceDefinitionVersion[]): readonly object[] {
  const own = (version: V1CustomResourceDefinitionVersion, part: Part): unknown => (isShared(versions, part) ? null : (version[part] ?? null));
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: own(version, 'schema'),
    Subresources: own(version, 'subresources'),
    AdditionalPrinterColumns: own(version, 'additionalPrinterColumns'),
    SelectableFields: own(version, 'selectableFields'),
  }));
}
