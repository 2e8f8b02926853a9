/**
 * Runs pods on a Docker Engine: a pause container holds a pod's address and namespaces, the pod's containers join it.
 *
 * Invariant: whatever must outlive the host is in names and labels on the engine; what is remembered here only saves calls.
 */
import type { Clock, Disposable } from '../../../platform/platform.ts';
import type { ByteSink, ByteSource } from '../../../platform/streams.ts';
import type { Engine } from '../../../engine/engine.ts';
import { isEngineError } from '../../../engine/errors.ts';
import { watchEvents } from '../../../engine/events.ts';
import { Limiter } from '../../../engine/limiter.ts';
import {
  type Container,
  type ContainerChange,
  type ContainerConfig,
  type ContainerResources,
  type ContainerRuntime,
  type ContainerStats,
  type RegistryAuth,
  RuntimeError,
  type RuntimeErrorCode,
  type RuntimeInfo,
  type Sandbox,
  type SandboxConfig,
} from '../runtime.ts';
import type { LogOptions, ProcessStreams } from '../streaming.ts';
import * as images from './images.ts';
import { type InspectedContainer, type InspectedSandbox, madeSandbox, readContainer, readSandbox } from './inspection.ts';
import { Inspections } from './inspections.ts';
import { containerName, labelFilter, labels, podOf, sandboxName } from './labels.ts';
import { OomScores } from './oom-scores.ts';
import { ensurePauseImage } from './pause/image.ts';
import { logText, pump } from './process-streams.ts';
import { containerSpec, resourcesSpec, sandboxSpec } from './specs.ts';
import { readStats } from './stats.ts';

export interface DockerRuntimeOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly cluster: string;
  /** Name of the cluster's network, which must be there before the first sandbox. */
  readonly network: string;
}

/** More containers at once only make each slower: creating and starting is bound by locks inside the engine. */
const startsAtOnce = 8;

/** Older engines lose count of a network's endpoints when many pods end at once. */
const endsAtOnce = 4;

interface Listed {
  readonly Id: string;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}

interface Filter {
  readonly node?: string;
  readonly podUid?: string;
}

