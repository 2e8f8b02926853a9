/**
 * Port-forward, free of the socket it came in. Over SPDY each connection of the client's user is a pair of streams, `data` and
 * `error`, that belong together by their request id; over WebSocket channels each port of the query is a pair of channels,
 * each starting with the port as two bytes, little end first.
 */
import type { ByteSink, ByteSource } from '../../platform/streams.ts';
import { badRequest } from '../../api/status.ts';
import { ApiFailure } from '../failure.ts';
import { ByteQueue } from './byte-queue.ts';
import { channelSink, type MessageConnection } from './channel-process.ts';
import type { ChannelProtocol } from './channels.ts';
import { resetStatus } from './spdy/frames.ts';
import type { SpdyStream } from './spdy/session.ts';

export const spdyPortForwardProtocol = 'portforward.k8s.io';

/** Connects one port of the pod; rejects with why it cannot. */
export type Forward = (port: number, input: ByteSource, output: ByteSink, signal: AbortSignal) => Promise<void>;

function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port >= 1 && port <= 0xffff ? port : undefined;
}

/** Runs a forward and puts what went wrong, as text, where the client looks for it. */
async function forwardAndTell(forward: Forward, port: number, pod: { readonly name: string; readonly uid: string }, ends: { input: ByteSource; output: ByteSink; error: ByteSink; signal: AbortSignal }): Promise<void> {
  try {
    await forward(port, ends.input, ends.output, ends.signal);
  } catch (error) {
    if (!ends.signal.aborted) {
      const text = `error forwarding port ${port} to pod ${pod.name}, uid ${pod.uid}: ${error instanceof Error ? error.message : String(error)}`;
      await ends.error.write(Buffer.from(text)).catch(() => undefined);
    }
  }
  ends.output.end();
  ends.error.end();
}

/** Pairs the streams of a SPDY session. */
export class PortForwardStreams {
  readonly #pod: { readonly name: string; readonly uid: string };
  readonly #forward: Forward;
  readonly #forget: (stream: SpdyStream) => void;
  readonly #waiting = new Map<string, SpdyStream>();

  /** `forget` is told of streams that are over. */
  constructor(pod: { readonly name: string; readonly uid: string }, forward: Forward, forget: (stream: SpdyStream) => void) {
    this.#pod = pod;
    this.#forward = forward;
    this.#forget = forget;
  }

  add(stream: SpdyStream): void {
    const type = stream.headers.get('streamtype');
    const port = parsePort(stream.headers.get('port') ?? '');
    if ((type !== 'data' && type !== 'error') || port === undefined) return stream.reset(resetStatus.refusedStream);
    // Old clients send no request id: they open the error stream, then the data stream.
    const request = stream.headers.get('requestid') ?? String(type === 'error' ? stream.id : stream.id - 2);
    const other = this.#waiting.get(request);
    if (other === undefined) return void this.#waiting.set(request, stream);
    if (other.headers.get('streamtype') === type) return stream.reset(resetStatus.refusedStream);
    this.#waiting.delete(request);
    const [data, error] = type === 'data' ? [stream, other] : [other, stream];
    void this.#run(port, data, error);
    return undefined;
  }

  async #run(port: number, data: SpdyStream, error: SpdyStream): Promise<void> {
    await forwardAndTell(this.#forward, port, this.#pod, { input: data.input, output: data, error, signal: data.signal });
    this.#forget(data);
    this.#forget(error);
  }
}

/** The ports of a WebSocket's query: `?ports=80&ports=443` or `?ports=80,443`. Throws BadRequest. */
export function portsOf(query: URLSearchParams): readonly number[] {
  const values = query.getAll('ports');
  if (values.length === 0) throw new ApiFailure(badRequest('query parameter "port" is required'));
  return values.flatMap((value) =>
    value.split(',').map((text) => {
      const port = parsePort(text);
      if (port === undefined) throw new ApiFailure(badRequest(text === '' ? 'query parameter "port" cannot be empty' : `unable to parse "${value}" as a port`));
      return port;
    }),
  );
}

/** Serves all ports of a WebSocket until each of them is over or the client is gone. */
export async function forwardChannels(
  connection: MessageConnection,
  protocol: ChannelProtocol,
  ports: readonly number[],
  pod: { readonly name: string; readonly uid: string },
  forward: Forward,
  signal: AbortSignal,
): Promise<void> {
  const inputs = ports.map(() => new ByteQueue());
  const distributed = (async () => {
    for await (const bytes of connection.messages) {
      const message = protocol.codec.decode(bytes);
      if (message !== undefined && message.channel % 2 === 0) await inputs[message.channel / 2]?.push(message.data);
    }
  })();
  void distributed.catch(() => undefined).then(() => inputs.forEach((input) => input.end()));
  await Promise.all(
    ports.map(async (port, index) => {
      const input = inputs[index] ?? new ByteQueue();
      // A channel cannot be ended on its own: where the pod has no more to say, the client has nobody left to speak to.
      const output: ByteSink = { ...channelSink(connection, protocol, index * 2), end: () => input.end() };
      const error = channelSink(connection, protocol, index * 2 + 1);
      const start = Uint8Array.of(port & 0xff, port >>> 8);
      await Promise.all([output.write(start), error.write(start)]).catch(() => undefined);
      await forwardAndTell(forward, port, pod, { input, output, error, signal });
    }),
  );
  await connection.close();
}
