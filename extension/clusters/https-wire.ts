/** The wire of a connection over HTTPS: `cluster-host/client` with an eye on whether the server is there. */
import { ApiClient } from '../../cluster-host/client/api-client.ts';
import { ApiError, type Transport } from '../../cluster-host/client/client.ts';
import { HttpsTransport } from '../../cluster-host/client/https/https-transport.ts';
import { SharedInformers } from '../../cluster-host/client/shared-informers.ts';
import { systemClock } from '../../cluster-host/platform/node/clock.ts';
import { systemRandom } from '../../cluster-host/platform/node/random.ts';
import type { Logger } from '../../cluster-host/platform/platform.ts';
import type { Wire } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import { Signal } from './signal.ts';

export function httpsWire(endpoint: Endpoint, userAgent: string, log: Logger): Wire {
  const transport = new HttpsTransport({
    server: endpoint.server,
    ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
    insecureSkipTlsVerify: endpoint.insecureSkipTlsVerify,
    ...(endpoint.tlsServerName === undefined ? {} : { tlsServerName: endpoint.tlsServerName }),
    ...(endpoint.proxy === undefined ? {} : { proxy: endpoint.proxy }),
    credentials: (rejected) => endpoint.credentials(rejected),
    userAgent,
  });
  const reachable = new Signal<boolean>();
  const client = new ApiClient(observed(transport, reachable));
  const informers = new SharedInformers(client, { clock: systemClock, random: systemRandom, log });
  return {
    client,
    informers,
    reachable,
    open: (request) => transport.open(request),
    dispose() {
      informers.dispose();
      transport.dispose();
    },
  };
}

/** Tells of each request and watch whether it reached the server. */
function observed(transport: Transport, reachable: Signal<boolean>): Transport {
  return {
    async request(request) {
      try {
        const response = await transport.request(request);
        reachable.fire(true);
        return response;
      } catch (error) {
        if (request.signal?.aborted !== true) reachable.fire(false);
        throw error;
      }
    },
    watch: (request, handler) =>
      transport.watch(request, {
        event: (type, object) => handler.event(type, object),
        ended(error) {
          if (error !== undefined && !(error instanceof ApiError)) reachable.fire(false);
          handler.ended(error);
        },
      }),
  };
}
