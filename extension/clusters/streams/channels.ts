/**
 * A WebSocket of the API server that carries several byte channels: the first byte of each message names its channel
 * (`v5.channel.k8s.io` and `v4.channel.k8s.io`, https://kubernetes.io/docs/reference/using-api/api-concepts/).
 */
import { WebSocket } from 'ws';
import { socketOptions, type Endpoint } from '../endpoint.ts';

export interface ChannelHandlers {
  message(channel: number, data: Buffer): void;
  /** Called once; `error` where the socket did not end in order. */
  closed(error?: Error): void;
}

export interface Channels {
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** Bytes that were written and have not left yet. */
  readonly buffered: number;
  send(channel: number, data: Uint8Array): void;
  /** Stops and resumes reading, so that a slow reader slows the sender. */
  pause(): void;
  resume(): void;
  close(): void;
}

const pingInterval = 20_000;

/** Resolves once the server accepted; rejects with the server's own message when it refused. */
export async function openChannels(
  endpoint: Endpoint,
  path: string,
  query: URLSearchParams,
  protocols: readonly string[],
  handlers: ChannelHandlers,
): Promise<Channels> {
  const options = await socketOptions(endpoint);
  const url = `${endpoint.server.replace(/^http/, 'ws')}${path}?${query.toString()}`;
  const socket = new WebSocket(url, [...protocols], { ...options, perMessageDeflate: false, handshakeTimeout: 30_000 });
  await accepted(socket);

  const heartbeat = setInterval(() => socket.ping(), pingInterval);
  heartbeat.unref();
  let failure: Error | undefined;
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('close', (code, reason) => {
    clearInterval(heartbeat);
    const orderly = code === 1000 || code === 1005;
    handlers.closed(failure ?? (orderly ? undefined : new Error(reason.length > 0 ? reason.toString() : `the connection ended (${code})`)));
  });
  socket.on('message', (data: Buffer) => {
    if (data.length > 0) handlers.message(data[0] ?? 0, data.subarray(1));
  });
  return {
    protocol: socket.protocol,
    get buffered() {
      return socket.bufferedAmount;
    },
    send(channel, data) {
      if (socket.readyState !== WebSocket.OPEN) return;
      const message = Buffer.allocUnsafe(data.length + 1);
      message[0] = channel;
      message.set(data, 1);
      socket.send(message);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(1000),
  };
}

function accepted(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', reject);
      resolve();
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => reject(new Error(statusMessage(Buffer.concat(chunks).toString(), response.statusCode ?? 0))));
      response.on('error', reject);
    });
  });
}

/** The sentence inside a Kubernetes Status; otherwise what there is. */
export function statusMessage(body: string, code: number): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    if (message !== undefined && message !== '') return message;
  } catch {
    // Not JSON: the text itself says more than nothing.
  }
  return body.trim() === '' ? `the server answered ${code}` : body.trim().slice(0, 500);
}
