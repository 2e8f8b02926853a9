/** The upkeep of `metadata.managedFields` by every write that is not an apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
import type { V1ManagedFieldsEntry } from '../generated/types.ts';
import type { KubeObject } from '../object.ts';
import { equal } from '../values.ts';
import { contextOf, emptyObject, timeText, withoutManagedFields, type FieldManagement } from './management.ts';
import { capUpdaters, readManagers, writeManagers, type Manager, type Managers } from './managers.ts';
import { settleUpdate } from './updater.ts';

export interface UpdateRequest extends FieldManagement {
  /** The live object; undefined for a creation. It is not changed. */
  readonly live: KubeObject | undefined;
  /** The object to store, with the `managedFields` that the client sent, if any. It is not changed. */
  readonly object: KubeObject;
  readonly manager: string;
}

/** The `managedFields` that an object gets from any write but apply. */
export function managedFieldsAfterUpdate(request: UpdateRequest): V1ManagedFieldsEntry[] | undefined {
  const { live, object, manager, subresource, now } = request;
  const managers = managersOfUpdate(request);
  // An object whose tracking was switched off stays without until somebody applies.
  if (managers.size === 0 && live !== undefined) return undefined;
  const context = contextOf(request);
  const updater = { name: manager === '' ? 'unknown' : manager, operation: 'Update', apiVersion: context.apiVersion, subresource } as const;
  const before = live === undefined ? emptyObject(request) : withoutManagedFields(live);
  return writeManagers(capUpdaters(settleUpdate(before, withoutManagedFields(object), managers, updater, timeText(now), context)));
}

/** A client may hand in managers of its own, or none to switch tracking off; what makes no sense is ignored. */
function managersOfUpdate({ live, object, subresource }: UpdateRequest): Managers {
  const current = () => readManagers(live?.metadata?.managedFields) ?? new Map<string, Manager>();
  const sent = object.metadata?.managedFields;
  // What was handed back as it was read is known already.
  if (subresource !== '' || sent === undefined || equal(sent, live?.metadata?.managedFields)) return current();
  if (sent.length === 0 || (sent.length === 1 && Object.keys(sent[0] ?? {}).length === 0)) return new Map();
  const managers = readManagers(sent);
  return managers === undefined || managers.size === 0 ? current() : managers;
}

/** The live object where a write changed nothing but the times of its managers, otherwise the new one: such a write is none. */
export function unlessOnlyTimesChanged(object: KubeObject, live: KubeObject): KubeObject {
  const timeless = (one: KubeObject) => ({ ...one, metadata: { ...one.metadata, managedFields: one.metadata?.managedFields?.map((entry) => ({ ...entry, time: undefined })) } });
  return equal(timeless(object), timeless(live)) ? live : object;
}
