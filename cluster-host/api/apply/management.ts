/** What a request means for the owners of fields: of which kind, in which version, through which subresource, and when. */
import type { StructType } from '../catalogue/schema.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import { apiVersionOf, type GroupVersionKind, type KubeObject } from '../object.ts';
import type { FieldFilter } from './field-set.ts';
import type { OwnershipContext, Versions } from './updater.ts';

export interface FieldManagement {
  readonly type: StructType;
  readonly gvk: GroupVersionKind;
  /** `status`, `scale`, …; empty for the object itself. */
  readonly subresource: string;
  /** What this request can set at all. */
  readonly settable: FieldFilter;
  /** The other versions in which the kind is served. */
  readonly versions: Versions;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** For kinds that are served in one version only. */
export const noOtherVersions: Versions = { typeOf: () => undefined, convert: (value) => value };

export function contextOf({ type, gvk, settable, versions }: FieldManagement): OwnershipContext {
  return { type, apiVersion: apiVersionOf(gvk), settable, versions };
}

const emptyObjects = new WeakMap<StructType, KubeObject>();

/** What an object of the kind is before anybody sets anything, in wire form. It is shared. */
export function emptyObject({ type, gvk }: FieldManagement): KubeObject {
  let object = emptyObjects.get(type);
  if (object === undefined) {
    object = wireForm(decode(plainDocument({ apiVersion: apiVersionOf(gvk), kind: gvk.kind }), type).value, type) as KubeObject;
    emptyObjects.set(type, object);
  }
  return object;
}

/** An object without the record of its managers, which nobody owns. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The time of a change as `managedFields` has it. */
export function timeText(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
