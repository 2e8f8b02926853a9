/** Puts an API server together: the only file of the room that knows all its parts. */
import { kinds } from '../api/kinds/kinds.ts';
import { binding, reviewKinds } from '../api/kinds/reviews.ts';
import type { KindDefinition } from '../api/kind.ts';
import { PolicyStatus } from './admission/policies/policy-status.ts';
import { Aggregator } from './aggregation/aggregator.ts';
import { aggregationRoute } from './aggregation/route.ts';
import { admissionOf } from './admission/admission.ts';
import { admissionPlugins } from './admission/plugins.ts';
import { httpsCaller } from './admission/webhooks/sockets/https-caller.ts';
import { createAuthenticator } from './authentication/authenticator.ts';
import { bootstrapTokens } from './authentication/bootstrap-tokens.ts';
import { signatureProblem } from './authentication/certificate-requests.ts';
import { legacyTokens } from './authentication/legacy-tokens.ts';
import { createServiceAccountTokens } from './authentication/service-account-tokens.ts';
import { ok } from '../api/result.ts';
import { AuditLog } from './audit/audit-log.ts';
import { metadataOfAll, readPolicy } from './audit/policy.ts';
import { boundTokens } from './authentication/service-account-users.ts';
import { createTokenAuthenticator } from './authentication/token-authenticator.ts';
import { firstOpinion, mastersAuthorizer } from './authorization/authorizer.ts';
import { nodeAuthorizer } from './authorization/node/authorizer.ts';
import { WatchedGraph } from './authorization/node/watched-graph.ts';
import { RbacAuthorizer } from './authorization/rbac.ts';
import { bootstrap } from './bootstrap/bootstrap.ts';
import { rulesOfEveryNode } from './bootstrap/rbac.ts';
import { identityRoutes } from './discovery/identity.ts';
import { openApiRoutes } from './discovery/openapi.ts';
import { discoveryRoutes } from './discovery/routes.ts';
import { CustomResources } from './custom-resources/custom-resources.ts';
import { FlowControl } from './flow-control/flow-control.ts';
import { createDispatch } from './handlers/dispatch.ts';
import { WatchSessions } from './handlers/watch-session.ts';
import { healthChecks } from './health/checks.ts';
import { RequestMetrics } from './health/metrics.ts';
import { healthRoutes } from './health/routes.ts';
import { HttpListener } from './http/listener.ts';
import { inProcessEntry } from './in-process.ts';
import { startCompaction } from './maintenance/compaction.ts';
import { ObjectDecoder } from './registry/object-version.ts';
import { Registries } from './registry/registries.ts';
import { WatchedObjects } from './registry/watched-objects.ts';
import { RequestChain } from './request-chain.ts';
import { reviewStrategies } from './reviews/review-strategies.ts';
import { createStrategies } from './resources/strategies.ts';
import type { ApiServer, ApiServerOptions, UpgradeHandler } from './server.ts';
import type { CreateStreamHandlers, StreamHandlers } from './streams/streams.ts';

/** What tests may put in place of the real thing. */
export interface ApiServerParts {
  readonly kinds?: readonly KindDefinition[];
  readonly streams?: CreateStreamHandlers;
}

/** Milliseconds that requests under way have when the server closes. */
const closingTime = 5000;

