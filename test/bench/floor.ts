/** Starts the floor's server and talks to it as the benches talk to a cluster. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Target } from './api.ts';

export interface Floor extends AsyncDisposable {
  readonly target: Target;
}

export async function startFloor(): Promise<Floor> {
  const folder = mkdtempSync(join(tmpdir(), 'kubicle-bench-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'floor-server.ts'), join(folder, 'log')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    target: { ...(JSON.parse(line) as Omit<Target, 'token'>), token: '' },
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
