/** (f) The extension's own share of its activation: Node loads and runs what VS Code would, `vscode` itself is a stand-in. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, printRow } from './report.ts';

const runs = 7;

export function benchActivation(): Promise<void> {
  const child = join(import.meta.dirname, 'activation-child.ts');
  const times = Array.from({ length: runs }, () => JSON.parse(execFileSync(process.execPath, [child], { encoding: 'utf8' })) as { readonly activated: number; readonly loaded: number });
  printRow({ name: 'activation, without VS Code’s own part', value: median(times.map(({ activated }) => activated)), unit: 'ms' });
  printRow({ name: 'and loading the rest, at the first use', value: median(times.map(({ loaded }) => loaded)), unit: 'ms' });
  return Promise.resolve();
}
