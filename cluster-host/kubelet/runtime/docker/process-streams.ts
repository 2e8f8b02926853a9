/** Moves bytes between a process in a container and whoever asked for it. */
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { demultiplex } from '../../../engine/demultiplex.ts';
import type { ByteSource } from '../../../platform/streams.ts';
import type { LogOptions, ProcessStreams } from '../streaming.ts';

/** Resolves when the process closed its output; its input ends when the caller's does. Aborting closes both. */
export async function pump(socket: Duplex, streams: ProcessStreams, signal: AbortSignal): Promise<void> {
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', () => undefined);
  if (streams.stdin !== undefined) void feed(streams.stdin, socket);
  try {
    if (streams.tty) {
      for await (const chunk of socket) await streams.stdout?.write(chunk as Uint8Array);
    } else {
      for await (const { stream, bytes } of demultiplex(socket)) await streams[stream]?.write(bytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

async function feed(source: ByteSource, socket: Duplex): Promise<void> {
  try {
    for await (const chunk of source) {
      if (socket.destroyed) return;
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
    socket.end();
  } catch {
    socket.destroy();
  }
}

/** The text of a log out of the engine's stream, cut after `limitBytes`. */
export async function* logText(source: AsyncIterable<Uint8Array>, tty: boolean, { limitBytes }: LogOptions): AsyncGenerator<Uint8Array> {
  let left = limitBytes ?? Infinity;
  for await (const bytes of tty ? source : framesOnly(source)) {
    if (bytes.length >= left) {
      yield bytes.subarray(0, left);
      return;
    }
    left -= bytes.length;
    yield bytes;
  }
}

async function* framesOnly(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of demultiplex(source)) yield bytes;
}
