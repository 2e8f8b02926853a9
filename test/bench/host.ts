/** A cluster host as a user starts it: the built bundle, a state directory of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HostFile, RuntimeName, StartLine } from '../../cluster-host/control-protocol.ts';

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'cluster-host', 'main.cjs');

export interface BenchHost extends AsyncDisposable {
  readonly file: HostFile;
  readonly pid: number;
  /** Milliseconds from the spawn to each step's first message. */
  readonly steps: ReadonlyMap<string, number>;
  readonly ready: number;
}

export async function startHost(runtime: RuntimeName, nodes = 1): Promise<BenchHost> {
  const state = mkdtempSync(join(tmpdir(), 'kubicle-bench-'));
  const shared = ['--name', 'bench', '--state-dir', state];
  const start = performance.now();
  const child = spawn(process.execPath, [bundle, 'up', ...shared, '--runtime', runtime, '--nodes', String(nodes), '--progress', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const steps = new Map<string, number>();
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as StartLine;
    if ('progress' in line) {
      if (!steps.has(line.progress.step)) steps.set(line.progress.step, performance.now() - start);
    } else if ('ready' in line) {
      const stop = async (): Promise<void> => {
        spawnSync(process.execPath, [bundle, 'down', ...shared, '--delete'], { stdio: ['ignore', 'ignore', 'inherit'] });
        await ended(child);
        rmSync(state, { recursive: true, force: true });
      };
      return { file: line.ready, pid: line.ready.pid, steps, ready: performance.now() - start, [Symbol.asyncDispose]: stop };
    } else {
      throw new Error(line.error.message);
    }
  }
  throw new Error('the host ended without a word');
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode === null ? new Promise((resolve) => child.once('exit', () => resolve())) : Promise.resolve();
}

/** Resident memory in MiB. */
export function residentMemory(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}

/** Milliseconds of CPU that the process has used. */
export function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
