/**
 * What happens to a request whose answer is a stream: exec, attach, port-forward, logs, and the proxies.
 *
 * The HTTP layer calls the handler after authentication, authorization and the look-up of the object, so a handler knows
 * that the caller may do this and that the object exists. From then on the exchange is the handler's: it answers by itself
 * and never leaves a socket open. What it throws before it answered (an `ApiFailure`, or a
 * `NodeRequestError`) is turned into a Status by the HTTP layer, for an upgrade that was not accepted too.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../../api/object.ts';
import type { Platform } from '../../platform/platform.ts';
import type { NodeConnections } from '../node-connection.ts';
import type { FrontProxy, UserInfo } from '../server.ts';

/** What is asked for, free of HTTP. */
export interface StreamTarget {
  readonly user: UserInfo;
  /** `pods`, `services` or `nodes`. */
  readonly resource: string;
  /** `exec`, `attach`, `portforward`, `log` or `proxy`. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The pod, service or node as it is now; shared, not to be changed. Of a service proxy the name may stand as `scheme:name:port`; the object is that of the bare name. */
  readonly object: KubeObject;
  /** What follows `…/proxy`, with its leading slash; empty where nothing follows. */
  readonly rest: string;
  readonly query: URLSearchParams;
  /** Aborts when the client goes away or the server closes. */
  readonly signal: AbortSignal;
}

/** The client's side of the connection: a plain exchange, or one that asks for an upgrade. */
export type StreamExchange =
  | { readonly type: 'plain'; readonly request: IncomingMessage; readonly response: ServerResponse }
  | { readonly type: 'upgrade'; readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };

/** Resolves when the stream is over. */
export type StreamHandler = (target: StreamTarget, exchange: StreamExchange) => Promise<void>;

/** By `resource/subresource`, for example `pods/exec`. What has no row is answered with 404. */
export type StreamHandlers = Readonly<Record<string, StreamHandler>>;

/** What handlers are made of. */
export interface StreamContext {
  readonly platform: Platform;
  readonly nodes: NodeConnections;
  /** Left out where the server has none. */
  readonly frontProxy?: FrontProxy;
  /** The object as it is now, undefined where there is none: `read('', 'pods', namespace, name)`. */
  read(group: string, plural: string, namespace: string, name: string): Promise<KubeObject | undefined>;
  /** All objects of a resource in a namespace. */
  list(group: string, plural: string, namespace: string): Promise<readonly KubeObject[]>;
}

export type CreateStreamHandlers = (context: StreamContext) => StreamHandlers;
