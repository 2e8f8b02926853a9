/**
 * The control channel between a window (or the command line) and the cluster host: JSON-RPC 2.0 over a WebSocket at
 * `CONTROL_PATH` of the API server, with the token of `host.json` as bearer. Everything about Kubernetes objects goes over the
 * ordinary API; this channel carries only what belongs to the host itself.
 *
 * Both sides import this file and nothing else of each other. A host and a client speak when `PROTOCOL_VERSION` is equal.
 */

export const PROTOCOL_VERSION = 1;
export const CONTROL_PATH = '/kubicle/control';
/** Name of the file in the state directory by which a running host is found. */
export const HOST_FILE = 'host.json';

export type RuntimeName = 'docker' | 'simulated';

/** Written to `host.json` (0600) in the state directory once the API answers; removed when the host ends in order. */
export interface HostFile {
  readonly protocolVersion: number;
  readonly version: string;
  readonly pid: number;
  readonly name: string;
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly kubeconfig: string;
  /** PEM of the cluster's CA. */
  readonly ca: string;
  /** Bearer token of the administrator. */
  readonly token: string;
  readonly runtime: RuntimeName;
  /** RFC 3339. */
  readonly startedAt: string;
}

export type HostPhase = 'starting' | 'running' | 'stopping' | 'failed';

/** One step of starting or stopping, as a user reads it. */
export interface ProgressStep {
  /** `engine`, `storage`, `apiServer`, `network`, `nodes`, … */
  readonly step: string;
  readonly message: string;
  /** Milliseconds since the start was asked for. */
  readonly elapsed: number;
}

export interface NodeSummary {
  readonly name: string;
  readonly ready: boolean;
  readonly pods: number;
}

export interface HostStatus {
  readonly name: string;
  readonly phase: HostPhase;
  readonly url: string;
  readonly kubeconfig: string;
  readonly runtime: RuntimeName;
  readonly version: string;
  readonly kubernetesVersion: string;
  readonly nodes: readonly NodeSummary[];
  readonly startedAt: string;
  /** Windows that are connected. */
  readonly windows: number;
  /** Stays when its last window is gone. */
  readonly keep: boolean;
  /** Bytes of resident memory of the host process. */
  readonly memory: number;
}

/** Requests, by method: what goes in and what comes back. */
export interface ControlRequests {
  /** First message of a client. Rejected with `versionMismatch`. A `window` keeps the host alive while it is connected. */
  'host/hello': { readonly params: { readonly protocolVersion: number; readonly client: 'window' | 'commandLine' }; readonly result: HostStatus };
  'host/status': { readonly params: Record<string, never>; readonly result: HostStatus };
  /** Keep the host after the last window closed, or let it end. */
  'host/keep': { readonly params: { readonly keep: boolean }; readonly result: HostStatus };
  /** Ends the host; with `delete`, containers, networks, volumes and state too. Resolves before the host exits; `host/progress` tells the steps. */
  'host/stop': { readonly params: { readonly delete: boolean }; readonly result: Record<string, never> };
  'nodes/add': { readonly params: Record<string, never>; readonly result: NodeSummary };
  'nodes/remove': { readonly params: { readonly name: string }; readonly result: Record<string, never> };
  'nodes/stop': { readonly params: { readonly name: string }; readonly result: NodeSummary };
  'nodes/start': { readonly params: { readonly name: string }; readonly result: NodeSummary };
  /** References of the images on the engine, for completion and `imagePullPolicy: Never`. */
  'images/list': { readonly params: Record<string, never>; readonly result: { readonly images: readonly string[] } };
}

/** Notifications from the host. */
export interface ControlNotifications {
  'host/progress': ProgressStep;
  'host/status': HostStatus;
}

export const controlErrorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  versionMismatch: -32001,
  notSupported: -32002,
  notFound: -32004,
} as const;

/**
 * `kubicle up` prints one JSON line a step on standard output when started with `--progress json`: what the extension reads
 * before the control channel can be opened. The last line has `ready` or `error`.
 */
export type StartLine =
  | { readonly progress: ProgressStep }
  | { readonly ready: HostFile }
  | { readonly error: { readonly code: StartErrorCode; readonly message: string; readonly hint?: string } };

export type StartErrorCode =
  | 'alreadyRunning'
  | 'portTaken'
  | 'stateDirectoryUnwritable'
  | 'stateDirectoryLocked'
  | 'dockerUnavailable'
  | 'dockerForbidden'
  | 'nodeTooOld'
  | 'sqliteMissing'
  | 'cancelled'
  | 'internalError';
