/** Runs a command in a container, or attaches to it, over `v5.channel.k8s.io`. */
import type { TerminalSize } from '../../../cluster-host/platform/streams.ts';
import type { Endpoint } from '../endpoint.ts';
import { openChannels } from './channels.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecHandlers {
  output(data: Buffer): void;
  /** The process ended: with its exit code, or with the reason why there is none. Called once. */
  ended(result: { readonly exitCode: number } | { readonly failure: string }): void;
}

export interface ExecSession {
  write(text: string): void;
  resize(size: TerminalSize): void;
  close(): void;
}

/** Starts `command` with a terminal of its own, or attaches to what the container runs where there is none. Rejects with the server's message when that cannot be done. */
export async function startExec(endpoint: Endpoint, target: ExecTarget, command: readonly string[] | undefined, handlers: ExecHandlers): Promise<ExecSession> {
  const query = new URLSearchParams({ container: target.container, stdin: 'true', stdout: 'true', tty: 'true' });
  for (const word of command ?? []) query.append('command', word);
  const path = `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/${command === undefined ? 'attach' : 'exec'}`;
  let outcome: Parameters<ExecHandlers['ended']>[0] | undefined;
  const socket = await openChannels(endpoint, path, query, ['v5.channel.k8s.io', 'v4.channel.k8s.io'], {
    message(from, data) {
      if (from === channel.stdout || from === channel.stderr) handlers.output(data);
      else if (from === channel.error) outcome = exitOf(data.toString());
    },
    closed(error) {
      handlers.ended(outcome ?? (error === undefined ? { exitCode: 0 } : { failure: error.message }));
    },
  });
  return {
    write: (text) => socket.send(channel.stdin, Buffer.from(text)),
    resize: ({ columns, rows }) => socket.send(channel.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))),
    close: () => socket.close(),
  };
}

/** The error channel carries a Status: success, `NonZeroExitCode` with the code as a cause, or a failure. */
export function exitOf(text: string): { readonly exitCode: number } | { readonly failure: string } {
  try {
    const status = JSON.parse(text) as { status?: string; reason?: string; message?: string; details?: { causes?: { reason?: string; message?: string }[] } };
    if (status.status === 'Success') return { exitCode: 0 };
    const code = Number(status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message);
    if (status.reason === 'NonZeroExitCode' && Number.isInteger(code)) return { exitCode: code };
    return { failure: status.message ?? text };
  } catch {
    return { failure: text };
  }
}
