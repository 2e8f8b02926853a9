/**
 * The annotation of client-side apply, beside which server-side apply lives: kubectl takes over what it set there, and finds
 * it true when it goes back (https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply).
 */
import { parseJson } from '../decode/json.ts';
import type { KubeObject } from '../object.ts';
import { byteLength, goJson } from '../text.ts';
import { copy, getKey, isObject, type JsonObject } from '../values.ts';
import { compare } from './compare.ts';
import { difference, union, type FieldSet } from './field-set.ts';
import { fieldsOf } from './typed-walks.ts';
import type { OwnershipContext } from './updater.ts';
import { validateTyped } from './validate.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Of all annotations of an object together, in bytes. */
const annotationsLimit = 256 * 1024;

/** The fields that client-side apply set and nobody changed since; undefined where it never ran. */
export function appliedByClient(live: unknown, { type, apiVersion }: OwnershipContext): FieldSet | undefined {
  const text = lastAppliedOf(live);
  const parsed = text === undefined ? undefined : parseJson(text);
  if (parsed === undefined || !parsed.ok || !isObject(parsed.value.value)) return undefined;
  const last = parsed.value.value;
  if (last['apiVersion'] !== apiVersion || validateTyped(last, type).length > 0) return undefined;
  const { added, modified, removed } = compare(last, live, type);
  return difference(fieldsOf(last, type), union(union(added, modified), removed));
}

/** Brings the annotation of an object that has one up to what was applied now; where it grew too long it goes. */
export function renewLastApplied({ metadata }: KubeObject, config: JsonObject): void {
  const annotations = metadata?.annotations;
  if (annotations === undefined || (annotations[annotation] ?? '') === '') return;
  const applied = copy(config);
  const sent = isObject(applied['metadata']) ? applied['metadata']['annotations'] : undefined;
  if (isObject(sent)) delete sent[annotation];
  annotations[annotation] = `${goJson(sorted(applied))}\n`;
  const size = Object.entries(annotations).reduce((total, [name, value]) => total + byteLength(name) + byteLength(value), 0);
  if (size > annotationsLimit) delete annotations[annotation];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isObject(value) ? Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sorted(value[key])])) : value;
}

function lastAppliedOf(object: unknown): string | undefined {
  const metadata = isObject(object) ? getKey(object, 'metadata') : undefined;
  const annotations = isObject(metadata) ? getKey(metadata, 'annotations') : undefined;
  const text = isObject(annotations) ? getKey(annotations, annotation) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
