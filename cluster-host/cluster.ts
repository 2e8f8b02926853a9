/**
 * The one place where a cluster's components are put together: storage, API server, controllers, scheduler, nodes, network.
 *
 * Nothing else in the cluster host imports more than its own neighbours; nothing but `host/`, `cli/` and tests imports this.
 */
import { join } from 'node:path';
import { createApiServer } from './api-server/create.ts';
import type { ApiServer, ApiServerOptions, UpgradeHandler, UserInfo } from './api-server/server.ts';
import { createStreamHandlers } from './api-server/streams/handlers.ts';
import type { ControllersOptions } from './controllers/controllers.ts';
import type { NodeSummary, RuntimeName } from './control-protocol.ts';
import { removeEverything } from './engine/clusters.ts';
import type { Engine } from './engine/engine.ts';
export { EngineError } from './engine/errors.ts';
import { connectEngine } from './engine/http-engine.ts';
import { storageOf } from './kubelet/edges/node-facts.ts';
import { metricsKinds } from './metrics/metrics-server.ts';
import { signLeaf } from './pki/certificates.ts';
import type { ClusterCredentials } from './pki/credentials.ts';
import { signLegacyToken } from './pki/legacy-token.ts';
import type { Disposable, Logger, Platform } from './platform/platform.ts';
import { removeRules } from './proxy/backends/nftables.ts';
import type { Store } from './storage/store.ts';
import { chooseAddressRanges, preferredRanges, subnetsOf, type AddressRanges } from './wiring/address-ranges.ts';
import { addressIn, dnsIndex, nodeRange } from './wiring/addresses.ts';
import { createComponent, identities, type Component } from './wiring/component.ts';
import { startControllers, startScheduler } from './wiring/control-plane.ts';
import { dockerInfrastructure } from './wiring/docker-infrastructure.ts';
import type { Infrastructure } from './wiring/infrastructure.ts';
import { nodeCreator } from './wiring/node-agents.ts';
import { Nodes, type CreateNode } from './wiring/nodes.ts';
import { openStore } from './wiring/store.ts';
import { simulatedInfrastructure } from './wiring/simulated-infrastructure.ts';
import { publishSystemServices } from './wiring/system-services.ts';
import { DisposalStack } from './wiring/disposal-stack.ts';

export interface ClusterOptions {
  readonly platform: Platform;
  /** Marks what the cluster has on an engine. */
  readonly id: string;
  readonly runtime: RuntimeName;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly nodes: readonly string[];
  /** Nodes that the cluster had and is not to have any more. */
  readonly droppedNodes: readonly string[];
  /** Port on loopback; 0 takes a free one. Unless required, a taken one is replaced by a free one. */
  readonly port: number;
  readonly portRequired: boolean;
  readonly credentials: ClusterCredentials;
  /** Left out: nobody writes an audit log. */
  readonly audit: ApiServerOptions['audit'];
  /** Path of the store's file. */
  readonly database: string;
  /** Folder of the nodes' volumes. */
  readonly nodesFolder: string;
  readonly progress: (step: string, message: string) => void;
  /** Something in `nodes()` changed. */
  readonly changed: () => void;
}

export interface Cluster {
  readonly url: string;
  readonly port: number;
  nodes(): readonly NodeSummary[];
  /** Resolves when every node is Ready; rejects when a node could not start, or the cluster is stopped first. */
  ready(): Promise<void>;
  addNode(name: string): Promise<NodeSummary>;
  removeNode(name: string): Promise<void>;
  /** As if the machine were switched off: its containers stop, its heartbeats end. */
  stopNode(name: string): Promise<NodeSummary>;
  startNode(name: string): Promise<NodeSummary>;
  /** References of the images on the engine. */
  images(): Promise<readonly string[]>;
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** Ends the components; containers are stopped, or left to be adopted by the next start. */
  stop(containers: 'stop' | 'leave'): Promise<void>;
}

const loopback = '127.0.0.1';
const administrator: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const nodePortRange = [30_000, 32_767] as const;
const issuer = 'https://kubernetes.default.svc.cluster.local';

