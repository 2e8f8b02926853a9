/** What a cluster holds before anybody asked for it. */
import type { KubeObject } from '../../api/object.ts';
import { hasReason } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { ApiServerOptions, UserInfo } from '../server.ts';

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export const apiServerUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

/** Makes what is missing; leaves what is there. */
export async function bootstrap(registries: Registries, _options: ApiServerOptions): Promise<void> {
  await Promise.all(systemNamespaces.map((name) => ensure(registries, '', 'namespaces', { metadata: { name } })));
}

async function ensure(registries: Registries, group: string, plural: string, object: KubeObject): Promise<void> {
  const registry = registries.find(group, 'v1', plural);
  if (registry === undefined) return;
  const { namespace = '', name = '' } = object.metadata ?? {};
  if ((await registry.find(namespace, name)) !== undefined) return;
  registry.definition.setDefaults(object);
  try {
    await registry.create(namespace, { kind: registry.definition.kind, apiVersion: 'v1', ...object }, { user: apiServerUser, dryRun: false, warn: () => undefined });
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}
