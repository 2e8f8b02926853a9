import { duplicate, forbidden, immutable, invalid, notSupported, required, tooMany } from '../field-errors.ts';
import type {
  V1CustomResourceColumnDefinition,
  V1CustomResourceConversion,
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionSpec,
  V1CustomResourceDefinitionVersion,
  V1CustomResourceSubresourceScale,
} from '../generated/types.ts';
import { checkDns1035Label, checkDnsSubdomain } from '../names.ts';
import { validateSchema } from '../validation/custom-resource-schema.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { requiredOneOf, requiredText, unchanged } from '../validation/errors.ts';
import { validateClientConfig, validateReviewVersions } from '../validation/webhook.ts';
import { createdAtColumn } from './columns.ts';
import { defineKind } from './define-kind.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const maxSelectableFields = 8;

export const customResourceDefinition = defineKind<V1CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  anyFinalizer: true,
  setDefaults(object) {
    const { spec } = object;
    if (!spec) return;
    const names = (spec.names ??= { kind: '', plural: '' });
    names.singular ||= (names.kind ?? '').toLowerCase();
    if (names.kind) names.listKind ||= `${names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service) service.port ??= 443;
    // Kubernetes always shows the names it serves, even before there are any.
    const status = (object.status ??= {});
    status.acceptedNames ??= { kind: '', plural: '' };
    const storage = (spec.versions ?? []).find((version) => version.storage);
    if ((status.storedVersions ?? []).length === 0 && storage) status.storedVersions = [storage.name];
  },
  prepareForCreate(object) {
    const storage = (object.spec?.versions ?? []).find((version) => version.storage);
    object.status = { acceptedNames: { kind: '', plural: '' }, ...(storage && { storedVersions: [storage.name] }) };
  },
  prepareForUpdate(object) {
    // A version that objects are kept in from now on belongs to those that have to stay readable.
    const storage = (object.spec?.versions ?? []).find((version) => version.storage);
    const stored = object.status?.storedVersions ?? [];
    if (storage && !stored.includes(storage.name)) object.status = { ...object.status, storedVersions: [...stored, storage.name] };
  },
  generationOf: ['spec'],
  *validate({ metadata, spec, status }) {
    const name = metadata?.name ?? '';
    if (name !== '' && name !== `${spec?.names?.plural ?? ''}.${spec?.group ?? ''}`) yield invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group');
    if (spec) yield* validateSpec(spec);
    yield* validateStored(status?.storedVersions ?? [], spec?.versions ?? []);
  },
  *validateUpdate({ spec, status }, old) {
    if (!spec || !old.spec) return;
    yield* validateSpec(spec);
    if ((old.status?.conditions ?? []).some(({ type, status: value }) => type === 'Established' && value === 'True')) {
      if (spec.scope !== old.spec.scope) yield immutable('spec.scope', spec.scope);
      yield* unchanged('spec.names.kind', spec.names.kind, old.spec.names.kind);
    }
    yield* unchanged('spec.group', spec.group, old.spec.group);
    yield* unchanged('spec.names.plural', spec.names.plural, old.spec.names.plural);
    yield* validateStored(status?.storedVersions ?? [], spec.versions ?? []);
  },
  status: {
    // The last finalizer goes with the status.
    keptMetadata: ['labels', 'annotations', 'ownerReferences'],
    *validateUpdate({ spec, status }) {
      if (status?.acceptedNames) yield* validateNames(status.acceptedNames, 'status.acceptedNames');
      yield* validateStored(status?.storedVersions ?? [], spec?.versions ?? []);
    },
  },
  columns: [createdAtColumn],
});

function* validateStored(stored: readonly string[], versions: readonly V1CustomResourceDefinitionVersion[]): Errors {
  const field = 'status.storedVersions';
  if (stored.length === 0) {
    yield invalid(field, stored, 'must have at least one stored version');
    return;
  }
  for (const { name, storage } of versions) if (storage && !stored.includes(name)) yield invalid(field, stored, `must have the storage version ${name}`);
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    yield invalid(`${field}[${index}]`, name, detail);
  }
}

function* validateSpec(spec: V1CustomResourceDefinitionSpec): Errors {
  const { group = '', names, conversion } = spec;
  const versions = spec.versions ?? [];
  const groupProblems = checkDnsSubdomain(group);
  if (group === '') yield required('spec.group');
  else if (groupProblems.length > 0) yield invalid('spec.group', group, groupProblems.join(','));
  else if (!group.includes('.')) yield invalid('spec.group', group, 'should be a domain with at least one dot');
  yield* requiredOneOf('spec.scope', spec.scope, ['Cluster', 'Namespaced']);
  for (const [index, { schema }] of versions.entries()) if (!schema?.openAPIV3Schema) yield required(`spec.versions[${index}].schema.openAPIV3Schema`);
  yield* validateVersions(versions);
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) yield* requiredText(`spec.names.${name}`, names?.[name]);
  if (names) yield* validateNames(names, 'spec.names');
  if (spec.preserveUnknownFields === true) yield invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema');
  if (conversion) yield* validateConversion(conversion, 'spec.conversion');
}

/** Parts that are the same in all versions are one in Kubernetes' own form, and errors name that one. */
function isShared(versions: readonly V1CustomResourceDefinitionVersion[], part: 'schema' | 'subresources' | 'additionalPrinterColumns'): boolean {
  return versions.every((version) => equal(version[part], versions[0]?.[part]));
}

function* validateVersions(versions: readonly V1CustomResourceDefinitionVersion[]): Errors {
  const shared = { schema: isShared(versions, 'schema'), subresources: isShared(versions, 'subresources'), columns: isShared(versions, 'additionalPrinterColumns') };
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}]`;
    const problems = checkDns1035Label(version.name ?? '');
    if (problems.length > 0) yield invalid(`${at}.name`, version.name ?? '', problems.join(','));
    yield* validateDeprecation(version, `${at}.deprecationWarning`);
    if (index > 0 && Object.values(shared).every(Boolean)) continue;
    const schema = version.schema?.openAPIV3Schema;
    if (schema && !(shared.schema && index > 0)) yield* validateSchema(schema, shared.schema ? 'spec.validation.openAPIV3Schema' : `${at}.schema.openAPIV3Schema`);
    if (version.subresources?.scale && !(shared.subresources && index > 0)) yield* validateScale(version.subresources.scale, `${shared.subresources ? 'spec' : at}.subresources.scale`);
    if (!(shared.columns && index > 0)) {
      const field = `${shared.columns ? 'spec' : at}.additionalPrinterColumns`;
      for (const [position, column] of (version.additionalPrinterColumns ?? []).entries()) yield* validateColumn(column, `${field}[${position}]`);
    }
    yield* validateSelectable(version, `${at}.selectableFields`);
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length) yield invalid('spec.versions', versions, 'must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1) yield invalid('spec.versions', versions, 'must have exactly one version marked as storage version');
}

