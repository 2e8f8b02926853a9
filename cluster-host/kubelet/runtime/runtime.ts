/**
 * Contract between the kubelet and whatever runs containers (the role of Kubernetes' Container Runtime Interface).
 *
 * Guarantees of every runtime, held by `runtime-suite.ts`:
 * - Everything it made can be found again by `list…` after a restart of the host, from the labels it set; it keeps no state of
 *   its own that cannot be lost.
 * - Stop and remove are idempotent; removing what is not there succeeds.
 * - Changes of containers arrive at `watch` listeners without polling.
 */
import type { Disposable } from '../../platform/platform.ts';
import type { ByteSink, ByteSource } from '../../platform/streams.ts';
import type { LogOptions, ProcessStreams } from './streaming.ts';

export interface RuntimeInfo {
  /** `docker`, `simulated`. */
  readonly name: string;
  readonly version: string;
  readonly operatingSystem: string;
  readonly osImage: string;
  readonly architecture: string;
  readonly kernelVersion: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}

export interface PodIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

export interface SandboxConfig {
  readonly pod: PodIdentity;
  readonly node: string;
  /** Grows each time the pod's sandbox is made anew. */
  readonly attempt: number;
  readonly hostname: string;
  /** How its containers are run, as a RuntimeClass names it; empty for the runtime's own way. */
  readonly handler: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly network: { readonly mode: 'pod'; readonly ip: string } | { readonly mode: 'node' };
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  /** File systems in memory that the pod's containers share; they live as long as the sandbox. */
  readonly memoryVolumes: readonly MemoryVolume[];
}

export interface MemoryVolume {
  readonly name: string;
  /** Bytes; left out: the engine's own limit. */
  readonly sizeLimit?: number;
  /** Group that owns it. */
  readonly group?: number;
}

export type SandboxState = 'ready' | 'notReady';

export interface Sandbox {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly node: string;
  readonly attempt: number;
  readonly state: SandboxState;
  readonly ip: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Mount {
  readonly containerPath: string;
  /** An absolute path on the engine's machine, or the name of one of the sandbox's memory volumes. */
  readonly source: { readonly hostPath: string } | { readonly memoryVolume: string };
  readonly readOnly: boolean;
  readonly propagation: 'None' | 'HostToContainer' | 'Bidirectional';
}

export interface ContainerConfig {
  readonly pod: PodIdentity;
  readonly node: string;
  readonly sandboxId: string;
  readonly name: string;
  /** Restart count of this container in its pod. */
  readonly attempt: number;
  /** An image id or reference that `imageStatus` knows. */
  readonly image: string;
  /** Entry point; left out: the image's. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** Whose processes it sees: its own, all of its pod's, all of the node's, those of another container by its id. */
  readonly processNamespace: 'container' | 'pod' | 'node' | { readonly of: string };
  /** `SIGUSR1`; left out: the image's, or TERM. */
  readonly stopSignal?: string;
  /** The same as of the sandbox. */
  readonly handler: string;
  readonly hostIpc: boolean;
  readonly resources: ContainerResources;
  readonly security: ContainerSecurity;
}

export interface ContainerResources {
  /** Relative weight, 2 or more. */
  readonly cpuShares?: number;
  /** Microseconds of CPU a period of 100,000. */
  readonly cpuQuota?: number;
  /** Bytes. */
  readonly memoryLimit?: number;
  /** Bytes that it is expected to use; binds nobody. */
  readonly memoryRequest?: number;
  readonly oomScoreAdjust?: number;
}

export interface ContainerSecurity {
  /** `uid`, `uid:gid`, or a name. */
  readonly user?: string;
  readonly supplementalGroups: readonly number[];
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly noNewPrivileges: boolean;
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  /** Default: as the engine does it. */
  readonly seccompProfile?: 'RuntimeDefault' | 'Unconfined' | { readonly json: string };
}

export type ContainerState = 'created' | 'running' | 'exited' | 'unknown';

export interface Container {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly node: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly image: string;
  readonly imageId: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly exitCode?: number;
  /** Number of the signal that ended it, where known. */
  readonly signal?: number;
  /** `Completed`, `Error`, `OOMKilled`, `ContainerCannotRun`. */
  readonly reason?: string;
  readonly message?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Image {
  /** `sha256:…`. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly size: number;
  /** From the image's configuration: numeric uid or name. */
  readonly user: string;
}

/** What a container, or a pod's sandbox, has used since it started. */
export interface ContainerStats {
  readonly containerId: string;
  /** Milliseconds since the epoch at which it was measured. */
  readonly time: number;
  readonly cpuNanoseconds: number;
  /** Bytes, with caches. */
  readonly memoryUsage: number;
  /** Bytes that cannot be taken back without harm. */
  readonly workingSet: number;
  /** Bytes of anonymous memory. */
  readonly rss: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
  /** Of a sandbox with a network of its own. */
  readonly network?: NetworkStats;
}

export interface NetworkStats {
  readonly receivedBytes: number;
  readonly receiveErrors: number;
  readonly sentBytes: number;
  readonly sendErrors: number;
}

/** The closed set of refusals; the kubelet makes Kubernetes' reasons of them. */
export type RuntimeErrorCode = 'ImageNotFound' | 'ImagePullFailed' | 'InvalidImageName' | 'NotFound' | 'CreateFailed' | 'StartFailed' | 'Unavailable' | 'Unsupported';

export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RuntimeError';
    this.code = code;
  }
}

