/**
 * One listening TCP port on this machine whose connections end in a pod: a WebSocket each, so that a pod that goes away costs
 * the connections that ran through it and nothing else. The next connection asks again which pod to use.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.ts';
import { openChannels, type Channels } from './channels.ts';

export interface ForwardTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

export interface ForwardHandlers {
  /** The pod for the next connection; rejects with a sentence when there is none now. */
  target(): Promise<ForwardTarget>;
  /** The number of open connections changed. */
  connections(open: number): void;
  /** A connection could not be made or broke, and why. */
  failed(message: string): void;
}

export interface Forward {
  /** The local port. */
  readonly port: number;
  close(): void;
}

/** No more is read from a connection while this much waits to leave on the other side. */
const highWater = 1 << 20;

/** `endpoint` is asked at each connection. Listens on 127.0.0.1; port 0 takes a free one. Rejects with Node's `EADDRINUSE`, `EACCES`, … */
export async function startForward(endpoint: () => Endpoint, localPort: number, handlers: ForwardHandlers): Promise<Forward> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    open.add(socket);
    handlers.connections(open.size);
    socket.on('close', () => {
      open.delete(socket);
      handlers.connections(open.size);
    });
    socket.on('error', () => socket.destroy());
    carry(endpoint, socket, handlers).catch((error: unknown) => {
      handlers.failed(error instanceof Error ? error.message : String(error));
      socket.destroy();
    });
  });
  const port = await listen(server, localPort);
  return {
    port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** A pod may end just when it was chosen: then another one is asked for. */
const attempts = 4;
const firstPause = 200;

async function carry(endpoint: () => Endpoint, socket: Socket, handlers: ForwardHandlers): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(endpoint(), await handlers.target(), socket, handlers);
    } catch (error) {
      if (attempt === attempts || socket.destroyed) throw error;
      await new Promise((resolve) => setTimeout(resolve, firstPause * 2 ** attempt));
    }
  }
}

async function connect(endpoint: Endpoint, target: ForwardTarget, socket: Socket, handlers: ForwardHandlers): Promise<void> {
  const path = `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/portforward`;
  const greeted = new Set<number>();
  const channels: Channels = await openChannels(endpoint, path, new URLSearchParams({ ports: String(target.port) }), ['v4.channel.k8s.io'], {
    message(channel, data) {
      // The first message of each channel repeats the port.
      if (!greeted.has(channel)) {
        greeted.add(channel);
        if (data.length <= 2) return;
        data = data.subarray(2);
      }
      if (channel === 0 && data.length > 0) {
        if (!socket.write(data)) {
          channels.pause();
          socket.once('drain', () => channels.resume());
        }
      } else if (channel === 1 && data.length > 0) {
        handlers.failed(data.toString().trim());
        socket.destroy();
      }
    },
    closed: () => socket.end(() => socket.destroy()),
  });
  if (socket.destroyed) {
    channels.close();
    return;
  }
  socket.on('data', (data: Buffer) => {
    channels.send(0, data);
    if (channels.buffered > highWater) void resumeWhenDrained(socket, channels);
  });
  socket.on('close', () => channels.close());
  socket.resume();
}

async function resumeWhenDrained(socket: Socket, channels: Channels): Promise<void> {
  socket.pause();
  while (channels.buffered > highWater / 2 && !socket.destroyed) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.resume();
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
