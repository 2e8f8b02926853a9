/** `metadata` of every kind (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/). */
import type { V1ManagedFieldsEntry, V1ObjectMeta, V1OwnerReference } from '../generated/types.ts';
import { forbidden, invalid, required, tooLong } from '../field-errors.ts';
import type { NameRule } from '../names.ts';
import { checkLabelValue, checkQualifiedName, nameIsDnsLabel, nameIsPathSegment } from '../names.ts';
import { parseApiVersion } from '../object.ts';
import { byteLength, quote } from '../text.ts';
import type { Errors } from './errors.ts';
import { invalidFor, nonNegative, qualifiedName, unchanged } from './errors.ts';

const annotationsMaxBytes = 256 * 1024;

/** Finalizers without a prefix that Kubernetes itself uses. */
const standardFinalizers: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** The metadata of a new object. */
export function* validateObjectMeta(meta: V1ObjectMeta, namespaced: boolean, rule: NameRule, field = 'metadata'): Errors {
  if (meta.generateName) yield* invalidFor(`${field}.generateName`, meta.generateName, rule(meta.generateName, true));
  if (meta.name) yield* invalidFor(`${field}.name`, meta.name, rule(meta.name, false));
  else yield required(`${field}.name`, 'name or generateName is required');
  if (namespaced) {
    if (meta.namespace) yield* invalidFor(`${field}.namespace`, meta.namespace, nameIsDnsLabel(meta.namespace, false));
    else yield required(`${field}.namespace`);
  } else if (meta.namespace) {
    yield forbidden(`${field}.namespace`, 'not allowed on this type');
  }
  yield* nonNegative(`${field}.generation`, meta.generation);
  yield* validateLabels(meta.labels, `${field}.labels`);
  yield* validateAnnotations(meta.annotations, `${field}.annotations`);
  yield* validateOwnerReferences(meta.ownerReferences ?? [], `${field}.ownerReferences`);
  yield* validateFinalizers(meta.finalizers ?? [], `${field}.finalizers`);
  yield* validateManagedFields(meta.managedFields ?? [], `${field}.managedFields`);
}

/** The metadata of an object that replaces another. */
export function* validateObjectMetaUpdate(meta: V1ObjectMeta, old: V1ObjectMeta, namespaced: boolean, field = 'metadata'): Errors {
  yield* validateObjectMeta(meta, namespaced, nameIsPathSegment, field);
  if (old.deletionTimestamp !== undefined) yield* noNewFinalizers(meta.finalizers ?? [], old.finalizers ?? [], `${field}.finalizers`);
  if (!meta.resourceVersion) yield invalid(`${field}.resourceVersion`, '', 'must be specified for an update');
  if ((meta.generation ?? 0) < (old.generation ?? 0)) yield invalid(`${field}.generation`, meta.generation ?? 0, 'must not be decremented');
  for (const name of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    yield* unchanged(`${field}.${name}`, meta[name], old[name]);
  }
}

/** Finalizers of the kinds of the core group and some others: an unprefixed one must be one of Kubernetes' own. */
export function* validateStandardFinalizers(meta: V1ObjectMeta, field = 'metadata'): Errors {
  for (const [index, name] of (meta.finalizers ?? []).entries()) yield* validateStandardFinalizer(name, `${field}.finalizers[${index}]`);
}

export function* validateStandardFinalizer(name: string, field: string): Errors {
  const problems = checkQualifiedName(name);
  yield* invalidFor(field, name, problems);
  if (problems.length === 0 && !name.includes('/') && !standardFinalizers.includes(name)) {
    yield invalid(field, name, 'name is neither a standard finalizer name nor is it fully qualified');
  }
}

export function* validateLabels(labels: Readonly<Record<string, string>> | undefined, field: string): Errors {
  for (const [key, value] of Object.entries(labels ?? {})) {
    yield* qualifiedName(field, key);
    yield* invalidFor(field, value, checkLabelValue(value));
  }
}

export function* validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, field: string): Errors {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    yield* invalidFor(field, key, checkQualifiedName(key.toLowerCase()));
    size += byteLength(key) + byteLength(value);
  }
  if (size > annotationsMaxBytes) yield tooLong(field, annotationsMaxBytes);
}

function* validateOwnerReferences(references: readonly V1OwnerReference[], field: string): Errors {
  let controller: string | undefined;
  for (const reference of references) {
    yield* validateOwnerReference(reference, field);
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === undefined) controller = name;
    else yield invalid(field, references, `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`);
  }
}

function* validateOwnerReference(reference: V1OwnerReference, field: string): Errors {
  const version = parseApiVersion(reference.apiVersion ?? '');
  if (version === undefined) yield invalid(`${field}.apiVersion`, reference.apiVersion ?? '', 'version must not be empty');
  for (const name of ['kind', 'name', 'uid'] as const) {
    if (!reference[name]) yield invalid(`${field}.${name}`, '', 'must not be empty');
  }
  if (reference.apiVersion === 'v1' && reference.kind === 'Event') yield invalid(field, reference, '/v1, Kind=Event is disallowed from being an owner');
}

function* validateFinalizers(finalizers: readonly string[], field: string): Errors {
  for (const finalizer of finalizers) yield* qualifiedName(field, finalizer);
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    yield invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
  }
}

function* noNewFinalizers(finalizers: readonly string[], old: readonly string[], field: string): Errors {
  const added = [...new Set(finalizers)].filter((name) => !old.includes(name)).toSorted();
  if (added.length === 0) return;
  const list = `[]string{${added.map(quote).join(', ')}}`;
  yield forbidden(field, `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`);
}

function* validateManagedFields(entries: readonly V1ManagedFieldsEntry[], field: string): Errors {
  for (const [index, entry] of entries.entries()) {
    const at = `${field}[${index}]`;
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') yield invalid(`${at}.operation`, entry.operation ?? '', 'must be `Apply` or `Update`');
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') yield invalid(`${at}.fieldsType`, entry.fieldsType, 'must be `FieldsV1`');
    if (byteLength(entry.manager ?? '') > 128) yield tooLong(`${at}.manager`, 128);
    if (byteLength(entry.subresource ?? '') > 256) yield tooLong(`${at}.subresource`, 256);
  }
}

/** The metadata of a template: names are not checked there, only what each made object will carry. */
export function* validateTemplateMeta(meta: V1ObjectMeta | undefined, field: string): Errors {
  yield* validateAnnotations(meta?.annotations, `${field}.annotations`);
  yield* validateLabels(meta?.labels, `${field}.labels`);
}

