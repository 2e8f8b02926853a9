/** A controller that keeps one object of a fixed name in every namespace. */
import type { KubeObject, Resource } from '../../api/object.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { isNamespaceTerminating } from './pod-control.ts';
import { namespaces } from '../../client/resources.ts';

/** `isRight` says whether what is there will do; where it does not, it is brought to what `make` yields. */
export function inEachNamespace<T extends KubeObject>({ name, serviceAccount }: Pick<ControllerDefinition, 'name' | 'serviceAccount'>, resource: Resource<T>, object: string, make: (namespace: string) => T, isRight: (present: T) => boolean = () => true): ControllerDefinition {
  return {
    name,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    watches: [{ resource: namespaces }, { resource, keys: ({ metadata }) => (metadata?.name === object ? [metadata?.namespace ?? ''] : []) }],
    start: ({ client, informers }) => ({
      reconcile: async (namespace) => {
        const owner = informers.informer(namespaces).lister.get('', namespace);
        if (owner === undefined || owner.status?.phase === 'Terminating' || owner.metadata?.deletionTimestamp !== undefined) return;
        const present = informers.informer(resource).lister.get(namespace, object);
        if (present !== undefined && isRight(present)) return;
        try {
          if (present === undefined) await client.resource(resource, namespace).create(make(namespace));
          else await client.resource(resource, namespace).update({ ...present, ...make(namespace), metadata: present.metadata });
        } catch (error) {
          if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound') && !isNamespaceTerminating(error)) throw error;
        }
      },
    }),
  };
}
