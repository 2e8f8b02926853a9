/**
 * What the API server asks of a node: logs, exec, attach, port-forward, connections, the kubelet's own HTTP API. It has the shape
 * of the API server's `NodeConnection`, whose room this one does not know.
 */
import type { Clock } from '../platform/platform.ts';
import type { ByteSink, ByteSource } from '../platform/streams.ts';
import { askKubelet, type KubeletAnswer, type KubeletRequest, type KubeletView } from './http/kubelet-api.ts';
import type { PodWorker } from './pods/pod-worker.ts';
import { newer } from './pods/plan.ts';
import { containersOf, nameOf, namespaceOf, uidOf } from './pods/pod-facts.ts';
import { type Container, type ContainerRuntime, RuntimeError } from './runtime/runtime.ts';
import type { ProcessStreams } from './runtime/streaming.ts';

export interface PodTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid?: string;
}

export interface ContainerTarget extends PodTarget {
  readonly container: string;
}

export interface PodLogOptions {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  readonly stream?: 'All' | 'Stdout' | 'Stderr';
}

export type ConnectionErrorCode = 'NotFound' | 'BadRequest' | 'InternalError' | 'Unavailable';

/** Its message goes to the client as it is. */
export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode;
  constructor(code: ConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NodeRequestError';
    this.code = code;
  }
}

/** Opens a connection from the node; implemented by `edges/`. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<{ readonly input: ByteSink; readonly output: ByteSource }>;

export class KubeletConnection {
  readonly #runtime: ContainerRuntime;
  readonly #clock: Clock;
  readonly #dial: Dial;
  readonly #workers: () => Iterable<PodWorker>;
  readonly #view: () => KubeletView | undefined;

  constructor(runtime: ContainerRuntime, clock: Clock, dial: Dial, workers: () => Iterable<PodWorker>, view: () => KubeletView | undefined) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#dial = dial;
    this.#workers = workers;
    this.#view = view;
  }

  async logs(target: ContainerTarget, options: PodLogOptions, signal: AbortSignal): Promise<ByteSource> {
    const worker = this.#worker(target);
    const runs = runsOf(worker, target.container);
    const container = options.previous === true ? runs.find((run, index) => run.state === 'exited' && index > 0) : runs[0];
    if (container === undefined || container.state === 'created') throw this.#noLog(worker, target, options.previous === true);
    const { follow, timestamps, tailLines, limitBytes, stream } = options;
    const since = options.sinceTime !== undefined ? Date.parse(options.sinceTime) : options.sinceSeconds === undefined ? undefined : this.#clock.now() - options.sinceSeconds * 1000;
    const given = Object.entries({ follow, timestamps, tailLines, limitBytes, stream, since }).filter(([, value]) => value !== undefined);
    return translated(this.#runtime.logs(container.id, Object.fromEntries(given), signal));
  }

  async exec(target: ContainerTarget, command: readonly string[], streams: ProcessStreams, signal: AbortSignal): Promise<number> {
    return translated(this.#runtime.exec(this.#running(target).id, command, streams, signal));
  }

  async attach(target: ContainerTarget, streams: ProcessStreams, signal: AbortSignal): Promise<void> {
    return translated(this.#runtime.attach(this.#running(target).id, streams, signal));
  }

  async portForward(target: PodTarget, port: number, input: ByteSource, output: ByteSink, signal: AbortSignal): Promise<void> {
    const { sandbox } = this.#worker(target);
    if (sandbox === undefined) throw new ConnectionError('NotFound', `pod not running: ${target.pod}_${target.namespace}`);
    return translated(this.#runtime.portForward(sandbox.id, port, input, output, signal));
  }

  async connect(host: string, port: number, signal: AbortSignal): Promise<{ readonly input: ByteSink; readonly output: ByteSource }> {
    try {
      return await this.#dial(host, port, signal);
    } catch (error) {
      throw new ConnectionError('Unavailable', `dial tcp ${host}:${port}: ${(error as Error).message}`, { cause: error });
    }
  }

  async request(request: KubeletRequest, signal: AbortSignal): Promise<KubeletAnswer> {
    const view = this.#view();
    if (view === undefined) throw new ConnectionError('Unavailable', 'the kubelet has not started yet');
    return askKubelet(view, this, request, signal);
  }

  #worker({ namespace, pod, uid }: PodTarget): PodWorker {
    for (const worker of this.#workers()) {
      if (nameOf(worker.pod) === pod && namespaceOf(worker.pod) === namespace && (uid === undefined || uid === '' || uid === uidOf(worker.pod) || uid === worker.mirrorUid)) return worker;
    }
    throw new ConnectionError('NotFound', `pod "${pod}" not found`);
  }

  #running(target: ContainerTarget): Container {
    const container = runsOf(this.#worker(target), target.container)[0];
    if (container?.state !== 'running') throw new ConnectionError('NotFound', `container not found ("${target.container}")`);
    return container;
  }

  #noLog(worker: PodWorker, { pod, container }: ContainerTarget, previous: boolean): ConnectionError {
    if (!containersOf(worker.pod).some(({ spec }) => spec.name === container)) return new ConnectionError('BadRequest', `container ${container} is not valid for pod ${pod}`);
    if (previous) return new ConnectionError('BadRequest', `previous terminated container "${container}" in pod "${pod}" not found`);
    const reason = worker.waitingReason(container)?.reason;
    if (reason === undefined || reason === 'ContainerCreating' || reason === 'PodInitializing') {
      const initial = (worker.pod.spec?.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';
      return new ConnectionError('BadRequest', `container "${container}" in pod "${pod}" is waiting to start: ${reason ?? initial}`);
    }
    const texts: Readonly<Record<string, string>> = {
      ErrImagePull: "image can't be pulled",
      ImagePullBackOff: 'trying and failing to pull image',
    };
    return new ConnectionError('BadRequest', `container "${container}" in pod "${pod}" is waiting to start: ${texts[reason] ?? reason}`);
  }
}

/** Newest first. */
function runsOf(worker: PodWorker, name: string): readonly Container[] {
  return worker.containers.filter((container) => container.name === name).sort((a, b) => (newer(a, b) ? -1 : 1));
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw new ConnectionError(error.code === 'NotFound' ? 'NotFound' : error.code === 'Unsupported' ? 'BadRequest' : 'InternalError', error.message, { cause: error });
  }
}
