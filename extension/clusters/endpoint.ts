/** How a cluster is reached and who we are there: what every request, watch and WebSocket of a connection starts from. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Credentials } from '../../cluster-host/client/https/https-transport.ts';
import { TunnelAgent } from '../../cluster-host/client/https/tunnel-agent.ts';
import { proxyFor } from './proxy.ts';
import { execCredential, type ExecCredential } from './exec-plugin.ts';
import type { KubeconfigCluster, KubeconfigUser, Material } from './kubeconfig.ts';

export interface Endpoint {
  /** Scheme, host, port and the path under which the API lives, without a slash at the end. */
  readonly server: string;
  /** PEM; left out where the authorities that Node trusts are meant. */
  readonly ca?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  /** Address of the HTTP proxy that leads to the server; left out for a direct connection. */
  readonly proxy?: string;
  /** Renewed when they expired, or when the last ones were `rejected`. Rejects with one sentence that says what is missing. */
  credentials(rejected: boolean): Promise<Credentials>;
}

/** An endpoint out of a kubeconfig; what is wrong with its files comes out of `credentials`. */
export function endpointOf(cluster: KubeconfigCluster, user: KubeconfigUser, now: () => number = Date.now): Endpoint {
  const authority = readAuthority(cluster.certificateAuthority);
  const way = wayTo(cluster);
  let asked: Promise<ExecCredential> | undefined;

  const fromPlugin = async (rejected: boolean): Promise<ExecCredential> => {
    if (user.exec === undefined) return {};
    const known = await asked;
    if (asked === undefined || rejected || now() >= (known?.expiration ?? Infinity)) {
      asked = execCredential(user.exec, cluster);
      asked.catch(() => {
        asked = undefined;
      });
    }
    return asked;
  };

  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(authority.ca === undefined ? {} : { ca: authority.ca }),
    insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    ...(way.proxy === undefined ? {} : { proxy: way.proxy }),
    async credentials(rejected) {
      if (authority.problem !== undefined) throw new Error(authority.problem);
      if (way.problem !== undefined) throw new Error(way.problem);
      const plugin = await fromPlugin(rejected);
      const token = plugin.token ?? user.token ?? (await readToken(user.tokenFile)) ?? providerToken(user);
      const certificate = plugin.certificate ?? (await read(user.clientCertificate));
      const key = plugin.key ?? (await read(user.clientKey));
      return {
        ...(token === undefined ? {} : { token }),
        ...(certificate === undefined ? {} : { certificate }),
        ...(key === undefined ? {} : { key }),
        ...(user.username === undefined ? {} : { username: user.username, password: user.password ?? '' }),
      };
    },
  };
}

/** What a WebSocket needs to be let in. */
export async function socketOptions(endpoint: Endpoint): Promise<Readonly<Record<string, unknown>>> {
  const { certificate, key, token, username, password } = await endpoint.credentials(false);
  const basic = username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  const authorization = token === undefined ? basic : `Bearer ${token}`;
  const tls = { ca: endpoint.ca, cert: certificate, key, servername: endpoint.tlsServerName, rejectUnauthorized: !endpoint.insecureSkipTlsVerify };
  return {
    ...tls,
    ...(endpoint.proxy === undefined ? {} : { agent: new TunnelAgent(endpoint.proxy, tls) }),
    headers: authorization === undefined ? {} : { authorization },
  };
}

function wayTo({ server, proxyUrl }: KubeconfigCluster): { readonly proxy?: string; readonly problem?: string } {
  try {
    const proxy = proxyFor(server, proxyUrl, process.env);
    return proxy === undefined ? {} : { proxy };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function readAuthority(material: Material | undefined): { readonly ca?: string; readonly problem?: string } {
  if (material === undefined) return {};
  if ('data' in material) return { ca: material.data };
  try {
    return { ca: readFileSync(material.file, 'utf8') };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
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
