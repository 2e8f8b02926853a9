/**
 * The client room's contract: how every component that is not the API server reads and writes objects.
 *
 * Invariants:
 * - Objects that come out of a client, a lister or a watch are shared: nobody changes them; copy first (`structuredClone`).
 * - Every failure of the API is an `ApiError` with the server's Status; whatever else rejects is a broken connection.
 * - In-process and over HTTPS behave alike; which one it is, is the transport's business alone.
 */
import type { V1Status, V1DeleteOptions } from '../api/generated/types.ts';
import type { KubeList, KubeObject, Resource } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue'> {
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

export interface WatchHandler<T> {
  event(type: WatchEventType, object: T): void;
  /** The watch is over: no error when the server ended it in order (time-out), an `ApiError` (410 `Expired` among them) or a connection's error otherwise. Called once. */
  ended(error?: Error): void;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** `status`, `scale`, `binding`, `eviction`, `token`, … */
  readonly subresource?: string;
}

export interface PatchOptions extends WriteOptions {
  readonly type: PatchType;
  /** With `apply`: take fields over from other managers. */
  readonly force?: boolean;
}

/** Operations on one resource, in one namespace (or over all, for list and watch, when none was named). */
export interface ResourceClient<T> {
  get(name: string, options?: { readonly subresource?: string }): Promise<T>;
  list(options?: ListOptions): Promise<KubeList<T>>;
  create(object: T, options?: WriteOptions): Promise<T>;
  /** Creates a subresource of a named object: a Binding, an Eviction, a TokenRequest. */
  createSubresource<R = KubeObject>(name: string, subresource: string, body: KubeObject, options?: WriteOptions): Promise<R>;
  /** Replaces; rejects with 409 `Conflict` when `metadata.resourceVersion` is not the newest. */
  update(object: T, options?: WriteOptions): Promise<T>;
  patch(name: string, patch: unknown, options: PatchOptions): Promise<T>;
  delete(name: string, options?: V1DeleteOptions): Promise<void>;
  deleteCollection(selection?: ListOptions, options?: V1DeleteOptions): Promise<void>;
  watch(options: WatchOptions, handler: WatchHandler<T>): Disposable;
}

export interface Client {
  resource<T extends KubeObject>(resource: Resource<T>, namespace?: string): ResourceClient<T>;
  /** Raw call for what has no resource (discovery, `/version`, OpenAPI). */
  request(request: ApiRequest): Promise<ApiResponse>;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, without query: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is bytes; patches name their own content type in `headers`. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON where the answer is JSON, otherwise text. */
  readonly body: any;
}

/** The way to an API server. Two implementations: in-process (no socket, the same request chain) and HTTPS. */
export interface Transport {
  /** Resolves with any answer of the server, errors included; rejects only when there was none. */
  request(request: ApiRequest): Promise<ApiResponse>;
  /** `request.query` holds `watch=true` and the rest. */
  watch(request: ApiRequest, handler: WatchHandler<KubeObject>): Disposable;
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  readonly status: V1Status;
  constructor(status: V1Status) {
    super(status.message ?? status.reason ?? 'unknown error');
    this.name = 'ApiError';
    this.status = status;
  }
  /** The HTTP status code. */
  get code(): number {
    return this.status.code ?? 500;
  }
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Expired`, … */
  get reason(): string {
    return this.status.reason ?? '';
  }
}

export function hasReason(error: unknown, reason: string): boolean {
  return error instanceof ApiError && error.reason === reason;
}
