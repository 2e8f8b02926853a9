/** Exec and attach over the channels of a WebSocket: 0 stdin, 1 stdout, 2 stderr, 3 the outcome, 4 terminal sizes. */
import type { V1Status } from '../../api/generated/types.ts';
import type { ByteSink } from '../../platform/streams.ts';
import { ByteQueue } from './byte-queue.ts';
import { closeChannel, type ChannelProtocol } from './channels.ts';
import { terminalSizes, type ProcessClient, type ProcessOptions } from './remote-command.ts';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** A WebSocket whose handshake is done. */
export interface MessageConnection {
  /** Messages of the client; ends when it closed the WebSocket. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** Resolves when more may be sent; rejects once the client is gone. */
  send(message: Uint8Array | string): Promise<void>;
  /** Sends the close frame after what is under way, and waits for the client to close. */
  close(): Promise<void>;
}

/** A sink that writes to one channel. Ending it says nothing: only the whole connection ends. */
export function channelSink(connection: MessageConnection, { codec }: ChannelProtocol, channel: number): ByteSink {
  return { write: (data) => connection.send(codec.encode({ channel, data })), end: () => undefined };
}

export function channelProcess(connection: MessageConnection, protocol: ChannelProtocol, options: ProcessOptions): ProcessClient {
  const sink = (channel: number): ByteSink => channelSink(connection, protocol, channel);
  const stdin = options.stdin ? new ByteQueue() : undefined;
  const resize = options.tty ? new ByteQueue() : undefined;
  const incoming = new Map<number, ByteQueue>();
  if (stdin !== undefined) incoming.set(channels.stdin, stdin);
  if (resize !== undefined) incoming.set(channels.resize, resize);
  void distribute(connection, protocol, incoming);
  // An empty message tells the client that the connection stands; some wait for it.
  const first = options.stdout ? channels.stdout : options.stderr ? channels.stderr : channels.error;
  void sink(first).write(new Uint8Array(0)).catch(() => undefined);
  return {
    ...(stdin && { stdin }),
    ...(options.stdout && { stdout: sink(channels.stdout) }),
    ...(options.stderr && { stderr: sink(channels.stderr) }),
    ...(resize && { resize: terminalSizes(resize) }),
    async finish(status) {
      for (const queue of incoming.values()) queue.end();
      incoming.clear();
      const text = statusText(status, protocol.jsonStatus);
      if (text !== '') await sink(channels.error).write(Buffer.from(text));
      await connection.close();
    },
  };
}

/** What the error stream carries: the Status, or before version 4 its message alone and nothing at all for a success. */
export function statusText(status: V1Status, json: boolean): string {
  if (json) return JSON.stringify(status);
  return status.status === 'Success' ? '' : (status.message ?? '');
}

/** Hands messages to the channels that are read; a channel that is full holds up those behind it. */
async function distribute(connection: MessageConnection, { codec, halfClose }: ChannelProtocol, channels: ReadonlyMap<number, ByteQueue>): Promise<void> {
  try {
    for await (const bytes of connection.messages) {
      const message = codec.decode(bytes);
      if (message === undefined) continue;
      const ended = message.data[0];
      if (halfClose && message.channel === closeChannel && ended !== undefined) channels.get(ended)?.end();
      else await channels.get(message.channel)?.push(message.data);
    }
    for (const queue of channels.values()) queue.end();
  } catch (error) {
    for (const queue of channels.values()) queue.fail(error as Error);
  }
}
