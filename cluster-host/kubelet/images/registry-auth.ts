/** Credentials of registries out of a pod's `imagePullSecrets` (kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry). Pure. */
import type { V1Pod, V1Secret } from '../../api/generated/types.ts';
import { secretText } from '../containers/secret-data.ts';
import type { RegistryAuth } from '../runtime/runtime.ts';

/** Docker's own registry goes by several names. */
const dockerNames = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

export function registryAuth(pod: V1Pod, registry: string, secret: (name: string) => V1Secret | undefined): RegistryAuth | undefined {
  for (const { name = '' } of pod.spec?.imagePullSecrets ?? []) {
    const found = Object.entries(credentials(secret(name))).find(([server]) => sameRegistry(hostOf(server), registry));
    const auth = found === undefined ? undefined : readAuth(found[0], found[1]);
    if (auth !== undefined) return auth;
  }
  return undefined;
}

function credentials(secret: V1Secret | undefined): Readonly<Record<string, any>> {
  try {
    const { data = {} } = secret ?? {};
    if (data['.dockerconfigjson'] !== undefined) return JSON.parse(secretText(data['.dockerconfigjson'])).auths ?? {};
    return data['.dockercfg'] === undefined ? {} : JSON.parse(secretText(data['.dockercfg']));
  } catch {
    // A secret that is no such file has no credentials; the pull then says what is missing.
    return {};
  }
}

function readAuth(server: string, entry: any): RegistryAuth | undefined {
  if (typeof entry?.username === 'string') return { server, username: entry.username, password: entry.password ?? '' };
  if (typeof entry?.auth !== 'string') return undefined;
  const [username = '', ...password] = secretText(entry.auth).split(':');
  return { server, username, password: password.join(':') };
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').split('/')[0] ?? server;
}

function sameRegistry(a: string, b: string): boolean {
  return a === b || (dockerNames.has(a) && dockerNames.has(b));
}
