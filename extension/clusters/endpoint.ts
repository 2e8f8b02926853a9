/** How a cluster is reached and who we are there: what every request, watch and WebSocket of a connection starts from. */
import { readFile } from 'node:fs/promises';
import type { KubeconfigCluster, KubeconfigUser, Material } from './kubeconfig.ts';
import { execCredential, type ExecCredential } from './exec-plugin.ts';

export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

export interface Endpoint {
  /** Scheme, host, port and the path under which the API lives, without a slash at the end. */
  readonly server: string;
  readonly proxyUrl?: string;
  /** TLS material; read again when a plugin's credential expired. */
  tls(): Promise<TlsOptions>;
  /** Headers that carry the identity; renewed when they expired. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** What a 401 calls for: the next `headers()` asks the plugin again. */
  forget(): void;
}

/** An endpoint out of a kubeconfig. Rejections of its functions say in one sentence what is missing. */
export function endpointOf(cluster: KubeconfigCluster, user: KubeconfigUser, now: () => number = Date.now): Endpoint {
  let credential: Promise<ExecCredential> | undefined;
  let expires = Infinity;

  const fromPlugin = async (): Promise<ExecCredential> => {
    if (user.exec === undefined) return {};
    if (credential === undefined || now() >= expires) {
      const asked = execCredential(user.exec, cluster);
      credential = asked;
      const { expiration } = await asked.catch((error: unknown) => {
        credential = undefined;
        throw error;
      });
      expires = expiration ?? Infinity;
    }
    return credential;
  };

  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    async tls() {
      const { certificate, key } = await fromPlugin();
      return compact({
        ca: await read(cluster.certificateAuthority),
        cert: certificate ?? (await read(user.clientCertificate)),
        key: key ?? (await read(user.clientKey)),
        servername: cluster.tlsServerName,
        rejectUnauthorized: !cluster.insecureSkipTlsVerify,
      });
    },
    async headers(): Promise<Readonly<Record<string, string>>> {
      const token = (await fromPlugin()).token ?? user.token ?? (await readToken(user.tokenFile)) ?? providerToken(user);
      if (token !== undefined) return { authorization: `Bearer ${token}` };
      if (user.username === undefined) return {};
      return { authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` };
    },
    forget() {
      credential = undefined;
    },
  };
}

function providerToken(user: KubeconfigUser): string | undefined {
  if (user.authProvider === undefined) return undefined;
  if (user.authProvider.idToken === undefined) throw new Error(`The auth-provider "${user.authProvider.name}" is not supported: use an exec plugin.`);
  return user.authProvider.idToken;
}

async function readToken(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : (await readFile(file, 'utf8')).trim();
}

async function read(material: Material | undefined): Promise<string | undefined> {
  if (material === undefined) return undefined;
  return 'data' in material ? material.data : readFile(material.file, 'utf8');
}

function compact(tls: { [K in keyof TlsOptions]: TlsOptions[K] | undefined } & { readonly rejectUnauthorized: boolean }): TlsOptions {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)) as unknown as TlsOptions;
}
