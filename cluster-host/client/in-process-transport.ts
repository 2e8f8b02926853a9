/**
 * The way to an API server in the same process: the whole request chain without a socket.
 *
 * What it asks of the server is declared here by shape, so that this room knows no other.
 */
import type { KubeObject } from '../api/object.ts';
import type { Disposable } from '../platform/platform.ts';
import { ApiError, type ApiRequest, type ApiResponse, type Transport, type WatchEventType, type WatchHandler } from './client.ts';

/** As whom the requests are made. */
export interface InProcessUser {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface InProcessServer {
  handle(request: ApiRequest & { readonly user: InProcessUser }): Promise<ApiResponse>;
  watch(
    request: ApiRequest & { readonly user: InProcessUser },
    handler: { event(type: WatchEventType, object: KubeObject): void; ended(status?: KubeObject): void },
  ): Disposable;
}

export class InProcessTransport implements Transport {
  readonly #server: InProcessServer;
  readonly #user: InProcessUser;

  constructor(server: InProcessServer, user: InProcessUser) {
    this.#server = server;
    this.#user = user;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    return await this.#server.handle({ ...request, user: this.#user });
  }

  watch(request: ApiRequest, handler: WatchHandler<KubeObject>): Disposable {
    return this.#server.watch(
      { ...request, user: this.#user },
      {
        event: (type, object) => handler.event(type, object),
        ended: (status) => handler.ended(status === undefined ? undefined : new ApiError(status)),
      },
    );
  }
}
