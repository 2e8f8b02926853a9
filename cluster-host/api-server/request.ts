/**
 * A request and its answer, free of sockets: what the HTTP listener and the in-process entry both speak.
 *
 * Invariant: an answer holds objects, not bytes; the edge that sends it asks each object for its cached encoding.
 */
import type { KubeObject, KubeList } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';
import type { AuditTrail } from './audit/audit-log.ts';
import type { ObjectVersion } from './registry/object-version.ts';
import type { RequestInfo } from './request-info.ts';
import type { UserInfo } from './server.ts';

/** Who the client says it is. */
export type Credentials =
  /** In-process callers are known. */
  | { readonly type: 'known'; readonly user: UserInfo }
  /** `certificate`: what the client showed; `invalid` is one that the cluster's CA did not sign for a client, or not for now. */
  | { readonly type: 'presented'; readonly certificate: ClientCertificate | 'invalid' | undefined; readonly authorization: string | undefined };

/** Subject of a client certificate. */
export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** SHA-256 of the certificate, in lower-case hexadecimal digits. */
  readonly fingerprint: string;
}

export type RequestBody =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** From an in-process caller; never changed. */
  | { readonly type: 'value'; readonly value: unknown };

export interface ApiRequest {
  readonly method: string;
  /** As sent, percent-escapes included, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; values of one that came several times and that Kubernetes reads one by one (`impersonate-…`) are lines. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly credentials: Credentials;
  /** The whole body; rejects with `ApiFailure` when it is larger than `limit` bytes. */
  body(limit: number): Promise<RequestBody>;
  /** Aborts when the client went away. */
  readonly signal: AbortSignal | undefined;
  /** Of the client; left out for callers in this process. */
  readonly remoteAddress?: string | undefined;
}

/** The values of a header that may come several times. */
export function valuesOf(headers: ApiRequest['headers'], name: string): readonly string[] {
  return headers[name]?.split('\n') ?? [];
}

/** What the steps of the chain know of a request, and add to. */
export interface RequestContext {
  /** Audit listens in on the body where it is to be written down. */
  request: ApiRequest;
  readonly info: RequestInfo;
  /** Set by the authentication step. */
  user: UserInfo;
  /** Who acts as `user`; left out where everybody is himself. */
  impersonator?: UserInfo;
  /** Texts for `Warning:` headers. */
  readonly warnings: string[];
  /** Go with the answer, whatever it is. */
  readonly headers: Record<string, string>;
  /** For the audit log: `authorization.k8s.io/decision`. */
  readonly annotations: Record<string, string>;
  /** The name of what was created, for the audit log. */
  createdName?: string;
  trail?: AuditTrail;
  /** Gives back what the request holds while it is worked on. */
  release?: () => void;
}

export type Headers = Readonly<Record<string, string>>;

/** A successful (or plain-text) answer; failures are thrown as `ApiFailure`. */
export type Answer =
  /** One object: one out of the store, with its encodings, or one made for this answer. */
  | { readonly type: 'object'; readonly status: number; readonly object: ObjectVersion | KubeObject; readonly headers?: Headers }
  /** A list; its items are encoded by themselves. */
  | { readonly type: 'list'; readonly list: AnswerList }
  /** `kind` and `apiVersion` are those of the objects, before they are presented in another form. */
  | { readonly type: 'watch'; readonly kind: string; readonly apiVersion: string; readonly open: (sink: WatchSink) => Disposable }
  | { readonly type: 'text'; readonly status: number; readonly contentType: string; readonly text: string | Uint8Array; readonly headers?: Headers }
  /** A stream: the HTTP edge hands the connection to the handler of `resource/subresource`. */
  | { readonly type: 'connect'; readonly target: ConnectTarget };

export interface AnswerList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: KubeList['metadata'];
  readonly items: readonly ObjectVersion[];
}

export interface ConnectTarget {
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject;
  readonly rest: string;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

/** Where a watch puts its events. Neither method throws. */
export interface WatchSink {
  event(type: WatchEventType, object: ObjectVersion): void;
  /** Nothing follows. With a status: it is the last event, of type ERROR. */
  ended(status?: KubeObject): void;
}
