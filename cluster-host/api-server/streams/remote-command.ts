/**
 * Exec and attach, free of the protocol they came in: which streams are wanted, what is run, and the Status that tells how it
 * ended (k8s.io/apimachinery/pkg/util/remotecommand).
 */
import type { V1Status } from '../../api/generated/types.ts';
import type { ByteSink, ByteSource, TerminalSize } from '../../platform/streams.ts';
import { badRequest, internalError } from '../../api/status.ts';
import { ApiFailure } from '../failure.ts';
import { isNodeRequestError, type ContainerTarget, type NodeConnection, type ProcessStreams } from '../node-connection.ts';
import { flag } from './pod-target.ts';

export interface ProcessOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** What the query asks for. A terminal has no stderr of its own. Throws BadRequest where no stream is asked for. */
export function processOptions(query: URLSearchParams): ProcessOptions {
  const tty = flag(query, 'tty');
  const options = { stdin: flag(query, 'stdin'), stdout: flag(query, 'stdout'), stderr: flag(query, 'stderr') && !tty, tty };
  if (!options.stdin && !options.stdout && !options.stderr) throw new ApiFailure(badRequest('you must specify at least 1 of stdin, stdout, stderr'));
  return options;
}

/** The client's end of a process: its streams, and a way to tell it how the process ended. */
export interface ProcessClient {
  readonly stdin?: ByteSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly resize?: AsyncIterable<TerminalSize>;
  /** Tells the outcome; nothing follows it. */
  finish(status: V1Status): Promise<void>;
}

export interface RemoteProcess {
  /** What is done, as messages call it. */
  readonly deed: 'executing command in' | 'attaching to';
  /** Resolves with the exit code. */
  run(streams: ProcessStreams, signal: AbortSignal): Promise<number>;
}

export function execIn(node: NodeConnection, target: ContainerTarget, command: readonly string[]): RemoteProcess {
  return { deed: 'executing command in', run: async (streams, signal) => await node.exec(target, command, streams, signal) };
}

export function attachTo(node: NodeConnection, target: ContainerTarget): RemoteProcess {
  return {
    deed: 'attaching to',
    async run(streams, signal) {
      await node.attach(target, streams, signal);
      return 0;
    },
  };
}

/** Runs to the end and tells the client. Never rejects: what fails is told as a Status. */
export async function runProcess(client: ProcessClient, tty: boolean, process: RemoteProcess, signal: AbortSignal): Promise<void> {
  const { stdin, stdout, stderr, resize } = client;
  const streams: ProcessStreams = { tty, ...(stdin && { stdin }), ...(stdout && { stdout }), ...(stderr && { stderr }), ...(resize && { resize }) };
  const status = await process.run(streams, signal).then(exitStatus, (error: unknown) => failureStatus(process.deed, error));
  // A client that is gone has no use for the outcome.
  await client.finish(status).catch(() => undefined);
}

function exitStatus(code: number): V1Status {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

function failureStatus(deed: RemoteProcess['deed'], error: unknown): V1Status {
  const message = error instanceof Error ? error.message : String(error);
  const missing = isNodeRequestError(error) && error.code === 'NotFound';
  return internalError(missing ? `unable to upgrade connection: ${message}` : `error ${deed} container: ${message}`);
}

/** Terminal sizes out of the resize stream: JSON objects one after the other, `{"Width":80,"Height":24}`, wherever the pieces end. */
export async function* terminalSizes(source: ByteSource): AsyncGenerator<TerminalSize, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of source) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      const size = parseSize(text.slice(0, end + 1));
      text = text.slice(end + 1);
      // Kubernetes reads no further once the client sends what is no size.
      if (size === undefined) return;
      yield size;
    }
    if (text.length > 1024) return;
  }
}

function parseSize(text: string): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    return isSize(columns) && isSize(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff;
}
