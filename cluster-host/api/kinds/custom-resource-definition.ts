import { approvalOf } from '../custom/conditions.ts';
import { forbidden, immutable, invalid, notSupported, required } from '../field-errors.ts';
import type {
  V1CustomResourceConversion,
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionSpec,
  V1CustomResourceDefinitionVersion,
} from '../generated/types.ts';
import { checkDns1035Label, checkDnsSubdomain } from '../names.ts';
import { validateVersions } from '../validation/custom-resource-versions.ts';
import type { Errors } from '../validation/errors.ts';
import { requiredOneOf, requiredText, unchanged } from '../validation/errors.ts';
import { validateClientConfig, validateReviewVersions } from '../validation/webhook.ts';
import { createdAtColumn } from './columns.ts';
import { defineKind } from './define-kind.ts';

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
    yield* validateApproval(metadata?.annotations, spec?.group ?? '');
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
    yield invalid(field, null, 'must have at least one stored version');
    return;
  }
  for (const { name, storage } of versions) if (storage && !stored.includes(name)) yield invalid(field, stored, `must have the storage version ${name}`);
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    yield invalid(`${field}[${index}]`, name, detail);
  }
}

/** Groups of the Kubernetes project want its approval (KEP-1111). */
function* validateApproval(annotations: Readonly<Record<string, string>> | undefined, group: string): Errors {
  const approval = approvalOf(annotations, group);
  const field = 'metadata.annotations[api-approved.kubernetes.io]';
  if (approval?.reason === 'MissingAnnotation') yield required(field, approval.message);
  else if (approval?.reason === 'InvalidAnnotation') yield invalid(field, annotations?.['api-approved.kubernetes.io'], approval.message);
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
  if (spec.preserveUnknownFields === true) yield invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead');
  if (conversion) yield* validateConversion(conversion, 'spec.conversion');
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
