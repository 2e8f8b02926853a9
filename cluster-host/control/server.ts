/** The host's side of the control channel: accepts WebSockets that the API server has authenticated, and keeps count of windows. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { UpgradeHandler } from '../api-server/server.ts';
import { controlErrorCodes, PROTOCOL_VERSION, type HostStatus, type ProgressStep } from '../control-protocol.ts';
import { ControlError, notify, serveRequests, type RequestHandlers } from './connection.ts';

/** What the host does for the channel; the handshake is the channel's own. */
export interface ControlTarget {
  readonly requests: Omit<RequestHandlers, 'host/hello'>;
  status(): HostStatus;
  /** How many windows are connected now; called at each change. */
  windowsChanged(count: number): void;
}

export interface ControlServer {
  readonly upgrade: UpgradeHandler;
  readonly windows: number;
  progress(step: ProgressStep): void;
  statusChanged(): void;
  close(): void;
}

const administrators = 'system:masters';

export function createControlServer(target: ControlTarget): ControlServer {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  const clients = new Set<WebSocket>();
  const windows = new Set<WebSocket>();

  const accept = (socket: WebSocket): void => {
    clients.add(socket);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clients.delete(socket);
      if (windows.delete(socket)) target.windowsChanged(windows.size);
    });
    serveRequests(socket, {
      ...target.requests,
      'host/hello': ({ protocolVersion, client }) => {
        if (protocolVersion !== PROTOCOL_VERSION) {
          const message = `this cluster host speaks version ${PROTOCOL_VERSION} of the control protocol, the client version ${protocolVersion}; stop the cluster and start it again`;
          return Promise.reject(new ControlError(controlErrorCodes.versionMismatch, message));
        }
        if (client === 'window') {
          windows.add(socket);
          target.windowsChanged(windows.size);
        }
        return Promise.resolve(target.status());
      },
    });
  };

  return {
    upgrade(user, request, socket, head) {
      const stream = socket as Duplex;
      if (!user.groups.includes(administrators)) {
        stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request as IncomingMessage, stream, Buffer.from(head), accept);
    },
    get windows() {
      return windows.size;
    },
    progress: (step) => clients.forEach((client) => notify(client, 'host/progress', step)),
    statusChanged() {
      const status = target.status();
      clients.forEach((client) => notify(client, 'host/status', status));
    },
    close: () => clients.forEach((client) => client.close(1001, 'the cluster host stops')),
  };
}