export interface ContainerChange {
  readonly pod: PodIdentity;
  readonly node: string;
}

export interface ContainerRuntime {
  info(): Promise<RuntimeInfo>;

  imageStatus(reference: string): Promise<Image | undefined>;
  listImages(): Promise<readonly Image[]>;
  pullImage(reference: string, auth: RegistryAuth | undefined, signal: AbortSignal): Promise<Image>;

  /** Makes and starts the pod's pause container. */
  runSandbox(config: SandboxConfig): Promise<Sandbox>;
  /** Ends every container of the sandbox, and it. */
  stopSandbox(id: string): Promise<void>;
  removeSandbox(id: string): Promise<void>;
  listSandboxes(filter?: { readonly node?: string; readonly podUid?: string }): Promise<readonly Sandbox[]>;

  createContainer(config: ContainerConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Gives a running container other CPU shares, CPU quota and memory limit; what is left out stays. */
  updateContainer(id: string, resources: ContainerResources): Promise<void>;
  /** TERM (or the image's stop signal), then KILL after so many seconds. */
  stopContainer(id: string, graceSeconds: number): Promise<void>;
  removeContainer(id: string): Promise<void>;
  listContainers(filter?: { readonly node?: string; readonly podUid?: string }): Promise<readonly Container[]>;
  /** Both at once. */
  listAll(filter?: { readonly node?: string; readonly podUid?: string }): Promise<{ readonly sandboxes: readonly Sandbox[]; readonly containers: readonly Container[] }>;

  logs(id: string, options: LogOptions, signal: AbortSignal): Promise<ByteSource>;
  exec(id: string, command: readonly string[], streams: ProcessStreams, signal: AbortSignal): Promise<number>;
  attach(id: string, streams: ProcessStreams, signal: AbortSignal): Promise<void>;
  portForward(sandboxId: string, port: number, input: ByteSource, output: ByteSink, signal: AbortSignal): Promise<void>;
  /** Of containers and sandboxes that run, measured now; those that do not run are left out. */
  stats(ids: readonly string[]): Promise<readonly ContainerStats[]>;

  /** Empties a folder of the engine's machine with the engine's rights: containers leave files that the host's user may not remove. */
  clearFolder(path: string): Promise<void>;

  /**
   * Tells of each sandbox or container of this cluster that ended or was removed, by whomever; what starts was started by the
   * caller. `lost` when the engine is gone, `connected` when it is back: changes may have been missed.
   */
  watch(listener: { changed(change: ContainerChange): void; lost(): void; connected(): void }): Disposable;
}

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  readonly server: string;
}
