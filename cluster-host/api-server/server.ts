/**
 * The API server's own contract: what `cluster.ts` hands in and gets back.
 *
 * The room imports `api`, `platform` and the contract file of `storage`, nothing else of the cluster.
 */
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../storage/store.ts';
import type { KubeObject } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';
import type { KindDefinition } from '../api/kind.ts';
import type { NodeConnections } from './node-connection.ts';
import type { ObjectSource } from './resources/strategy.ts';

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who gives no credentials. */
export const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export interface ApiServerOptions {
  readonly platform: Platform;
  readonly store: Store;
  readonly nodes: NodeConnections;
  readonly serviceCidr: string;
  readonly nodePortRange: readonly [number, number];
  /** PEM: CA and serving pair, and the key that signs service account tokens. */
  readonly credentials: ServerCredentials;
  /** Tokens with fixed identities (the bootstrap administrator), by token. */
  readonly tokens: ReadonlyMap<string, UserInfo>;
  /** Kinds that are read like others, but whose objects another component of the host knows. */
  readonly hosted?: readonly { readonly definition: KindDefinition; readonly source: ObjectSource }[];
  /** Writes down who did what; left out: nothing. `policy`: text of a Policy of audit.k8s.io/v1; left out: metadata of every request. */
  readonly audit?: { readonly policy: string | undefined; write(line: string): void } | undefined;
  /** `https://kubernetes.default.svc.cluster.local`: issuer of service account tokens. */
  readonly issuer: string;
}

export interface ServerCredentials {
  readonly caCertificate: string;
  /** Signs client certificates of CSRs. */
  readonly caKey: string;
  readonly servingCertificate: string;
  readonly servingKey: string;
  /** PKCS#8 private key for service account tokens. */
  readonly serviceAccountKey: string;
  /** Left out: no server that extends the API can know who asks. */
  readonly frontProxy?: FrontProxy;
}

/** With what the server vouches, before those that extend the API, for whom it asks on behalf of. PEM. */
export interface FrontProxy {
  readonly caCertificate: string;
  /** Of `front-proxy-client`. */
  readonly certificate: string;
  readonly key: string;
}

export interface InProcessRequest {
  readonly user: UserInfo;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object (never changed by the server) or bytes. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface InProcessResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Shared objects: the caller does not change them. */
  readonly body: any;
}

export interface ApiServer {
  /** Serves HTTPS on each address; resolves with the ports that were taken. Port 0 picks a free one. Rejects with Node's `EADDRINUSE`, … */
  listen(addresses: readonly { readonly host: string; readonly port: number }[]): Promise<readonly number[]>;
  /** The whole request chain without a socket. */
  handle(request: InProcessRequest): Promise<InProcessResponse>;
  watch(
    request: InProcessRequest,
    handler: { event(type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK', object: KubeObject): void; ended(status?: KubeObject): void },
  ): Disposable;
  /** Hands WebSocket upgrades of a path that is not Kubernetes' own (the control channel) to a handler, after authentication. */
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** Refuses new requests, ends watches, waits for writes under way. */
  close(): Promise<void>;
}

/** Node's own types are kept out of this file: the handler gets what `ws` needs. */
export type UpgradeHandler = (user: UserInfo, request: unknown, socket: unknown, head: Uint8Array) => void;
