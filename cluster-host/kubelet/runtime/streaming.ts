/** Options of the runtime's streams: the shape the API server's node connection has, declared again because the rooms do not know each other. */
import type { ByteSink, ByteSource, TerminalSize } from '../../platform/streams.ts';

export interface LogOptions {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly limitBytes?: number;
  readonly stream?: 'All' | 'Stdout' | 'Stderr';
}

export interface ProcessStreams {
  readonly stdin?: ByteSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly tty: boolean;
  readonly resize?: AsyncIterable<TerminalSize>;
}
