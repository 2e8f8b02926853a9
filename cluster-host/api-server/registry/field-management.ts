/** Who set which field: keeps `metadata.managedFields` true with every write (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
import { managedFieldsAfterUpdate, type FieldManagement } from '../../api/apply/apply.ts';
import { schemaOf } from '../../api/catalogue/kind-schema.ts';
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';

/** What field management needs to know of a kind. */
export function managementOf(definition: KindDefinition, subresource: string, now: number): FieldManagement {
  return { type: schemaOf(definition), gvk: definition, subresource, resetFields: resetFields(definition, subresource), now };
}

/** A request about the object cannot set its status, one about the status nothing else. */
function resetFields({ status }: KindDefinition, subresource: string): readonly (readonly string[])[] {
  if (status === undefined) return [];
  return subresource === 'status' ? [['spec'], ['metadata', 'labels'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']] : subresource === '' ? [['status']] : [];
}

/** Brings the `managedFields` of an object that is about to be written up to date. */
export function trackFields(definition: KindDefinition, object: KubeObject, live: KubeObject | undefined, manager: string, subresource: string, now: number): void {
  const management = managementOf(definition, subresource, now);
  const managedFields = managedFieldsAfterUpdate({ ...management, live, object, manager });
  const metadata = (object.metadata ??= {});
  if (managedFields === undefined) delete metadata.managedFields;
  else metadata.managedFields = managedFields;
}
