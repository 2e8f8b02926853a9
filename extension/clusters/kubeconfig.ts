/**
 * Reads kubeconfig files into plain data and merges several as kubectl does: the first file to name something wins
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/). Never throws.
 */
import { parse } from 'yaml';
import { dirname, resolve } from 'node:path';

/** Bytes given in the file itself, or a path to them. */
export type Material = { readonly data: string } | { readonly file: string };

export interface KubeconfigCluster {
  readonly server: string;
  readonly certificateAuthority?: Material;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
}

export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  /** Relative commands with a slash start from here. */
  readonly folder: string;
}

export interface KubeconfigUser {
  readonly clientCertificate?: Material;
  readonly clientKey?: Material;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
  /** Name of a legacy `auth-provider` and the ID token it keeps, where it has one. */
  readonly authProvider?: { readonly name: string; readonly idToken?: string };
}

export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
  /** The file that names it. */
  readonly file: string;
}

export interface Kubeconfig {
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly currentContext?: string;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

export const emptyKubeconfig: Kubeconfig = { contexts: new Map(), clusters: new Map(), users: new Map(), problems: [] };

type Fields = Readonly<Record<string, unknown>>;

export function parseKubeconfig(text: string, file: string): Kubeconfig {
  let root: Fields;
  try {
    root = fields(parse(text));
  } catch (error) {
    return { ...emptyKubeconfig, problems: [`${file}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`] };
  }
  const folder = dirname(file);
  return {
    contexts: named(root['contexts'], 'context', (value, name) => ({
      name,
      cluster: string(value['cluster']) ?? '',
      user: string(value['user']) ?? '',
      ...optional('namespace', string(value['namespace'])),
      file,
    })),
    clusters: named(root['clusters'], 'cluster', (value) => clusterOf(value, folder)),
    users: named(root['users'], 'user', (value) => userOf(value, folder)),
    ...optional('currentContext', string(root['current-context'])),
    problems: [],
  };
}

export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const lastFirst = configs.toReversed();
  const current = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    contexts: new Map(lastFirst.flatMap((config) => [...config.contexts])),
    clusters: new Map(lastFirst.flatMap((config) => [...config.clusters])),
    users: new Map(lastFirst.flatMap((config) => [...config.users])),
    ...optional('currentContext', current),
    problems: configs.flatMap((config) => config.problems),
  };
}

function clusterOf(value: Fields, folder: string): KubeconfigCluster {
  return {
    server: string(value['server']) ?? '',
    ...optional('certificateAuthority', material(value, 'certificate-authority', folder)),
    insecureSkipTlsVerify: value['insecure-skip-tls-verify'] === true,
    ...optional('tlsServerName', string(value['tls-server-name'])),
    ...optional('proxyUrl', string(value['proxy-url'])),
  };
}

function userOf(value: Fields, folder: string): KubeconfigUser {
  const tokenFile = string(value['tokenFile']);
  const provider = value['auth-provider'] === undefined ? undefined : fields(value['auth-provider']);
  return {
    ...optional('clientCertificate', material(value, 'client-certificate', folder)),
    ...optional('clientKey', material(value, 'client-key', folder)),
    ...optional('token', string(value['token'])),
    ...optional('tokenFile', tokenFile === undefined ? undefined : resolve(folder, tokenFile)),
    ...optional('username', string(value['username'])),
    ...optional('password', string(value['password'])),
    ...optional('exec', value['exec'] === undefined ? undefined : execOf(fields(value['exec']), folder)),
    ...optional(
      'authProvider',
      provider && { name: string(provider['name']) ?? '', ...optional('idToken', string(fields(provider['config'])['id-token'])) },
    ),
  };
}

function execOf(value: Fields, folder: string): ExecPlugin {
  return {
    apiVersion: string(value['apiVersion']) ?? 'client.authentication.k8s.io/v1',
    command: string(value['command']) ?? '',
    args: list(value['args']).map(String),
    env: Object.fromEntries(list(value['env']).map((entry) => [String(fields(entry)['name']), String(fields(entry)['value'])])),
    ...optional('installHint', string(value['installHint'])),
    provideClusterInfo: value['provideClusterInfo'] === true,
    folder,
  };
}

function named<T>(value: unknown, key: string, read: (value: Fields, name: string) => T): Map<string, T> {
  const entries = new Map<string, T>();
  for (const entry of list(value).map(fields)) {
    const name = string(entry['name']);
    if (name !== undefined && !entries.has(name)) entries.set(name, read(fields(entry[key]), name));
  }
  return entries;
}

function material(value: Fields, key: string, folder: string): Material | undefined {
  const data = string(value[`${key}-data`]);
  if (data !== undefined) return { data: Buffer.from(data, 'base64').toString('utf8') };
  const file = string(value[key]);
  return file === undefined ? undefined : { file: resolve(folder, file) };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
