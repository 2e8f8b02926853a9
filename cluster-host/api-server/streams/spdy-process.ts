/** Exec and attach over SPDY: a stream each for stdin, stdout, stderr, the outcome and terminal sizes, named by their header `streamtype`. */
import type { Clock } from '../../platform/platform.ts';
import { statusText } from './channel-process.ts';
import { terminalSizes, type ProcessClient, type ProcessOptions } from './remote-command.ts';
import type { SpdySession, SpdyStream } from './spdy/session.ts';

export interface SpdyProtocol {
  /** As in `X-Stream-Protocol-Version`. */
  readonly name: string;
  readonly resize: boolean;
  readonly jsonStatus: boolean;
}

export const spdyProcessProtocols: readonly SpdyProtocol[] = [
  { name: 'v5.channel.k8s.io', resize: true, jsonStatus: true },
  { name: 'v4.channel.k8s.io', resize: true, jsonStatus: true },
  { name: 'v3.channel.k8s.io', resize: true, jsonStatus: false },
  { name: 'v2.channel.k8s.io', resize: false, jsonStatus: false },
  { name: 'channel.k8s.io', resize: false, jsonStatus: false },
];

/** How long a client may take to open the streams that it asked for, as with the kubelet. */
const creationTimeout = 30_000;

/** Gathers the streams of a client as they are opened. */
export class SpdyStreams {
  readonly #streams = new Map<string, SpdyStream>();
  readonly #expected: readonly string[];
  readonly #complete = Promise.withResolvers<void>();

  constructor(protocol: SpdyProtocol, options: ProcessOptions) {
    const { stdin, stdout, stderr, tty } = options;
    this.#expected = ['error', ...(stdin ? ['stdin'] : []), ...(stdout ? ['stdout'] : []), ...(stderr ? ['stderr'] : []), ...(tty && protocol.resize ? ['resize'] : [])];
  }

  /** Takes a stream that the client opened; refuses what is not expected. */
  add(stream: SpdyStream): void {
    const type = stream.headers.get('streamtype') ?? '';
    if (!this.#expected.includes(type) || this.#streams.has(type)) return stream.reset();
    this.#streams.set(type, stream);
    if (this.#streams.size === this.#expected.length) this.#complete.resolve();
    return undefined;
  }

  get(type: string): SpdyStream | undefined {
    return this.#streams.get(type);
  }

  /** Resolves with whether all are there in time. */
  async complete(clock: Clock): Promise<boolean> {
    const expired = Promise.withResolvers<boolean>();
    const timer = clock.after(creationTimeout, () => expired.resolve(false));
    const complete = await Promise.race([this.#complete.promise.then(() => true), expired.promise]);
    timer.dispose();
    return complete;
  }
}

export function spdyProcess(session: SpdySession, streams: SpdyStreams, protocol: SpdyProtocol): ProcessClient {
  const stdin = streams.get('stdin')?.input;
  const stdout = streams.get('stdout');
  const stderr = streams.get('stderr');
  const resize = streams.get('resize');
  return {
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
    ...(resize && { resize: terminalSizes(resize.input) }),
    async finish(status) {
      const error = streams.get('error');
      const text = statusText(status, protocol.jsonStatus);
      if (text !== '') await error?.write(Buffer.from(text));
      for (const stream of [stdout, stderr, error]) stream?.end();
      // Clients read until the connection ends.
      await session.close();
    },
  };
}
