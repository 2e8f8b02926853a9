/**
 * Where the Docker Engine listens, found as the docker command finds it: DOCKER_HOST, then the chosen context, then the
 * platform's default (https://docs.docker.com/reference/cli/docker/#environment-variables).
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from './errors.ts';

export interface EngineAddress {
  /** As a user reads it: `unix:///var/run/docker.sock`. */
  readonly text: string;
  /** What Node's `http.request` needs to get there. */
  readonly connection:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: number; readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } };
}

type Environment = Readonly<Record<string, string | undefined>>;

export function findEngine(environment: Environment = process.env): EngineAddress {
  const certificates = environment['DOCKER_TLS_VERIFY'] ? (environment['DOCKER_CERT_PATH'] ?? join(homedir(), '.docker')) : undefined;
  if (environment['DOCKER_HOST']) return parseAddress(environment['DOCKER_HOST'], certificates);
  return contextAddress(environment) ?? defaultAddress(environment);
}

/** Understands `unix://`, `npipe://`, `tcp://`, `http://` and `https://`. */
export function parseAddress(text: string, certificates?: string): EngineAddress {
  if (text.startsWith('unix://')) return { text, connection: { socketPath: text.slice('unix://'.length) } };
  if (text.startsWith('npipe://')) return { text, connection: { socketPath: text.slice('npipe://'.length).replaceAll('/', '\\') } };
  const match = /^(?:tcp|https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(text);
  if (match?.[1] === undefined) {
    throw new EngineError('BadAddress', `the Docker Engine's address ${text} is not supported`, { hint: 'Use unix://, npipe://, tcp:// or https://.' });
  }
  const secure = certificates !== undefined || text.startsWith('https:');
  const host = match[1].replaceAll(/[[\]]/g, '');
  const port = Number(match[2] ?? (secure ? 2376 : 2375));
  return { text, connection: { host, port, ...(secure ? { tls: tlsFiles(certificates) } : {}) } };
}

function tlsFiles(folder: string | undefined): { ca?: string; cert?: string; key?: string } {
  const read = (name: string): string | undefined => {
    const file = folder === undefined ? undefined : join(folder, name);
    return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** The endpoint of the context named by DOCKER_CONTEXT or `docker context use`; contexts lie in folders named by the hash of their name. */
function contextAddress(environment: Environment): EngineAddress | undefined {
  const folder = environment['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const name = environment['DOCKER_CONTEXT'] ?? readJson(join(folder, 'config.json'))?.currentContext;
  if (typeof name !== 'string' || name === '' || name === 'default') return undefined;
  const hash = createHash('sha256').update(name).digest('hex');
  const host: unknown = readJson(join(folder, 'contexts', 'meta', hash, 'meta.json'))?.Endpoints?.docker?.Host;
  if (typeof host !== 'string') throw new EngineError('BadAddress', `the docker context "${name}" has no endpoint`, { hint: 'Choose another with "docker context use".' });
  const certificates = join(folder, 'contexts', 'tls', hash, 'docker');
  return parseAddress(host, existsSync(certificates) ? certificates : undefined);
}

function readJson(file: string): any {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function defaultAddress(environment: Environment): EngineAddress {
  if (process.platform === 'win32') return parseAddress('npipe:////./pipe/docker_engine');
  const runtimeFolder = environment['XDG_RUNTIME_DIR'];
  const candidates = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock'), ...(runtimeFolder ? [join(runtimeFolder, 'docker.sock')] : [])];
  return parseAddress(`unix://${candidates.find((path) => existsSync(path)) ?? candidates[0]}`);
}
