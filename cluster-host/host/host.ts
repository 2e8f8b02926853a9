/**
 * One running cluster host: a locked state directory, its credentials, the cluster, the control channel.
 *
 * Invariants: `host.json` exists exactly while the API answers; a failed start leaves nothing running and nothing locked; stopping twice is
 * one stop.
 */
import type { ControlTarget } from '../control/server.ts';
import { createControlServer } from '../control/server.ts';
import { CONTROL_PATH, PROTOCOL_VERSION, type HostFile, type HostPhase, type HostStatus, type ProgressStep  } from '../control-protocol.ts';
import { kubernetesVersion } from '../api/version.ts';
import { createCluster, removeRemains, type Cluster } from '../cluster.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { loadCredentials, type ClusterCredentials } from '../pki/credentials.ts';
import { writeKubeconfigs, type KubeconfigEntry } from './kubeconfig.ts';
import { openAuditFile, type AuditFile } from './audit-file.ts';
import { chooseSettings, type Wishes } from './choose-settings.ts';
import { clusterRequests } from './cluster-requests.ts';
import { Lifetime } from './lifetime.ts';
import { lockStateDirectory } from './lock.ts';
import { readSettings, writeSettings, type ClusterSettings } from './settings.ts';
import { servingHosts } from './serving-hosts.ts';
import { asStartError, StartError } from './start-error.ts';

export interface HostOptions extends Wishes {
  readonly platform: Platform;
  readonly version: string;
  /** A user's kubeconfig that gets the cluster's context. */
  readonly kubeconfig?: string;
  /** Where the audit log goes, and the text of its policy; left out: nobody writes one. */
  readonly audit?: { readonly file: string; readonly policy: string | undefined };
  /** Whether the host stays when its last window is gone. */
  readonly keep: boolean;
  progress(step: ProgressStep): void;
  /** Cancels the start. */
  readonly signal: AbortSignal;
}

/** A person may take a while to open the first window; a window that reloads is back in seconds. */
const firstGrace = 5 * 60_000;
const windowGrace = 20_000;
/** Milliseconds in which changes of the status are gathered. */
const tellingDelay = 100;

/** What happens to containers: a stopped cluster's are stopped, a restarted host's run on, those of a first start that failed are removed; `delete` removes the state too. */
export type StopMode = 'stopContainers' | 'leaveContainers' | 'removeContainers' | 'delete';

export interface Host {
  readonly file: HostFile;
  /** Resolves when every node is Ready; rejects with a StartError when that fails or is cancelled, and the host has stopped then. */
  ready(): Promise<void>;
  stop(mode: StopMode): Promise<void>;
  /** Resolves when the host has stopped, for whatever reason; rejects when something of it may be left on the engine. */
  readonly ended: Promise<void>;
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { platform, state } = options;
  const started = platform.clock.monotonic();
  const progress = (step: string, message: string): void => options.progress({ step, message, elapsed: Math.round(platform.clock.monotonic() - started) });
  let lock: Disposable | undefined;
  try {
    options.signal.throwIfAborted();
    await platform.disk.makeFolder(state.root);
    lock = await lockStateDirectory(state.lock);
    const kept = await readSettings(platform.disk, state);
    const settings = await chooseSettings(options, kept);
    // Before anything is made on the engine: by its settings it is found again.
    await writeSettings(platform.disk, state, settings);
    progress('credentials', 'Preparing certificates');
    const credentials = await loadCredentials(platform, state.pki, servingHosts(settings));
    return await new RunningHost(options, kept, settings, credentials, lock, progress).start();
  } catch (error) {
    lock?.dispose();
    throw options.signal.aborted ? new StartError('cancelled', 'the start was cancelled', undefined, { cause: error }) : asStartError(error);
  }
}

