/**
 * `npm start`: everything up to an editor on the sample workspace with a cluster behind it. Repeatable: what is there is
 * kept, so a second start takes seconds. Ctrl-C ends the editor and the cluster.
 *
 * `npm start -- --runtime simulated` does without a Docker Engine.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onPath, root, run, tools } from '../setup/commands.ts';
import { ensureDocker } from '../setup/docker.ts';
import { ensureSampleImages } from '../setup/sample-images.ts';
import { serveEditor } from './code-server.ts';

const { values } = parseArgs({ options: { runtime: { type: 'string', default: 'docker' } } });
const simulated = values.runtime === 'simulated';
const host = join(root, 'dist', 'cluster-host', 'main.cjs');
const vsix = join(root, 'kubicle.vsix');
const workspace = join(tools, 'sample');

function kubicle(args: readonly string[]): void {
  const done = spawnSync(process.execPath, [host, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) throw new Error(`kubicle ${args.join(' ')} failed`);
}

/** The person's own copy: what they mend or break there stays theirs. */
function prepareWorkspace(): void {
  if (!existsSync(workspace)) cpSync(join(root, 'sample'), workspace, { recursive: true });
}

async function main(): Promise<void> {
  console.log('Building Kubicle …');
  run(process.execPath, ['scripts/generate/main.ts']);
  run(process.execPath, ['scripts/package.ts']);
  if (!simulated) {
    await ensureDocker();
    await ensureSampleImages();
  }
  prepareWorkspace();
  console.log('Starting the cluster …');
  kubicle(['up', '--detach', '--runtime', simulated ? 'simulated' : 'docker']);
  const code = onPath('code');
  if (code === undefined) {
    await serveEditor({ vsix, workspace });
    kubicle(['down']);
  } else {
    run(code, ['--install-extension', vsix, '--force']);
    run(code, ['--new-window', workspace]);
    console.log('VS Code is open on the sample. "npx kubicle down" stops the cluster.');
  }
}

try {
  await main();
} catch (error) {
  console.error(`\n${(error as Error).message}`);
  process.exitCode = 1;
}
