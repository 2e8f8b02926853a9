/** Who controls what (kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents). */
import type { V1OwnerReference } from '../../api/generated/types.ts';
import { apiVersionOf, type KubeObject, type Resource } from '../../api/object.ts';
import type { KeysOf } from '../../client/controller.ts';

export function controllerOf(object: KubeObject): V1OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata?.uid;
}

export function controllerReference(resource: Resource, owner: KubeObject): V1OwnerReference {
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name: owner.metadata?.name ?? '',
    uid: owner.metadata?.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Whether the reference names this kind, in whatever version. */
export function refersTo(reference: V1OwnerReference | undefined, resource: Resource): boolean {
  return reference !== undefined && reference.kind === resource.kind && (reference.apiVersion.split('/').at(-2) ?? '') === resource.group;
}

/** Keys of the controller of a changed object, the former one included. */
export function controllerKeys(resource: Resource): KeysOf<KubeObject> {
  return (object, old) => {
    const names = [object, old].flatMap((one) => {
      const reference = one === undefined ? undefined : controllerOf(one);
      return reference !== undefined && refersTo(reference, resource) ? [`${object.metadata?.namespace ?? ''}/${reference.name}`] : [];
    });
    return [...new Set(names)];
  };
}

/** Name of the index that finds objects by the uid of their controller; an orphan is found by its namespace under `orphans/`. */
export const ownerIndex = 'controller';

export function ownerIndexer(object: KubeObject): readonly string[] {
  return [controllerOf(object)?.uid ?? `orphans/${object.metadata?.namespace ?? ''}`];
}