class RunningHost implements Host {
  readonly #options: HostOptions;
  /** What the cluster was before this start; undefined for a new one. */
  readonly #kept: ClusterSettings | undefined;
  readonly #credentials: ClusterCredentials;
  readonly #lock: Disposable;
  readonly #progress: (step: string, message: string) => void;
  readonly #control = createControlServer(this.#controlTarget());
  readonly #startedAt: string;
  readonly #ended = Promise.withResolvers<void>();
  #settings: ClusterSettings;
  #phase: HostPhase = 'starting';
  #cluster: Cluster | undefined;
  #file: HostFile | undefined;
  #auditFile: AuditFile | undefined;
  #lifetime: Lifetime | undefined;
  #telling: Disposable | undefined;

  constructor(options: HostOptions, kept: ClusterSettings | undefined, settings: ClusterSettings, credentials: ClusterCredentials, lock: Disposable, progress: (step: string, message: string) => void) {
    this.#options = options;
    this.#kept = kept;
    this.#settings = settings;
    this.#credentials = credentials;
    this.#lock = lock;
    this.#progress = (step, message) => {
      progress(step, message);
      this.#control.progress({ step, message, elapsed: 0 });
    };
    this.#startedAt = new Date(options.platform.clock.now()).toISOString();
  }

  async start(): Promise<Host> {
    try {
      await this.#serve();
    } catch (error) {
      await this.#abandon();
      throw error;
    }
    const { platform, keep } = this.#options;
    this.#lifetime = new Lifetime({ clock: platform.clock, keep, firstGrace, grace: windowGrace, end: () => void this.stop('stopContainers').catch(() => undefined) });
    this.#phase = 'running';
    return this;
  }

  /** Brings up the API, and tells others where it is. */
  async #serve(): Promise<void> {
    const { platform, state, name, audit } = this.#options;
    this.#auditFile = audit === undefined ? undefined : await openAuditFile(audit.file);
    const cluster = await createCluster({
      platform,
      id: this.#settings.id,
      runtime: this.#settings.runtime,
      clusterCidr: this.#settings.clusterCidr,
      serviceCidr: this.#settings.serviceCidr,
      nodes: this.#settings.nodes,
      droppedNodes: (this.#kept?.nodes ?? []).filter((node) => !this.#settings.nodes.includes(node)),
      port: this.#settings.port,
      portRequired: this.#options.port !== undefined,
      credentials: this.#credentials,
      audit: this.#auditFile && { policy: audit?.policy, write: (line) => this.#auditFile?.write(line) },
      database: state.database,
      nodesFolder: state.nodes,
      progress: this.#progress,
      changed: () => this.#changed(),
    });
    this.#cluster = cluster;
    cluster.onUpgrade(CONTROL_PATH, this.#control.upgrade);
    this.#settings = { ...this.#settings, port: cluster.port };
    await writeSettings(platform.disk, state, this.#settings);
    await writeKubeconfigs(platform.disk, this.#kubeconfigEntry(cluster), state.kubeconfig, this.#options.kubeconfig);
    this.#file = {
      protocolVersion: PROTOCOL_VERSION,
      version: this.#options.version,
      pid: process.pid,
      name,
      url: cluster.url,
      kubeconfig: state.kubeconfig,
      ca: this.#credentials.authority.certificate,
      token: this.#credentials.token,
      runtime: this.#settings.runtime,
      startedAt: this.#startedAt,
    };
    await platform.disk.write(state.hostFile, `${JSON.stringify(this.#file, null, 2)}\n`);
  }

  /** Ends a start that failed; of a new cluster nothing stays on the engine. What goes wrong with that is logged: why the start failed matters more. */
  async #abandon(): Promise<void> {
    await this.stop(this.#kept === undefined ? 'removeContainers' : 'stopContainers').catch(() => undefined);
  }

  get file(): HostFile {
    if (this.#file === undefined) throw new Error('the host has not started');
    return this.#file;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async ready(): Promise<void> {
    const { signal } = this.#options;
    const cancelled = Promise.withResolvers<never>();
    const cancel = (): void => cancelled.reject(new StartError('cancelled', 'the start was cancelled'));
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    try {
      await Promise.race([this.#cluster?.ready(), cancelled.promise]);
    } catch (error) {
      await this.#abandon();
      throw asStartError(error);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    this.#progress('ready', 'Every node is Ready');
  }

  stop(mode: StopMode): Promise<void> {
    if (this.#phase !== 'stopping') void this.#stop(mode).then(this.#ended.resolve, this.#ended.reject);
    return this.#ended.promise;
  }

  async #stop(mode: StopMode): Promise<void> {
    const { platform, state } = this.#options;
    this.#phase = 'stopping';
    this.#telling?.dispose();
    this.#control.statusChanged();
    this.#progress('stopping', mode === 'leaveContainers' ? 'Stopping the control plane' : 'Stopping pods and the control plane');
    try {
      await this.#cluster?.stop(mode === 'stopContainers' ? 'stop' : 'leave');
      if (mode === 'delete' || mode === 'removeContainers') {
        this.#progress('deleting', mode === 'delete' ? 'Deleting containers, networks, volumes and state' : 'Removing what was made');
        await removeRemains(this.#settings, platform.log);
      }
    } catch (error) {
      platform.log.error('stopping the cluster failed', { error });
      throw error;
    } finally {
      this.#control.close();
      await this.#auditFile?.close();
      await platform.disk.remove(state.hostFile);
      this.#lock.dispose();
      if (mode === 'delete') await platform.disk.remove(state.root);
    }
  }

  #kubeconfigEntry({ url }: Cluster): KubeconfigEntry {
    const { authority, administrator } = this.#credentials;
    return { name: this.#options.name, server: url, ca: authority.certificate, clientCertificate: administrator.certificate, clientKey: administrator.key };
  }

  #status(): HostStatus {
    return {
      name: this.#options.name,
      phase: this.#phase,
      url: this.#cluster?.url ?? '',
      kubeconfig: this.#options.state.kubeconfig,
      runtime: this.#settings.runtime,
      version: this.#options.version,
      kubernetesVersion: kubernetesVersion.gitVersion,
      nodes: this.#cluster?.nodes() ?? [],
      startedAt: this.#startedAt,
      windows: this.#control.windows,
      keep: this.#lifetime?.keep ?? this.#options.keep,
      memory: process.memoryUsage.rss(),
    };
  }

  /** Tells every client; what changes at once is told once. */
  #changed(): void {
    // The cluster has nothing to tell any more once it stops.
    if (this.#telling !== undefined || this.#phase === 'stopping') return;
    this.#telling = this.#options.platform.clock.after(tellingDelay, () => {
      this.#telling = undefined;
      this.#control.statusChanged();
    });
  }

  #controlTarget(): ControlTarget {
    return {
      status: () => this.#status(),
      windowsChanged: (count) => {
        this.#lifetime?.setWindows(count);
        this.#changed();
      },
      requests: {
        'host/status': () => Promise.resolve(this.#status()),
        'host/keep': ({ keep }) => {
          this.#lifetime?.setKeep(keep);
          this.#changed();
          return Promise.resolve(this.#status());
        },
        'host/stop': ({ delete: remove }) => {
          // Answer first: the socket goes with the host.
          this.#options.platform.clock.after(0, () => void this.stop(remove ? 'delete' : 'stopContainers').catch(() => undefined));
          return Promise.resolve({});
        },
        ...clusterRequests({ cluster: () => this.#cluster, nodes: () => this.#settings.nodes, keepNodes: (nodes) => this.#keepNodes(nodes) }),
      },
    };
  }

  async #keepNodes(nodes: readonly string[]): Promise<void> {
    this.#settings = { ...this.#settings, nodes };
    await writeSettings(this.#options.platform.disk, this.#options.state, this.#settings);
  }
}
