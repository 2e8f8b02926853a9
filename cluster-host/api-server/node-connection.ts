/**
 * What the API server asks of a node's kubelet: logs, exec, attach, port-forward, proxy. Declared here because the call goes
 * up; implemented by `kubelet`, wired by `cluster.ts`.
 *
 * Rejections are `NodeRequestError`s by name and code (the kubelet does not know this file); their message goes to the client as it is.
 */
import type { ByteSink, ByteSource, TerminalSize } from '../platform/streams.ts';

/** Names a container of a pod as the kubelet knows it. */
export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid?: string;
  readonly container: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ (read log). */
export interface LogOptions {
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

/** Streams that the client asked for; what is left out is not connected. With a tty there is no stderr. */
export interface ProcessStreams {
  readonly stdin?: ByteSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly tty: boolean;
  readonly resize?: AsyncIterable<TerminalSize>;
}

export interface NodeConnection {
  /** Ends when the log ends or, with `follow`, when the container is gone or the signal aborts. */
  logs(target: ContainerTarget, options: LogOptions, signal: AbortSignal): Promise<ByteSource>;
  /** Resolves with the exit code once the process ended and its output is written. Aborting closes the streams. */
  exec(target: ContainerTarget, command: readonly string[], streams: ProcessStreams, signal: AbortSignal): Promise<number>;
  /** Resolves when the container's process ended or the client closed stdin of a `stdinOnce` container. */
  attach(target: ContainerTarget, streams: ProcessStreams, signal: AbortSignal): Promise<void>;
  /** Connects to `127.0.0.1:port` inside the pod's network; resolves when both directions ended. */
  portForward(target: Omit<ContainerTarget, 'container'>, port: number, input: ByteSource, output: ByteSink, signal: AbortSignal): Promise<void>;
  /** Opens a TCP connection to an address of the pod network as seen from the node (pod and service proxy). */
  connect(host: string, port: number, signal: AbortSignal): Promise<{ readonly input: ByteSink; readonly output: ByteSource }>;
  /** Asks the kubelet itself (`/healthz`, `/stats/summary`, `/containerLogs/…`): its API has no port of its own. */
  request(request: NodeRequest, signal: AbortSignal): Promise<NodeAnswer>;
}

/** A request to the kubelet's own HTTP API. */
export interface NodeRequest {
  readonly method: string;
  /** With its leading slash, without a query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface NodeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | ByteSource;
}

export interface NodeConnections {
  /** Undefined where no kubelet of that name is connected. */
  node(name: string): NodeConnection | undefined;
}

export type NodeRequestErrorCode = 'NotFound' | 'BadRequest' | 'InternalError' | 'Unavailable';

export class NodeRequestError extends Error {
  readonly code: NodeRequestErrorCode;
  constructor(code: NodeRequestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NodeRequestError';
    this.code = code;
  }
}

export function isNodeRequestError(error: unknown): error is NodeRequestError {
  return error instanceof Error && error.name === 'NodeRequestError';
}
