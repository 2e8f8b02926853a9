/** Starting a host that outlives this process. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { StartLine } from '../control-protocol.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { StartError } from '../host/start-error.ts';
import type { Io } from './io.ts';

/** Starts the same command line without `--detach` in a process of its own, and passes on its lines until it is ready or gave up. */
export async function startDetached(argv: readonly string[], state: StateDirectory, io: Io, report: (line: StartLine) => void): Promise<number> {
  mkdirSync(state.root, { recursive: true, mode: 0o700 });
  const log = openSync(state.log, 'a', 0o600);
  const own = [...process.execArgv, process.argv[1] ?? ''];
  const args = argv.filter((word) => word !== '--detach');
  const child = spawn(process.execPath, [...own, 'up', ...args, '--progress', 'json'], { detached: true, stdio: ['ignore', 'pipe', log] }) as ChildProcessByStdio<null, Readable, null>;
  closeSync(log);
  const cancel = (): void => void child.kill('SIGINT');
  io.signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as StartLine;
      report(line);
      if ('ready' in line) {
        child.stdout.destroy();
        child.unref();
        return 0;
      }
      if ('error' in line) return 1;
    }
  } finally {
    io.signal.removeEventListener('abort', cancel);
  }
  throw new StartError('internalError', 'the cluster host ended without a word', `Its log: ${state.log}`);
}
