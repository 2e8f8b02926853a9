/** SPDY/3.1 connections: an upgraded socket, or a tunnel inside a WebSocket (KEP-4006). */
import { finished, type Duplex } from 'node:stream';
import type { Clock } from '../../../platform/platform.ts';
import { SpdySession, type ByteConnection, type SpdyStream } from '../spdy/session.ts';
import { zlibHeaderCompression } from './compression.ts';
import type { AcceptedWebSocket, Upgrade } from './websocket.ts';

/** How long a client may take to end the connection after the server said goodbye. */
const farewell = 10_000;

export interface SpdyConnection extends ByteConnection {
  /** Aborts when the connection is gone. */
  readonly closed: AbortSignal;
  destroy(): void;
}

/** The protocols that the client offers in `X-Stream-Protocol-Version`, in its order. */
export function offeredProtocols({ request }: Upgrade): readonly string[] {
  const header = request.headers['x-stream-protocol-version'] ?? '';
  return [header].flat().flatMap((line) => line.split(',')).map((name) => name.trim()).filter((name) => name !== '');
}

/** Answers the upgrade; from here on the socket speaks SPDY. */
export function acceptSpdy({ socket, head }: Upgrade, protocol: string): SpdyConnection {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', ...(protocol === '' ? [] : [`X-Stream-Protocol-Version: ${protocol}`])];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  const closed = new AbortController();
  finished(socket, () => closed.abort());
  return { input: socket, output: sinkOf(socket), closed: closed.signal, destroy: () => void socket.destroy() };
}

export function sinkOf(socket: Duplex): SpdyConnection['output'] {
  return {
    write: (chunk) => new Promise((resolve, reject) => void socket.write(chunk, (error) => (error === undefined || error === null ? resolve() : reject(error)))),
    end: () => void socket.end(),
  };
}

/** Each message is a piece of the SPDY connection. */
export function tunnel(connection: AcceptedWebSocket): SpdyConnection {
  const close = (): void => void connection.close();
  return { input: connection.messages, output: { write: (chunk) => connection.send(chunk), end: close }, closed: connection.closed, destroy: close };
}

/** Serves a connection until either side ends it. `serve` resolves when the server has no more to say. */
export async function serveSpdy(
  connection: SpdyConnection,
  clock: Clock,
  signal: AbortSignal,
  onStream: (stream: SpdyStream, session: SpdySession) => void,
  serve: (session: SpdySession) => Promise<void>,
): Promise<void> {
  const session: SpdySession = new SpdySession(connection, zlibHeaderCompression(), (stream) => onStream(stream, session));
  const destroy = (): void => connection.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  // A connection that broke, or that spoke no SPDY, is over; there is nobody left to be told.
  const over = session.run().catch(() => undefined);
  await Promise.race([serve(session), over]);
  await session.close();
  const timer = clock.after(farewell, destroy);
  await over;
  timer.dispose();
  signal.removeEventListener('abort', destroy);
  connection.destroy();
}
