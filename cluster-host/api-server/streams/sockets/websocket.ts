/** WebSockets as streams of messages, over the package `ws`. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { badRequest } from '../../../api/status.ts';
import { ApiFailure } from '../../failure.ts';
import { ByteQueue } from '../byte-queue.ts';
import type { MessageConnection } from '../channel-process.ts';

const messageLimit = 32 * 1024 * 1024;
/** How long a client may take to read the rest and answer the close frame, as with Kubernetes. */
const patience = { closeTimeout: 15 * 60_000 };

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface AcceptedWebSocket extends MessageConnection {
  /** Aborts when the WebSocket is closed, whoever closed it. */
  readonly closed: AbortSignal;
}

export function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** What the client would like to speak, in its order. */
export function requestedProtocols(request: IncomingMessage): readonly string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

/**
 * Does the handshake with the protocol that was agreed on (empty: none). Throws BadRequest where the request is no WebSocket
 * handshake.
 *
 * The protocol is kept out of the hands of `ws`, which refuses Kubernetes' `SPDY/3.1+portforward.k8s.io` for its slash.
 */
export function acceptWebSocket({ request, socket, head }: Upgrade, protocol: string, signal: AbortSignal): Promise<AcceptedWebSocket> {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: messageLimit, ...patience });
  delete request.headers['sec-websocket-protocol'];
  if (protocol !== '') server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve, reject) => {
    server.on('wsClientError', (error) => reject(new ApiFailure(badRequest(error.message))));
    server.handleUpgrade(request, socket, head, (client) => resolve(accepted(client, signal)));
  });
}

function accepted(client: WebSocket, signal: AbortSignal): AcceptedWebSocket {
  const messages = new ByteQueue({ limit: 1024 * 1024 });
  const closed = new AbortController();
  const terminate = (): void => client.terminate();
  signal.addEventListener('abort', terminate, { once: true });
  client.on('message', (data: Buffer) => {
    const caughtUp = messages.push(data);
    if (!messages.full) return;
    client.pause();
    void caughtUp.then(() => client.resume());
  });
  client.on('error', () => client.terminate());
  client.on('close', () => {
    signal.removeEventListener('abort', terminate);
    messages.end();
    closed.abort();
  });
  return {
    messages,
    closed: closed.signal,
    send: (message) =>
      new Promise((resolve, reject) => {
        client.send(message, { binary: typeof message !== 'string' }, (error) => (error === undefined || error === null ? resolve() : reject(error)));
      }),
    close: () =>
      new Promise((resolve) => {
        if (client.readyState === client.CLOSED) return resolve();
        client.once('close', () => resolve());
        client.close(1000);
        // Whatever still comes is read away, so that the client's close frame is seen.
        client.resume();
        return undefined;
      }),
  };
}