/** Resolves when the API answers; the rest comes up after that (`ready`). Rejects with Node's `EADDRINUSE` for a required port that is taken. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const cluster = new RunningCluster(options);
  try {
    await cluster.serve();
  } catch (error) {
    await cluster.stop('leave');
    throw error;
  }
  return cluster;
}

class RunningCluster implements Cluster {
  readonly #options: ClusterOptions;
  /** What was started, ended in reverse order. */
  readonly #parts = new DisposalStack();
  readonly #ending = new AbortController();
  #server: ApiServer | undefined;
  #nodes: Nodes | undefined;
  #infrastructure: Infrastructure | undefined;
  #started: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  url = '';
  port = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Brings up the API, and starts everything else without waiting for it. */
  async serve(): Promise<void> {
    const { runtime, progress } = this.#options;
    // The engine is asked while the API comes up; a refusal is told by `ready`.
    const infrastructure = runtime === 'docker' ? dockerInfrastructure({ ...this.#options, ending: this.#ending.signal }) : Promise.resolve(simulatedInfrastructure(this.#options));
    infrastructure.then((made) => void (this.#infrastructure = made)).catch(() => undefined);
    const store = await openStore(this.#options.database);
    this.#parts.defer(() => store.close());
    const server = await createApiServer(this.#serverOptions(store), { streams: createStreamHandlers });
    this.#server = server;
    this.#parts.defer(() => server.close());
    this.port = await listenOnLoopback(server, this.#options);
    this.url = `https://${loopback}:${this.port}`;
    progress('apiServer', `The API answers at ${this.url}`);
    this.#started = this.#start(server, infrastructure);
    this.#started.catch(() => undefined);
  }

  async #start(server: ApiServer, pending: Promise<Infrastructure>): Promise<void> {
    const { platform, progress, changed, nodes: names, droppedNodes } = this.#options;
    this.#run(startControllers(server, platform, this.#controllersOptions()));
    this.#run(startScheduler(server, platform));
    const infrastructure = await unlessAborted(pending, this.#ending.signal);
    progress('network', 'The pod network is there');
    const component = createComponent(server, platform, identities.host);
    this.#run(component);
    const nodes = new Nodes(component, await this.#nodeCreator(server, infrastructure), changed, this.#ending.signal);
    this.#nodes = nodes;
    await Promise.all([this.#serveNetwork(server, infrastructure, component), ...names.map((name) => nodes.start(name)), ...droppedNodes.map((name) => nodes.remove(name))]);
  }

  #controllersOptions(): ControllersOptions {
    const { platform, clusterCidr, credentials, nodesFolder } = this.#options;
    const localVolumes = { folder: join(nodesFolder, 'local-volumes'), remove: (path: string) => platform.disk.remove(path) };
    return { clusterCidr, reservedCidrs: [nodeRange(clusterCidr)], caCertificate: credentials.authority.certificate, signCertificate: (contents) => signLeaf(credentials.authority, contents), signLegacyToken: (subject) => signLegacyToken(credentials.serviceAccountKey, subject), localVolumes };
  }

  async #nodeCreator(server: ApiServer, infrastructure: Infrastructure): Promise<CreateNode> {
    const { platform, nodesFolder, serviceCidr } = this.#options;
    await platform.disk.makeFolder(nodesFolder);
    const storage = await storageOf(nodesFolder);
    // A node keeps its address, whichever others come and go.
    const indexOf = (name: string): number => Number(/\d+$/.exec(name)?.[0]) - 1;
    return nodeCreator(server, infrastructure, { platform, nodesFolder, storage, dnsIp: addressIn(serviceCidr, dnsIndex), indexOf });
  }

  /** What pods need of the host: the API, DNS and the rules of services. */
  async #serveNetwork(server: ApiServer, infrastructure: Infrastructure, { client }: Component): Promise<void> {
    const { gateway } = infrastructure;
    if (gateway === undefined) return;
    const [[apiPort = 0], dnsPort] = await Promise.all([server.listen([{ host: gateway, port: 0 }]), infrastructure.startDns(server)]);
    await publishSystemServices(client, addressIn(this.#options.serviceCidr, dnsIndex), { ip: gateway, apiPort, dnsPort });
    await infrastructure.startProxy(server);
    this.#options.progress('services', 'Services and DNS are in force');
  }

  #run(part: Disposable): void {
    this.#parts.defer(() => part.dispose());
  }

  #serverOptions(store: Store): ApiServerOptions {
    const { platform, credentials, serviceCidr } = this.#options;
    return {
      platform,
      store,
      nodes: { node: (name) => this.#nodes?.node(name) },
      hosted: metricsKinds(() => this.#nodes?.metricsSources()),
      serviceCidr,
      nodePortRange,
      credentials: {
        caCertificate: credentials.authority.certificate,
        caKey: credentials.authority.key,
        servingCertificate: credentials.serving.certificate,
        servingKey: credentials.serving.key,
        serviceAccountKey: credentials.serviceAccountKey,
        frontProxy: { caCertificate: credentials.frontProxy.authority.certificate, ...credentials.frontProxy.client },
      },
      audit: this.#options.audit,
      tokens: new Map([[credentials.token, administrator]]),
      issuer,
    };
  }

  async ready(): Promise<void> {
    await this.#started;
    await this.#running().ready();
  }

  nodes(): readonly NodeSummary[] {
    return this.#nodes?.summaries() ?? [];
  }

  addNode(name: string): Promise<NodeSummary> {
    return this.#running().startAndWait(name);
  }

  removeNode(name: string): Promise<void> {
    return this.#running().remove(name);
  }

  stopNode(name: string): Promise<NodeSummary> {
    return this.#running().stop(name, 'stop');
  }

  startNode(name: string): Promise<NodeSummary> {
    return this.#running().startAndWait(name);
  }

  images(): Promise<readonly string[]> {
    return this.#infrastructure?.images() ?? Promise.resolve([]);
  }

  onUpgrade(path: string, handler: UpgradeHandler): void {
    this.#server?.onUpgrade(path, handler);
  }

  stop(containers: 'stop' | 'leave'): Promise<void> {
    this.#stopped ??= this.#stop(containers);
    return this.#stopped;
  }

  /** What is still starting is stopped as well, and so ends. Whatever refuses to, storage and sockets are closed. */
  async #stop(containers: 'stop' | 'leave'): Promise<void> {
    this.#ending.abort();
    try {
      await this.#nodes?.stopAll(containers);
      await this.#infrastructure?.stop(containers);
      await this.#started.catch(() => undefined);
    } finally {
      await this.#parts.disposeAsync();
    }
  }

  #running(): Nodes {
    if (this.#nodes === undefined) throw new Error('the nodes have not started yet');
    return this.#nodes;
  }
}

/** What comes of the work, unless the signal comes first. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(new Error('the cluster is stopping')), { once: true });
  return Promise.race([work, aborted.promise]);
}

async function listenOnLoopback(server: ApiServer, { port, portRequired }: ClusterOptions): Promise<number> {
  const take = async (wanted: number): Promise<number> => (await server.listen([{ host: loopback, port: wanted }]))[0] ?? 0;
  try {
    return await take(port);
  } catch (error) {
    if (portRequired || (error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return take(0);
  }
}

/** Address ranges for a new cluster. Rejects where the engine does not answer or all of our ranges are taken. */
export async function freeAddressRanges(runtime: RuntimeName): Promise<AddressRanges> {
  if (runtime === 'simulated') return preferredRanges;
  using engine = openEngine();
  const free = chooseAddressRanges(await subnetsOf(engine));
  if (free === undefined) throw new Error('every address range that a cluster could take is in use by a network of the Docker Engine; remove one with "docker network rm"');
  return free;
}

export interface Remains {
  readonly id: string;
  readonly runtime: RuntimeName;
  /** Left out where it is not known: then a route of the host may stay. */
  readonly serviceCidr?: string;
}

/** Removes everything a stopped cluster left on the engine: containers, networks, volumes, and the rules of services on its host. */
export async function removeRemains({ id, runtime, serviceCidr }: Remains, log: Logger): Promise<void> {
  if (runtime === 'simulated') return;
  using engine = openEngine();
  await engine.version();
  try {
    await removeRules(engine, id, serviceCidr);
  } catch (error) {
    // Where rules cannot be taken back, none were ever made.
    log.warn('the rules of services could not be removed', { error });
  }
  await removeEverything(engine, id);
}

function openEngine(): Engine & { [Symbol.dispose](): void } {
  const engine = connectEngine();
  return Object.assign(engine, { [Symbol.dispose]: () => engine.dispose() });
}
