/** NamespaceLifecycle: nothing new where there is no namespace or it is going away; the system's own namespaces stay. */
import { ApiFailure, forbidden, notFound } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);
const isNamespace = ({ definition }: AdmissionRequest): boolean => definition.group === '' && definition.plural === 'namespaces';

export function namespaceLifecycle(registries: () => Registries): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    async mutate(request) {
      const { operation, definition, namespace, name } = request;
      if (operation !== 'CREATE' || !definition.namespaced) return;
      const found = await registries().need('', 'v1', 'namespaces').find('', namespace);
      if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace);
      if (found.object.metadata?.deletionTimestamp === undefined) return;
      const { status } = forbidden(definition, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
      const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
      throw new ApiFailure({ ...status, details: { ...status.details, causes: [cause] } });
    },
    validate(request) {
      const { operation, definition, name } = request;
      if (operation === 'DELETE' && isNamespace(request) && immortal.has(name)) throw forbidden(definition, name, 'this namespace may not be deleted');
    },
  };
}
