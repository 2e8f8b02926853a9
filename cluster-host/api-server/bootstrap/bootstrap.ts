/** What a cluster holds before anybody asked for it. */
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { copy } from '../../api/values.ts';
import { localServices } from '../aggregation/local-services.ts';
import { hasReason } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { Registry, WriteContext } from '../registry/registry.ts';
import { firstAddress } from '../resources/service-addresses.ts';
import type { ApiServerOptions, ServerCredentials, UserInfo } from '../server.ts';
import { defaultFlowSchemas, defaultPriorityLevels } from './flow-control.ts';
import { defaultClusterRoleBindings, defaultClusterRoles, defaultRoleBindings, defaultRoles } from './rbac.ts';
import { reconciled, refersElsewhere } from './reconcile.ts';

export const apiServerUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const priorityClasses: readonly KubeObject[] = [
  { metadata: { name: 'system-node-critical' }, value: 2_000_001_000, description: 'Used for system critical pods that must not be moved from their current node.' },
  { metadata: { name: 'system-cluster-critical' }, value: 2_000_000_000, description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.' },
];

/** All of it runs in this process: whoever can read this finds it healthy. */
const componentStatuses = ['controller-manager', 'etcd-0', 'scheduler'].map((name): KubeObject => ({ metadata: { name }, conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }] }));

/** Makes what is missing, brings roles and bindings up to date, leaves everything else as it is. All of it goes to the disk together. */
export async function bootstrap(registries: Registries, { serviceCidr, credentials }: Pick<ApiServerOptions, 'serviceCidr' | 'credentials'>): Promise<void> {
  const all = (group: string, plural: string, objects: readonly KubeObject[]): Promise<void>[] => objects.map((object) => ensure(registries, group, plural, object));
  // First what others refer to.
  await Promise.all([
    ...systemNamespaces.map((name) => ensure(registries, '', 'namespaces', { metadata: { name } })),
    ...all('flowcontrol.apiserver.k8s.io', 'prioritylevelconfigurations', defaultPriorityLevels()),
  ]);
  await Promise.all([
    ensure(registries, '', 'services', kubernetesService(serviceCidr)),
    ensure(registries, '', 'configmaps', extensionAuthentication(credentials)),
    ...all('apiregistration.k8s.io', 'apiservices', [...localServices(registries.definitions).values()] as readonly KubeObject[]),
    ensure(registries, 'networking.k8s.io', 'servicecidrs', { metadata: { name: 'kubernetes' }, spec: { cidrs: [serviceCidr] } }),
    ...all('', 'componentstatuses', componentStatuses),
    ...all('scheduling.k8s.io', 'priorityclasses', priorityClasses),
    ...all('flowcontrol.apiserver.k8s.io', 'flowschemas', defaultFlowSchemas()),
    ...all('rbac.authorization.k8s.io', 'clusterroles', defaultClusterRoles()),
    ...all('rbac.authorization.k8s.io', 'clusterrolebindings', defaultClusterRoleBindings()),
    ...all('rbac.authorization.k8s.io', 'roles', defaultRoles()),
    ...all('rbac.authorization.k8s.io', 'rolebindings', defaultRoleBindings()),
  ]);
}

/** How servers that extend the API tell who asks (https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/). */
function extensionAuthentication({ caCertificate, frontProxy }: ServerCredentials): KubeObject {
  const list = (...values: readonly string[]): string => JSON.stringify(values);
  return {
    metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
    data: {
      'client-ca-file': caCertificate,
      ...(frontProxy && {
        'requestheader-allowed-names': list('front-proxy-client'),
        'requestheader-client-ca-file': frontProxy.caCertificate,
        'requestheader-extra-headers-prefix': list('X-Remote-Extra-'),
        'requestheader-group-headers': list('X-Remote-Group'),
        'requestheader-uid-headers': list('X-Remote-Uid'),
        'requestheader-username-headers': list('X-Remote-User'),
      }),
    },
  };
}

/** How pods find the API server. */
function kubernetesService(serviceCidr: string): KubeObject {
  return {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { type: 'ClusterIP', clusterIP: firstAddress(serviceCidr), ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }], sessionAffinity: 'None' },
  };
}

const context: WriteContext = { user: apiServerUser, dryRun: false, fieldManager: 'kube-apiserver', warn: () => undefined };

async function ensure(registries: Registries, group: string, plural: string, wanted: KubeObject): Promise<void> {
  const registry = registries.find(group, 'v1', plural);
  if (registry === undefined) return;
  const { namespace = '', name = '' } = wanted.metadata ?? {};
  const existing = (await registry.find(namespace, name))?.object;
  if (existing === undefined) return create(registry, wanted);
  if (group !== 'rbac.authorization.k8s.io') return;
  if (refersElsewhere(existing, wanted)) {
    await registry.delete(namespace, name, {}, context);
    await create(registry, wanted);
  } else if (reconciled(existing, wanted) !== existing) {
    await registry.update(namespace, name, { subresource: '', next: (current) => reconciled(current, wanted) }, context);
  }
}

async function create(registry: Registry, wanted: KubeObject): Promise<void> {
  const { definition } = registry;
  const object = { kind: definition.kind, apiVersion: apiVersionOf(definition), ...copy(wanted) };
  definition.setDefaults(object);
  try {
    await registry.create(wanted.metadata?.namespace ?? '', object, context);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}