function* validateDeprecation({ deprecated, deprecationWarning: warning }: V1CustomResourceDefinitionVersion, field: string): Errors {
  if (warning === undefined) return;
  if (deprecated !== true) yield invalid(field, warning, 'can only be set for deprecated versions');
  if (warning.length > 256) yield invalid(field, warning, 'must be <= 256 characters long');
  if (warning === '') yield invalid(field, warning, 'must not be an empty string');
}

function* validateSelectable({ selectableFields = [] }: V1CustomResourceDefinitionVersion, field: string): Errors {
  const paths = new Set<string>();
  for (const [index, { jsonPath }] of selectableFields.entries()) {
    const at = `${field}[${index}].jsonPath`;
    if (!jsonPath) yield required(at);
    else if (jsonPath.startsWith('.metadata')) yield invalid(at, jsonPath, 'must not point to fields in metadata');
    if (paths.has(jsonPath)) yield duplicate(at, jsonPath);
    paths.add(jsonPath);
  }
  if (paths.size > maxSelectableFields) yield tooMany(field, paths.size, maxSelectableFields);
}

function* validateNames(names: V1CustomResourceDefinitionNames, field: string): Errors {
  for (const name of ['plural', 'singular'] as const) {
    const problems = names[name] ? checkDns1035Label(names[name]) : [];
    if (problems.length > 0) yield invalid(`${field}.${name}`, names[name], problems.join(','));
  }
  for (const name of ['kind', 'listKind'] as const) {
    const problems = names[name] ? checkDns1035Label(names[name].toLowerCase()) : [];
    if (problems.length > 0) yield invalid(`${field}.${name}`, names[name], `may have mixed case, but should otherwise match: ${problems.join(',')}`);
  }
  yield* validateWords(names.shortNames ?? [], `${field}.shortNames`);
  if (names.kind && names.kind === names.listKind) yield invalid(`${field}.listKind`, names.listKind, 'kind and listKind may not be the same');
  yield* validateWords(names.categories ?? [], `${field}.categories`);
}

function* validateWords(words: readonly string[], field: string): Errors {
  for (const [index, word] of words.entries()) {
    const problems = checkDns1035Label(word);
    if (problems.length > 0) yield invalid(`${field}[${index}]`, word, problems.join(','));
  }
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

function* validateConversion({ strategy, webhook }: V1CustomResourceConversion, field: string): Errors {
  if (!strategy) yield required(`${field}.strategy`);
  else if (strategy !== 'None' && strategy !== 'Webhook') yield notSupported(`${field}.strategy`, strategy, ['None', 'Webhook']);
  if (strategy !== 'Webhook') {
    if (webhook?.clientConfig) yield forbidden(`${field}.webhookClientConfig`, 'should not be set when strategy is not set to Webhook');
    if ((webhook?.conversionReviewVersions ?? []).length > 0) yield forbidden(`${field}.conversionReviewVersions`, 'should not be set when strategy is not set to Webhook');
    return;
  }
  if (!webhook?.clientConfig) yield required(`${field}.webhookClientConfig`, 'required when strategy is set to Webhook');
  else yield* validateClientConfig(webhook.clientConfig, `${field}.webhookClientConfig`);
  yield* validateReviewVersions(webhook?.conversionReviewVersions ?? [], `${field}.conversionReviewVersions`);
}