/** Resolves once the system's own objects are in the store and requests can be handled; it listens when told to. */
export async function createApiServer(options: ApiServerOptions, parts: ApiServerParts = {}): Promise<ApiServer> {
  const { platform, store, credentials, issuer } = options;
  const decoder = new ObjectDecoder();
  const serviceAccountTokens = createServiceAccountTokens(credentials.serviceAccountKey, issuer, platform.clock);
  const audiences = [issuer];
  const reviews = reviewStrategies({ authorizer: () => authorizer, rbac: () => rbac, tokens: () => tokens, audiences, now: () => platform.clock.now() });
  const strategies = createStrategies({ platform, ranges: options, registries: () => registries, tokens: serviceAccountTokens, audiences, signatureProblem, reviews });
  const caller = httpsCaller(options.nodes);
  const watched = new WatchedObjects(() => registries, store);
  const admission = admissionOf(admissionPlugins(() => registries, platform, { authorizer: () => authorizer, rbac: () => rbac }, caller, watched));
  const definitions = [...(parts.kinds ?? kinds), ...reviewKinds, binding];
  const registries: Registries = new Registries(definitions, strategies, { store, decoder, platform, admission });
  for (const { definition, source } of options.hosted ?? []) registries.add(definition, { source });
  const tokens = createTokenAuthenticator(options.tokens, [legacyTokens(credentials.serviceAccountKey, registries), boundTokens(serviceAccountTokens, registries), bootstrapTokens(registries, platform.clock)]);
  const rbac = await RbacAuthorizer.create(registries, store);
  const graph = new WatchedGraph(store, decoder);
  const authorizer = firstOpinion([mastersAuthorizer, nodeAuthorizer(() => graph.current(), rulesOfEveryNode()), rbac]);
  await bootstrap(registries, options);
  const flowControl = await FlowControl.create(registries, store, platform.clock);
  const metrics = new RequestMetrics(platform.clock);
  const sessions = new WatchSessions(platform, store);
  const customResources = await CustomResources.create({ registries, store, platform, sessions, caller });
  const aggregator = await Aggregator.create({ registries, store, platform, caller, frontProxy: credentials.frontProxy });
  const policyStatus = await PolicyStatus.create({ registries, store, platform });
  const addresses: string[] = [];
  const chain = new RequestChain({
    authenticator: createAuthenticator(tokens, audiences),
    authorizer,
    flowControl: flowControl.step,
    audit: auditLogOf(options),
    random: platform.random,
    log: platform.log,
    metrics,
    routes: [
      aggregationRoute(aggregator),
      createDispatch(registries, { platform, store, sessions, authorizer }),
      healthRoutes(healthChecks(store)),
      discoveryRoutes({ definitions: () => registries.definitions, serverAddress: () => addresses[0] ?? '', remotes: () => aggregator.remotes() }),
      metrics.route(),
      openApiRoutes(() => registries.definitions, () => aggregator.remotes()),
      identityRoutes(serviceAccountTokens, issuer),
    ],
  });
  const compaction = startCompaction(store, platform.clock, platform.log);
  const upgrades = new Map<string, UpgradeHandler>();
  const listener = new HttpListener({ chain, credentials, upgrades, streams: streamsOf(options, parts, registries) });
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
    async close() {
      compaction.dispose();
      await policyStatus.close();
      await aggregator.close();
      await customResources.close();
      const drained = chain.drain();
      sessions.endAll();
      // A client that never ends its request does not hold up the end.
      await Promise.race([drained, platform.clock.sleep(closingTime)]);
      await listener.close();
      rbac.dispose();
      graph.dispose();
      flowControl.dispose();
      watched.dispose();
    },
  };
}

function auditLogOf({ audit, platform }: ApiServerOptions): AuditLog | undefined {
  if (audit === undefined) return undefined;
  const policy = audit.policy === undefined ? ok(metadataOfAll) : readPolicy(audit.policy);
  if (!policy.ok) throw new Error(`the audit policy cannot be used: ${policy.error}`);
  return new AuditLog(policy.value, platform.clock, (line) => audit.write(line));
}

function streamsOf({ platform, nodes, credentials: { frontProxy } }: ApiServerOptions, { streams }: ApiServerParts, registries: Registries): StreamHandlers {
  if (streams === undefined) return {};
  return streams({
    platform,
    nodes,
    ...(frontProxy && { frontProxy }),
    read: async (group, plural, namespace, name) => (await registries.need(group, 'v1', plural).find(namespace, name))?.object,
    list: async (group, plural, namespace) => (await registries.need(group, 'v1', plural).all(namespace)).map(({ object }) => object),
  });
}
