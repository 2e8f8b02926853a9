/** Puts an API server together: the only file of the room that knows all its parts. */
import { kinds } from '../api/kinds/kinds.ts';
import type { KindDefinition } from '../api/kind.ts';
import { admissionOf } from './admission/admission.ts';
import { admissionPlugins } from './admission/plugins.ts';
import { createAuthenticator } from './authentication/authenticator.ts';
import { firstOpinion, mastersAuthorizer } from './authorization/authorizer.ts';
import { bootstrap } from './bootstrap/bootstrap.ts';
import { discoveryRoutes } from './discovery/routes.ts';
import { createDispatch } from './handlers/dispatch.ts';
import { healthRoutes, type HealthCheck } from './health/routes.ts';
import { HttpListener } from './http/listener.ts';
import { inProcessEntry } from './in-process.ts';
import { Lister } from './registry/lister.ts';
import { ObjectDecoder } from './registry/object-version.ts';
import { Registries } from './registry/registries.ts';
import { RequestChain } from './request-chain.ts';
import { createStrategies } from './resources/strategies.ts';
import type { ApiServer, ApiServerOptions, UpgradeHandler } from './server.ts';
import type { CreateStreamHandlers } from './streams/streams.ts';

/** What tests may put in place of the real thing. */
export interface ApiServerParts {
  readonly kinds?: readonly KindDefinition[];
  readonly streams?: CreateStreamHandlers;
}

/** Resolves once the system's own objects are in the store and requests can be handled; it listens when told to. */
export async function createApiServer(options: ApiServerOptions, parts: ApiServerParts = {}): Promise<ApiServer> {
  const { platform, store, nodes, credentials, tokens } = options;
  const decoder = new ObjectDecoder();
  const lister = new Lister(store, decoder);
  const admission = admissionOf(admissionPlugins());
  const strategies = createStrategies({ platform, ranges: options, registries: () => registries });
  const registries: Registries = new Registries(parts.kinds ?? kinds, strategies, { store, decoder, platform, admission });
  const ping: HealthCheck = { name: 'ping', run: () => Promise.resolve(undefined) };
  const storage: HealthCheck = { name: 'etcd', run: () => store.revision().then(() => undefined, (error: unknown) => String(error)) };
  const addresses: string[] = [];
  const chain = new RequestChain({
    authenticator: createAuthenticator({ tokens }),
    authorizer: firstOpinion([mastersAuthorizer]),
    log: platform.log,
    routes: [
      createDispatch(registries, { platform, store, decoder, lister }),
      healthRoutes({ healthz: [ping, storage], livez: [ping, storage], readyz: [ping, storage] }),
      discoveryRoutes({ definitions: () => registries.definitions, serverAddress: () => addresses[0] ?? '' }),
    ],
  });
  await bootstrap(registries, options);
  const read = async (group: string, plural: string, namespace: string, name: string) => (await registries.need(group, 'v1', plural).find(namespace, name))?.object;
  const list = async (group: string, plural: string, namespace: string) => (await registries.need(group, 'v1', plural).all(namespace)).map(({ object }) => object);
  const upgrades = new Map<string, UpgradeHandler>();
  const listener = new HttpListener({ chain, credentials, upgrades, streams: parts.streams?.({ platform, nodes, read, list }) ?? {} });
  return {
    ...inProcessEntry(chain),
    async listen(wanted) {
      const ports: number[] = [];
      for (const { host, port } of wanted) {
        const taken = await listener.listen(host, port);
        ports.push(taken);
        addresses.push(`${host}:${taken}`);
      }
      return ports;
    },
    onUpgrade: (path, handler) => void upgrades.set(path, handler),
    close: () => listener.close(),
  };
}
