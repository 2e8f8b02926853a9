/**
 * Runs pods in a model: nothing is executed, time is the clock's. A node that uses it says so (`simulated://…`).
 *
 * A container runs for ever unless its pod's annotations say otherwise, each with the container's name as prefix
 * (`main.simulation.kubicle.dev/…`): `exit-after` (milliseconds), `exit-code`, `output`, `fail-to-start` (the message), `cpu` and
 * `memory` (what it uses: `250m`, `64Mi`).
 * Images whose registry ends in the reserved top-level domains `.invalid` and `.example` (RFC 2606) do not exist.
 */
import type { Clock, Disposable } from '../../../platform/platform.ts';
import type { ByteSink, ByteSource } from '../../../platform/streams.ts';
import {
  type Container,
  type ContainerChange,
  type ContainerConfig,
  type ContainerResources,
  type ContainerRuntime,
  type ContainerStats,
  type Image,
  RuntimeError,
  type RuntimeInfo,
  type Sandbox,
  type SandboxConfig,
} from '../runtime.ts';
import type { LogOptions, ProcessStreams } from '../streaming.ts';
import { modelledStats } from './usage-model.ts';

export interface SimulatedRuntimeOptions {
  readonly clock: Clock;
  readonly cpus?: number;
  readonly memory?: number;
  /** Milliseconds that a pull and a start take; default 0. */
  readonly pullTime?: number;
  readonly startTime?: number;
}

interface SimulatedContainer {
  container: Container;
  readonly config: ContainerConfig;
  resources: ContainerResources;
  readonly output: { readonly at: number; readonly text: string }[];
  timer: Disposable | undefined;
}

type Listener = Parameters<ContainerRuntime['watch']>[0];

const killedExitCode = 137;
const terminatedExitCode = 143;

export class SimulatedRuntime implements ContainerRuntime {
  readonly #options: SimulatedRuntimeOptions;
  readonly #clock: Clock;
  readonly #images = new Map<string, Image>();
  readonly #sandboxes = new Map<string, { sandbox: Sandbox; readonly annotations: Readonly<Record<string, string>> }>();
  readonly #containers = new Map<string, SimulatedContainer>();
  readonly #listeners = new Set<Listener>();
  #made = 0;

