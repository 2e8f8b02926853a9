/**
 * Contract of the connection to a Docker Engine (https://docs.docker.com/reference/api/engine/).
 *
 * A thin client over `node:http`: the well-known client library takes 0.4 s and 30 MB to load, more than the whole start of a
 * cluster may take.
 *
 * Invariants: every failure is an `EngineError`; nothing connects before the first call; everything that is made for a cluster
 * carries `clusterLabel`, so that `removeEverything` finds it.
 */
import type { Disposable } from '../platform/platform.ts';
import type { Duplex, Readable } from 'node:stream';

/** Label of every container, network, volume of a cluster; its value is the cluster's name. */
export const clusterLabel = 'dev.kubicle.cluster';

/** The oldest engine API that is known to work: Docker 20.10. */
export const oldestApiVersion = '1.41';

export interface EngineVersion {
  /** `20.10.24`. */
  readonly version: string;
  /** What both sides speak: `1.41`. */
  readonly apiVersion: string;
}

/** A list is sent as the same parameter several times. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  /** An object is sent as JSON, bytes as a tar archive. */
  readonly body?: object | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Engine extends Disposable {
  /** Asked once; rejects with `Missing`, `Forbidden`, `TooOld`. */
  version(): Promise<EngineVersion>;
  /** One call with a JSON answer (undefined where the answer is empty). `path` starts with `/containers/…`. */
  call<T = any>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, options?: CallOptions): Promise<T>;
  /** A call whose answer is read as it comes: logs, events, progress of a pull. */
  stream(method: 'GET' | 'POST', path: string, options?: CallOptions): Promise<Readable>;
  /** Takes the connection over for both directions: exec and attach. */
  hijack(path: string, options?: CallOptions): Promise<Duplex>;
}