export class DockerRuntime implements ContainerRuntime {
  readonly #options: DockerRuntimeOptions;
  readonly #engine: Engine;
  readonly #starts = new Limiter(startsAtOnce);
  readonly #ends = new Limiter(endsAtOnce);
  readonly #oomScores: OomScores;
  readonly #containers: Inspections<InspectedContainer>;
  readonly #sandboxes: Inspections<InspectedSandbox>;
  #pauseImage: Promise<string> | undefined;
  /** The engine's own folder, known once it was asked about itself. */
  #root = '';

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    this.#engine = options.engine;
    this.#containers = new Inspections((id) => this.#inspect(id), readContainer);
    this.#sandboxes = new Inspections((id) => this.#inspect(id), readSandbox);
    this.#oomScores = new OomScores(options.engine, options.cluster, () => this.#pause());
  }

  async info(): Promise<RuntimeInfo> {
    const info = await this.#engine.call('GET', '/info');
    this.#root = info.DockerRootDir ?? '';
    return {
      name: 'docker',
      version: (await this.#engine.version()).version,
      operatingSystem: info.OSType,
      osImage: info.OperatingSystem,
      architecture: architectureOf(info.Architecture),
      kernelVersion: info.KernelVersion,
      cpus: info.NCPU,
      memory: info.MemTotal,
    };
  }

  imageStatus(reference: string) {
    return images.imageStatus(this.#engine, reference);
  }

  listImages() {
    return images.listImages(this.#engine);
  }

  pullImage(reference: string, auth: RegistryAuth | undefined, signal: AbortSignal) {
    return images.pullImage(this.#engine, reference, auth, signal);
  }

  async runSandbox(config: SandboxConfig): Promise<Sandbox> {
    await this.#checkHandler(config.handler);
    const pauseImage = await this.#pause();
    const { cluster, network } = this.#options;
    const body = sandboxSpec(config, { cluster, network, pauseImage });
    return this.#starts.run(async () => {
      const id = await this.#create(sandboxName(config), body);
      await this.#start(id);
      const made = madeSandbox(id, config, cluster, this.#options.clock.now());
      this.#sandboxes.keep(id, made);
      return made.sandbox;
    });
  }

  async stopSandbox(id: string): Promise<void> {
    const filters = labelFilter(this.#options.cluster, { sandboxId: id });
    const members = await this.#engine.call<Listed[]>('GET', '/containers/json', { query: { filters } });
    await Promise.all(members.map((member) => this.#kill(member.Id)));
    await this.#ends.run(() => this.#kill(id));
  }

  async removeSandbox(id: string): Promise<void> {
    const inspected = this.#sandboxes.kept(id) ?? (await this.#sandboxes.ask(id));
    await this.#remove(`/containers/${id}`);
    await Promise.all((inspected?.volumes ?? []).map((volume) => this.#remove(`/volumes/${volume}`)));
    this.#sandboxes.forget(id);
  }

  async listSandboxes(filter: Filter = {}): Promise<readonly Sandbox[]> {
    return this.#sandboxesOf(await this.#list({ ...filter, type: 'podsandbox' }));
  }

  async createContainer(config: ContainerConfig): Promise<string> {
    const oomScoreAdjust = await this.#oomScores.allowed(config.resources.oomScoreAdjust ?? 0);
    const body = containerSpec(this.#options.cluster, { ...config, resources: { ...config.resources, oomScoreAdjust } }, this.#root);
    return this.#starts.run(() => this.#create(containerName(config), body));
  }

  startContainer(id: string): Promise<void> {
    return this.#starts.run(() => this.#start(id));
  }

  async updateContainer(id: string, resources: ContainerResources): Promise<void> {
    await translated('Unsupported', this.#engine.call('POST', `/containers/${id}/update`, { body: resourcesSpec(resources) }));
  }

  async stopContainer(id: string, graceSeconds: number): Promise<void> {
    await ignoring(['NotFound'], this.#engine.call('POST', `/containers/${id}/stop`, { query: { t: Math.max(0, Math.ceil(graceSeconds)) } }));
  }

  async removeContainer(id: string): Promise<void> {
    await this.#remove(`/containers/${id}`);
    this.#containers.forget(id);
  }

  async listContainers(filter: Filter = {}): Promise<readonly Container[]> {
    return this.#containersOf(await this.#list({ ...filter, type: 'container' }));
  }

  async listAll(filter: Filter = {}) {
    const listed = await this.#list(filter);
    const of = (type: 'podsandbox' | 'container') => listed.filter(({ Labels }) => Labels[labels.type] === type);
    const [sandboxes, containers] = await Promise.all([this.#sandboxesOf(of('podsandbox')), this.#containersOf(of('container'))]);
    return { sandboxes, containers };
  }

  async logs(id: string, options: LogOptions, signal: AbortSignal): Promise<ByteSource> {
    const { tty } = await this.#required(id);
    const query = {
      stdout: options.stream !== 'Stderr',
      stderr: options.stream !== 'Stdout',
      follow: options.follow === true,
      timestamps: options.timestamps === true,
      tail: options.tailLines ?? 'all',
      since: options.since === undefined ? undefined : (options.since / 1000).toFixed(3),
    };
    return logText(await translated('Unavailable', this.#engine.stream('GET', `/containers/${id}/logs`, { query, signal })), tty, options);
  }

  async exec(id: string, command: readonly string[], streams: ProcessStreams, signal: AbortSignal): Promise<number> {
    const body = { Cmd: command, Tty: streams.tty, AttachStdin: streams.stdin !== undefined, AttachStdout: streams.stdout !== undefined, AttachStderr: streams.stderr !== undefined };
    const { Id } = await translated('Unavailable', this.#engine.call<{ Id: string }>('POST', `/containers/${id}/exec`, { body }));
    const socket = await translated('Unavailable', this.#engine.hijack(`/exec/${Id}/start`, { body: { Detach: false, Tty: streams.tty } }));
    void this.#resize(`/exec/${Id}/resize`, streams);
    await pump(socket, streams, signal);
    const { ExitCode } = await this.#engine.call<{ ExitCode: number | null }>('GET', `/exec/${Id}/json`);
    return ExitCode ?? 137;
  }

  async attach(id: string, streams: ProcessStreams, signal: AbortSignal): Promise<void> {
    const { tty } = await this.#required(id);
    const query = { stream: true, stdin: streams.stdin !== undefined, stdout: streams.stdout !== undefined, stderr: streams.stderr !== undefined };
    const socket = await translated('Unavailable', this.#engine.hijack(`/containers/${id}/attach`, { query }));
    // The engine lets one wait for the next start of a container that is not running: for a client of Kubernetes it is gone.
    const { State } = await translated('Unavailable', this.#engine.call('GET', `/containers/${id}/json`));
    if (State.Running !== true) {
      socket.destroy();
      throw new RuntimeError('NotFound', `container ${id} is not running`);
    }
    void this.#resize(`/containers/${id}/resize`, streams);
    await pump(socket, { ...streams, tty }, signal);
  }

  async portForward(sandboxId: string, port: number, input: ByteSource, output: ByteSink, signal: AbortSignal): Promise<void> {
    const code = await this.exec(sandboxId, ['/relay', String(port)], { stdin: input, stdout: output, tty: false }, signal);
    if (code === 0 || signal.aborted) return;
    const reason = code === connectionRefused ? 'connection refused' : `error ${code}`;
    throw new RuntimeError('Unavailable', `failed to connect to localhost:${port} inside namespace "${sandboxId}", IPv4: dial tcp4 127.0.0.1:${port}: connect: ${reason}`);
  }

  async stats(ids: readonly string[]): Promise<readonly ContainerStats[]> {
    const read = async (id: string): Promise<ContainerStats | undefined> => {
      const stats = await ignoring(['NotFound', 'Conflict'], this.#engine.call('GET', `/containers/${id}/stats`, { query: { stream: false, 'one-shot': true } }));
      return readStats(id, this.#options.clock.now(), stats);
    };
    return (await Promise.all(ids.map(read))).filter((stats) => stats !== undefined);
  }

  async clearFolder(path: string): Promise<void> {
    const HostConfig = { NetworkMode: 'none', Mounts: [{ Type: 'bind', Source: path, Target: '/folder' }] };
    const body = { Image: await this.#pause(), Entrypoint: ['/clear', '/folder'], Labels: { [labels.cluster]: this.#options.cluster }, HostConfig };
    const { Id } = await translated('CreateFailed', this.#engine.call<{ Id: string }>('POST', '/containers/create', { body }));
    try {
      await this.#start(Id);
      const { StatusCode } = await this.#engine.call<{ StatusCode: number }>('POST', `/containers/${Id}/wait`);
      if (StatusCode !== 0) throw new RuntimeError('Unavailable', `the folder ${path} could not be emptied`);
    } finally {
      await this.#remove(`/containers/${Id}`);
    }
  }

  watch(listener: { changed(change: ContainerChange): void; lost(): void; connected(): void }): Disposable {
    const filters = { type: ['container'], label: [`${labels.cluster}=${this.#options.cluster}`], event: ['die', 'destroy'] };
    return watchEvents(this.#engine, this.#options.clock, filters, {
      event: ({ id, attributes }) => {
        // The engine's lists lag behind its events; an inspection does not.
        this.#forget(id);
        listener.changed({ pod: podOf(attributes), node: attributes[labels.node] ?? '' });
      },
      connected: () => listener.connected(),
      lost: () => listener.lost(),
    });
  }

  async #checkHandler(handler: string): Promise<void> {
    if (handler === '') return;
    const { Runtimes } = await this.#engine.call('GET', '/info');
    if (!Object.hasOwn(Runtimes ?? {}, handler)) throw new RuntimeError('CreateFailed', `rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "${handler}" is configured`);
  }

  #pause(): Promise<string> {
    this.#pauseImage ??= this.#makePauseImage().catch((error: unknown) => {
      this.#pauseImage = undefined;
      throw error;
    });
    return this.#pauseImage;
  }

  async #makePauseImage(): Promise<string> {
    const { architecture } = await this.info();
    return ensurePauseImage(this.#engine, architecture);
  }

  #list(wanted: Parameters<typeof labelFilter>[1]): Promise<Listed[]> {
    return translated('Unavailable', this.#engine.call<Listed[]>('GET', '/containers/json', { query: { all: true, filters: labelFilter(this.#options.cluster, wanted) } }));
  }

  async #create(name: string, body: object): Promise<string> {
    const create = () => this.#engine.call<{ Id: string }>('POST', '/containers/create', { query: { name }, body });
    try {
      return (await create()).Id;
    } catch (error) {
      if (!isEngineError(error, 'Conflict')) throw runtimeError('CreateFailed', error);
    }
    // Left over from an attempt that broke off; one that runs is refused by the engine and stays.
    await translated('CreateFailed', this.#engine.call('DELETE', `/containers/${name}`, { query: { v: true } }));
    return (await translated('CreateFailed', create())).Id;
  }

  async #start(id: string): Promise<void> {
    await translated('StartFailed', this.#engine.call('POST', `/containers/${id}/start`));
  }

  async #kill(id: string): Promise<void> {
    await ignoring(['NotFound', 'Conflict'], this.#engine.call('POST', `/containers/${id}/kill`));
  }

  async #remove(path: string): Promise<void> {
    const query = path.startsWith('/containers/') ? { force: true, v: true } : {};
    await ignoring(['NotFound', 'Conflict'], this.#engine.call('DELETE', path, { query }));
  }

  async #sandboxesOf(listed: readonly Listed[]): Promise<readonly Sandbox[]> {
    const found = await Promise.all(listed.map(({ Id, State }) => this.#knownSandbox(Id, State === 'running')));
    return found.flatMap((inspected) => (inspected === undefined ? [] : [inspected.sandbox]));
  }

  async #containersOf(listed: readonly Listed[]): Promise<readonly Container[]> {
    const found = await Promise.all(listed.map(({ Id, State }) => this.#knownContainer(Id, State)));
    return found.flatMap((inspected) => (inspected === undefined ? [] : [inspected.container]));
  }

  async #knownSandbox(id: string, running: boolean): Promise<InspectedSandbox | undefined> {
    const known = this.#sandboxes.kept(id);
    return known !== undefined && (known.sandbox.state === 'ready') === running ? known : this.#sandboxes.ask(id);
  }

  async #knownContainer(id: string, state: string): Promise<InspectedContainer | undefined> {
    const known = this.#containers.kept(id);
    return known !== undefined && known.container.state === state && state !== 'created' ? known : this.#containers.ask(id);
  }

  #inspect(id: string): Promise<any> {
    return ignoring(['NotFound'], this.#engine.call('GET', `/containers/${id}/json`));
  }

  async #required(id: string): Promise<InspectedContainer> {
    const known = this.#containers.kept(id) ?? (await this.#containers.ask(id));
    if (known === undefined) throw new RuntimeError('NotFound', `No such container: ${id}`);
    return known;
  }

  #forget(id: string): void {
    this.#containers.forget(id);
    this.#sandboxes.forget(id);
  }

  async #resize(path: string, { resize }: ProcessStreams): Promise<void> {
    if (resize === undefined) return;
    for await (const { columns, rows } of resize) {
      // A process that has just ended has no terminal any more.
      await ignoring(['NotFound', 'Conflict', 'Refused'], this.#engine.call('POST', path, { query: { w: columns, h: rows } }));
    }
  }
}

/** ECONNREFUSED, the relay's exit code when nothing listens. */
const connectionRefused = 111;

function architectureOf(machine: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64' }[machine] ?? machine;
}

function runtimeError(code: RuntimeErrorCode, error: unknown): RuntimeError {
  const broken = isEngineError(error, 'Lost') || isEngineError(error, 'Missing') || isEngineError(error, 'Forbidden');
  const message = broken ? (error as Error).message : `Error response from daemon: ${(error as Error).message}`;
  return new RuntimeError(broken ? 'Unavailable' : isEngineError(error, 'NotFound') ? 'NotFound' : code, message, { cause: error });
}

async function translated<T>(code: RuntimeErrorCode, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw runtimeError(code, error);
  }
}

/** Undefined where the engine refused with one of the codes. */
async function ignoring<T>(codes: readonly ('NotFound' | 'Conflict' | 'Refused')[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codes.some((code) => isEngineError(error, code))) return undefined;
    throw runtimeError('Unavailable', error);
  }
}