  constructor(options: SimulatedRuntimeOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  info(): Promise<RuntimeInfo> {
    return Promise.resolve({
      name: 'simulated',
      version: '1.0.0',
      operatingSystem: 'linux',
      osImage: 'Simulated',
      architecture: 'amd64',
      kernelVersion: '0.0.0-simulated',
      cpus: this.#options.cpus ?? 8,
      memory: this.#options.memory ?? 16 * 1024 ** 3,
    });
  }

  imageStatus(reference: string): Promise<Image | undefined> {
    return Promise.resolve([...this.#images.values()].find(({ id, tags }) => id === reference || tags.includes(reference)));
  }

  listImages(): Promise<readonly Image[]> {
    return Promise.resolve([...this.#images.values()]);
  }

  async pullImage(reference: string): Promise<Image> {
    await this.#pass(this.#options.pullTime);
    if (/^[^/]*\.(?:invalid|example)(?::\d+)?\//.test(reference)) throw new RuntimeError('ImageNotFound', `no such image: ${reference}`);
    const known = await this.imageStatus(reference);
    if (known !== undefined) return known;
    const image: Image = { id: `sha256:${this.#id()}`, tags: [reference], digests: [], size: 0, user: '' };
    this.#images.set(image.id, image);
    return image;
  }

  async runSandbox(config: SandboxConfig): Promise<Sandbox> {
    if (config.handler !== '') throw new RuntimeError('CreateFailed', `rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "${config.handler}" is configured`);
    await this.#pass(this.#options.startTime);
    const sandbox: Sandbox = {
      id: this.#id(),
      pod: config.pod,
      node: config.node,
      attempt: config.attempt,
      state: 'ready',
      ip: config.network.mode === 'pod' ? config.network.ip : undefined,
      createdAt: this.#clock.now(),
      labels: config.labels,
    };
    this.#sandboxes.set(sandbox.id, { sandbox, annotations: config.annotations });
    this.#changed(sandbox);
    return sandbox;
  }

  stopSandbox(id: string): Promise<void> {
    const entry = this.#sandboxes.get(id);
    if (entry === undefined) return Promise.resolve();
    for (const [containerId, { container }] of this.#containers) if (container.sandboxId === id) this.#end(containerId, killedExitCode);
    entry.sandbox = { ...entry.sandbox, state: 'notReady' };
    this.#changed(entry.sandbox);
    return Promise.resolve();
  }

  removeSandbox(id: string): Promise<void> {
    const entry = this.#sandboxes.get(id);
    this.#sandboxes.delete(id);
    if (entry !== undefined) this.#changed(entry.sandbox);
    return Promise.resolve();
  }

  listSandboxes(filter: { readonly node?: string; readonly podUid?: string } = {}): Promise<readonly Sandbox[]> {
    return Promise.resolve([...this.#sandboxes.values()].map(({ sandbox }) => sandbox).filter((sandbox) => matches(sandbox, filter)));
  }

  createContainer(config: ContainerConfig): Promise<string> {
    const id = this.#id();
    const { pod, node, sandboxId, name, attempt, image } = config;
    // As on Docker, which knows no annotations.
    const labels = { ...config.labels, ...Object.fromEntries(Object.entries(config.annotations).map(([key, value]) => [`annotation.${key}`, value])) };
    const container: Container = { id, pod, node, sandboxId, name, attempt, state: 'created', image, imageId: image, createdAt: this.#clock.now(), labels };
    this.#containers.set(id, { container, config, resources: config.resources, output: [], timer: undefined });
    return Promise.resolve(id);
  }

  updateContainer(id: string, resources: ContainerResources): Promise<void> {
    const entry = this.#required(id);
    entry.resources = { ...entry.resources, ...resources };
    return Promise.resolve();
  }

  async startContainer(id: string): Promise<void> {
    await this.#pass(this.#options.startTime);
    const entry = this.#required(id);
    const now = this.#clock.now();
    const failure = this.#told(entry, 'fail-to-start');
    if (failure !== undefined) {
      entry.container = { ...entry.container, state: 'exited', startedAt: now, finishedAt: now, exitCode: 127, reason: 'ContainerCannotRun', message: failure };
      throw new RuntimeError('StartFailed', failure);
    }
    entry.container = { ...entry.container, state: 'running', startedAt: now };
    entry.output.push(...(this.#told(entry, 'output') ?? '').split('\n').filter((line) => line !== '').map((text) => ({ at: now, text })));
    const exitAfter = this.#told(entry, 'exit-after');
    if (exitAfter !== undefined) entry.timer = this.#clock.after(Number(exitAfter), () => this.#end(id, Number(this.#told(entry, 'exit-code') ?? 0)));
    this.#changed(entry.container);
  }

  stopContainer(id: string, graceSeconds: number): Promise<void> {
    this.#end(id, graceSeconds > 0 ? terminatedExitCode : killedExitCode);
    return Promise.resolve();
  }

  removeContainer(id: string): Promise<void> {
    const entry = this.#containers.get(id);
    entry?.timer?.dispose();
    this.#containers.delete(id);
    if (entry !== undefined) this.#changed(entry.container);
    return Promise.resolve();
  }

  listContainers(filter: { readonly node?: string; readonly podUid?: string } = {}): Promise<readonly Container[]> {
    return Promise.resolve([...this.#containers.values()].map(({ container }) => container).filter((container) => matches(container, filter)));
  }

  async listAll(filter: { readonly node?: string; readonly podUid?: string } = {}) {
    return { sandboxes: await this.listSandboxes(filter), containers: await this.listContainers(filter) };
  }

  async logs(id: string, options: LogOptions, signal: AbortSignal): Promise<ByteSource> {
    const entry = this.#required(id);
    const lines = entry.output.filter(({ at }) => at >= (options.since ?? 0));
    const tail = options.tailLines === undefined ? lines : lines.slice(lines.length - Math.min(options.tailLines, lines.length));
    const text = tail.map((line) => `${options.timestamps === true ? `${new Date(line.at).toISOString()} ` : ''}${line.text}\n`).join('');
    const ended = options.follow === true ? () => this.#ended(id, signal) : () => Promise.resolve();
    return (async function* () {
      const bytes = new TextEncoder().encode(options.stream === 'Stderr' ? '' : text).subarray(0, options.limitBytes);
      if (bytes.length > 0) yield bytes;
      await ended();
    })();
  }

  exec(): Promise<number> {
    return Promise.reject(new RuntimeError('Unsupported', 'a simulated container runs no commands'));
  }

  attach(id: string, _streams: ProcessStreams, signal: AbortSignal): Promise<void> {
    return this.#ended(id, signal);
  }

  portForward(_sandboxId: string, _port: number, _input: ByteSource, _output: ByteSink): Promise<void> {
    return Promise.reject(new RuntimeError('Unsupported', 'a simulated pod listens on no port'));
  }

  stats(ids: readonly string[]): Promise<readonly ContainerStats[]> {
    const running = ids.flatMap((id) => this.#containers.get(id) ?? []).filter(({ container }) => container.state === 'running');
    const now = this.#clock.now();
    return Promise.resolve(running.map((entry) => modelledStats({ ...entry, cpu: this.#told(entry, 'cpu'), memory: this.#told(entry, 'memory') }, now)));
  }

  clearFolder(): Promise<void> {
    return Promise.resolve();
  }

  watch(listener: Listener): Disposable {
    this.#listeners.add(listener);
    listener.connected();
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  #end(id: string, exitCode: number): void {
    const entry = this.#containers.get(id);
    if (entry === undefined || entry.container.state === 'exited') return;
    entry.timer?.dispose();
    entry.container = { ...entry.container, state: 'exited', finishedAt: this.#clock.now(), exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
    this.#changed(entry.container);
  }

  async #ended(id: string, signal: AbortSignal): Promise<void> {
    const changed = (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const watch = this.watch({ changed: () => resolve(), lost: () => undefined, connected: () => undefined });
      signal.addEventListener('abort', () => resolve(), { once: true });
      return promise.finally(() => watch.dispose());
    };
    while (!signal.aborted && this.#containers.get(id)?.container.state === 'running') await changed();
  }

  #told({ container }: SimulatedContainer, what: string): string | undefined {
    return this.#sandboxes.get(container.sandboxId)?.annotations[`${container.name}.simulation.kubicle.dev/${what}`];
  }

  #required(id: string): SimulatedContainer {
    const entry = this.#containers.get(id);
    if (entry === undefined) throw new RuntimeError('NotFound', `No such container: ${id}`);
    return entry;
  }

  #changed({ pod, node }: ContainerChange): void {
    for (const listener of this.#listeners) listener.changed({ pod, node });
  }

  async #pass(time = 0): Promise<void> {
    if (time > 0) await this.#clock.sleep(time);
  }

  #id(): string {
    return (++this.#made).toString(16).padStart(64, '0');
  }
}

function matches({ pod, node }: ContainerChange, filter: { readonly node?: string; readonly podUid?: string }): boolean {
  return (filter.node === undefined || filter.node === node) && (filter.podUid === undefined || filter.podUid === pod.uid);
}
