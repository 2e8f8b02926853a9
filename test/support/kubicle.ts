/** Runs the command line `kubicle` from its sources, as a user runs the bundle, with a state directory of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostFile, RuntimeName, StartLine } from '../../cluster-host/control-protocol.ts';

const entry = join(import.meta.dirname, '..', '..', 'cluster-host', 'main.ts');

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function finished(child: ChildProcess): Promise<Finished> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
}

/** A cluster of a test: its name, its folder, and the commands on it. */
export class TestCluster implements AsyncDisposable {
  readonly name: string;
  readonly state: string;
  readonly runtime: RuntimeName;
  readonly #env: NodeJS.ProcessEnv;

  constructor(name: string, runtime: RuntimeName, env: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.runtime = runtime;
    this.#env = { ...process.env, ...env };
    this.state = mkdtempSync(join(tmpdir(), `kubicle-${name}-`));
  }

  get kubeconfig(): string {
    return join(this.state, 'kubeconfig');
  }

  get file(): HostFile {
    return JSON.parse(readFileSync(join(this.state, 'host.json'), 'utf8')) as HostFile;
  }

  spawn(command: string, ...options: readonly string[]): ChildProcess {
    const args = [entry, command, '--name', this.name, '--state-dir', this.state, ...options];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: this.#env });
  }

  run(command: string, ...options: readonly string[]): Promise<Finished> {
    return finished(this.spawn(command, ...options));
  }

  /** Starts the cluster and leaves it running. */
  async up(...options: readonly string[]): Promise<void> {
    const { code, err } = await this.run('up', '--runtime', this.runtime, '--detach', ...options);
    if (code !== 0) throw new Error(`kubicle up ended with ${code}:\n${err}`);
  }

  /** Starts in the foreground; resolves once ready. */
  async upInForeground(...options: readonly string[]): Promise<{ readonly child: ChildProcess; readonly ended: Promise<Finished> }> {
    const child = this.spawn('up', '--runtime', this.runtime, '--progress', 'json', ...options);
    const ended = finished(child);
    const ready = new Promise<void>((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        for (const line of text.split('\n').slice(0, -1)) {
          const step = JSON.parse(line) as StartLine;
          if ('ready' in step) resolve();
          if ('error' in step) reject(new Error(step.error.message));
        }
      });
      void ended.then(({ code, err }) => reject(new Error(`kubicle up ended with ${code}:\n${err}`)));
    });
    await ready;
    return { child, ended };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('down', '--delete');
    rmSync(this.state, { recursive: true, force: true });
  }
}

/** Asks again until the answer is there; for what has no event to wait for, seen from outside. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>, timeout = 30_000): Promise<T> {
  const deadline = performance.now() + timeout;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come about in ${timeout / 1000} s`, { cause: last });
}
