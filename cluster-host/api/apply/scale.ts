/** The owners of `spec.replicas` as the scale subresource shows them: who owns it in the parent owns it in the Scale, and back. */
import type { V1ManagedFieldsEntry } from '../generated/types.ts';
import { difference, fieldSteps, has, isEmpty, setOf } from './field-set.ts';
import { identityOf, readManagers, writeManagers, type Manager, type Managers } from './managers.ts';

const scaleApiVersion = 'autoscaling/v1';
const replicasInScale = ['f:spec', 'f:replicas'];

export interface ScaledParent {
  readonly managedFields: readonly V1ManagedFieldsEntry[] | undefined;
  /** The version of the request. */
  readonly apiVersion: string;
  /** Where each version that is served keeps its replicas, as `.spec.replicas`; undefined where it does not. By apiVersion. */
  readonly replicasPaths: ReadonlyMap<string, string | undefined>;
}

/** The managers that a Scale of the parent has. */
export function scaleManagedFields({ managedFields, replicasPaths }: ScaledParent): V1ManagedFieldsEntry[] | undefined {
  const owners = [...(readManagers(managedFields)?.values() ?? [])].filter((manager) => ownsReplicas(manager, replicasPaths.get(manager.apiVersion)));
  return writeManagers(byIdentity(owners.map((manager) => ({ ...manager, apiVersion: scaleApiVersion, fields: setOf([replicasInScale]) }))));
}

/** The managers of the parent after its Scale was written: whoever no longer owns the replicas there loses them here. Who got them has no time of its own. */
export function parentManagedFields({ managedFields, apiVersion, replicasPaths }: ScaledParent, scale: readonly V1ManagedFieldsEntry[] | undefined): V1ManagedFieldsEntry[] | undefined {
  const inScale = new Set([...(readManagers(scale) ?? [])].filter(([, { fields }]) => has(fields, replicasInScale)).map(([identity]) => identity));
  const before = readManagers(managedFields) ?? new Map<string, Manager>();
  const result = new Map<string, Manager>();
  for (const [identity, manager] of before) {
    if (!replicasPaths.has(manager.apiVersion)) continue;
    const path = replicasPaths.get(manager.apiVersion);
    const keeps = !ownsReplicas(manager, path) || inScale.delete(identityOf({ ...manager, apiVersion: scaleApiVersion }));
    const fields = keeps ? manager.fields : difference(manager.fields, setOf([fieldSteps(path ?? '')]));
    if (!isEmpty(fields)) result.set(identity, { ...manager, fields });
  }
  const fields = setOf([fieldSteps(replicasPaths.get(apiVersion) ?? '')]);
  for (const manager of [...(readManagers(scale) ?? [])].filter(([identity]) => inScale.has(identity)).map(([, manager]) => manager)) {
    const { time: _, ...owner } = { ...manager, apiVersion, fields };
    const time = before.get(identityOf(owner))?.time;
    result.set(identityOf(owner), { ...owner, ...(time === undefined ? {} : { time }) });
  }
  return writeManagers(result);
}

function ownsReplicas({ fields }: Manager, path: string | undefined): boolean {
  return path !== undefined && has(fields, fieldSteps(path));
}

function byIdentity(managers: readonly Manager[]): Managers {
  return new Map(managers.map((manager) => [identityOf(manager), manager]));
}
