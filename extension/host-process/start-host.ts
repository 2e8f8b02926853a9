/** Starts a cluster host as a process of its own, which outlives this window, and follows it until its API answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HostFile, ProgressStep, RuntimeName, StartErrorCode, StartLine } from '../../cluster-host/control-protocol.ts';
import type { StateDirectory } from '../../cluster-host/host/state-directory.ts';

export interface StartOptions {
  /** Node's executable, or Electron's, which is told to be Node. */
  readonly node: string;
  /** `dist/cluster-host/main.cjs`. */
  readonly bundle: string;
  readonly name: string;
  readonly state: StateDirectory;
  readonly nodes: number;
  readonly runtime: RuntimeName;
  /** 0 for a free one. */
  readonly port: number;
  /** Goes on when the last window is closed. */
  readonly keep: boolean;
}

export class HostStartError extends Error {
  readonly code: StartErrorCode;
  readonly hint: string | undefined;
  constructor(code: StartErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'HostStartError';
    this.code = code;
    this.hint = hint;
  }
}

const cancelPatience = 15_000;

/** Resolves once the host is ready. Rejects with a `HostStartError`; aborting ends the process and rejects with `cancelled`. */
export async function startHost(options: StartOptions, progress: (step: ProgressStep) => void, signal: AbortSignal): Promise<HostFile> {
  const child = launch(options);
  const cancel = (): void => {
    child.kill('SIGINT');
    // One that does not hear of it must not stay.
    setTimeout(() => child.kill('SIGKILL'), cancelPatience).unref();
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const host = await ready(child, progress);
    // It was ready by the time it heard of the abort, and ends again.
    if (signal.aborted) await new Promise((resolve) => child.once('close', resolve));
    signal.throwIfAborted();
    return host;
  } catch (error) {
    throw signal.aborted ? new HostStartError('cancelled', 'The start was cancelled.') : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    child.stdout?.destroy();
    child.unref();
  }
}

function launch(options: StartOptions): ChildProcess {
  const args = ['up', '--progress', 'json', '--name', options.name, '--state-dir', options.state.root];
  args.push('--nodes', String(options.nodes), '--runtime', options.runtime);
  if (options.port !== 0) args.push('--port', String(options.port));
  if (!options.keep) args.push('--end-with-windows');
  const log = openLog(options.state);
  try {
    return spawn(options.node, ['--disable-warning=ExperimentalWarning', options.bundle, ...args], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', log ?? 'ignore'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Undefined where nothing can be written: then the host itself says what is wrong with the directory. */
function openLog(state: StateDirectory): number | undefined {
  try {
    mkdirSync(state.root, { recursive: true, mode: 0o700 });
    return openSync(state.log, 'a', 0o600);
  } catch {
    return undefined;
  }
}

function ready(child: ChildProcess, progress: (step: ProgressStep) => void): Promise<HostFile> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (text) => {
      const line = parseLine(text);
      if (line === undefined) return;
      if ('progress' in line) progress(line.progress);
      else if ('ready' in line) resolve(line.ready);
      else reject(new HostStartError(line.error.code, line.error.message, line.error.hint));
    });
    child.on('error', (error) => reject(new HostStartError('internalError', error.message)));
    // Lines first: what the host said last explains its exit.
    child.on('close', (code, signal) => {
      reject(new HostStartError('internalError', `The cluster host ended before it was ready (${signal ?? `exit code ${code ?? 'unknown'}`}).`, 'Its log says more.'));
    });
  });
}

function parseLine(text: string): StartLine | undefined {
  try {
    return JSON.parse(text) as StartLine;
  } catch {
    return undefined;
  }
}
