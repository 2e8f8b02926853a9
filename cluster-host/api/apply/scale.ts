/** The owners of `spec.replicas` as the scale subresource shows them: who owns it in the parent owns it in the Scale, and back. */
import type { V1ManagedFieldsEntry } from '../generated/types.ts';
import { difference, fieldSteps, has, isEmpty, setOf } from './field-set.ts';
import { identityOf, readManagers, writeManagers, type Manager } from './managers.ts';

const scaleApiVersion = 'autoscaling/v1';
const replicasInScale = ['f:spec', 'f:replicas'];

export interface ScaledParent {
  readonly managedFields: readonly V1ManagedFieldsEntry[] | undefined;
  readonly apiVersion: string;
  /** Where the parent keeps its replicas: `.spec.replicas`. */
  readonly replicasPath: string;
}

/** The managers that a Scale of the parent has. */
export function scaleManagedFields({ managedFields, apiVersion, replicasPath }: ScaledParent): V1ManagedFieldsEntry[] | undefined {
  const owners = [...(readManagers(managedFields)?.values() ?? [])].filter((manager) => manager.apiVersion === apiVersion && has(manager.fields, fieldSteps(replicasPath)));
  const shown = owners.map((manager): Manager => ({ ...manager, apiVersion: scaleApiVersion, fields: setOf([replicasInScale]) }));
  return writeManagers(new Map(shown.map((manager) => [identityOf(manager), manager])));
}

/** The managers of the parent after its Scale was written: whoever no longer owns the replicas there loses them here. */
export function parentManagedFields({ managedFields, apiVersion, replicasPath }: ScaledParent, scale: readonly V1ManagedFieldsEntry[] | undefined): V1ManagedFieldsEntry[] | undefined {
  const replicas = fieldSteps(replicasPath);
  const inScale = [...(readManagers(scale)?.values() ?? [])].filter((manager) => has(manager.fields, replicasInScale)).map((manager) => ({ ...manager, apiVersion }));
  const remaining = new Map(inScale.map((manager) => [identityOf(manager), manager]));
  const result = new Map<string, Manager>();
  for (const [identity, manager] of readManagers(managedFields) ?? []) {
    const keeps = !has(manager.fields, replicas) || remaining.delete(identity);
    const fields = keeps ? manager.fields : difference(manager.fields, setOf([replicas]));
    if (!isEmpty(fields)) result.set(identity, { ...manager, fields });
  }
  for (const [identity, manager] of remaining) result.set(identity, { ...manager, fields: setOf([replicas]) });
  return writeManagers(result);
}
