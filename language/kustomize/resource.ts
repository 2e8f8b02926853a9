/** An object on its way through a kustomization: what it is by now, what it was called before, where its parts were written. */
import { findKind } from '../../cluster-host/api/kinds/kinds.ts';
import { kindType } from '../../cluster-host/api/catalogue/catalogue.ts';
import type { Type } from '../../cluster-host/api/catalogue/schema.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { parseApiVersion, type GroupVersionKind } from '../../cluster-host/api/object.ts';
import { isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import { groupKindOf } from '../workspace/facts.ts';

/** Where an object, or a patch of it, is written. */
export interface Origin {
  readonly uri: string;
  /** Among the documents of the file. */
  readonly document: number;
  /** Where it stands in the document: empty, `items[0]`, or a patch's place in a kustomization. */
  readonly base: Path;
  readonly value: unknown;
}

export interface Resource {
  object: JsonObject;
  /** The manifest or generator first, then every patch in its order. */
  readonly origins: Origin[];
  /** Every name it has had, the first one first. */
  readonly names: string[];
  readonly namespaces: string[];
  /** Kustomizations that it has passed through. */
  readonly passed: string[];
  needsHash: boolean;
}

export function newResource(object: JsonObject, origin: Origin): Resource {
  return { object, origins: [origin], names: [nameOf(object)], namespaces: [namespaceOf(object)], passed: [], needsHash: false };
}

/** The object's metadata, made if there is none. */
export function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (isObject(metadata)) return metadata;
  const made: JsonObject = {};
  object['metadata'] = made;
  return made;
}

export function nameOf(object: JsonObject): string {
  return isObject(object['metadata']) ? textOf(object['metadata']['name']) : '';
}

/** Empty where it says none. */
export function namespaceOf(object: JsonObject): string {
  return isObject(object['metadata']) ? textOf(object['metadata']['namespace']) : '';
}

export function gvkOf(object: JsonObject): GroupVersionKind {
  const { group, version } = parseApiVersion(textOf(object['apiVersion'])) ?? { group: '', version: '' };
  return { group, version, kind: textOf(object['kind']) };
}

export function groupKind(object: JsonObject): string {
  const { group, kind } = gvkOf(object);
  return groupKindOf(group, kind);
}

/** The schema of a built-in kind. */
export function typeOf(object: JsonObject): Type | undefined {
  return kindType(gvkOf(object));
}

/** A kind that is not known here is taken to live in namespaces. */
export function isNamespaced(object: JsonObject): boolean {
  const { group, version, kind } = gvkOf(object);
  return findKind(group, version, kind)?.namespaced ?? true;
}

export function rename({ object, names }: Resource, name: string): void {
  metadataOf(object)['name'] = name;
  if (!names.includes(name)) names.push(name);
}

export function moveTo({ object, namespaces }: Resource, namespace: string): void {
  metadataOf(object)['namespace'] = namespace;
  if (!namespaces.includes(namespace)) namespaces.push(namespace);
}
