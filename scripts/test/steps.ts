/** The steps of `npm test`, in order: set-up first, then what is quick, then what needs an engine, then the editor. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages, root } from '../setup/commands.ts';
import { ensureDocker } from '../setup/docker.ts';
import { ensureKubectl } from '../setup/kubectl.ts';
import { ensureSampleImages } from '../setup/sample-images.ts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

export interface Step {
  readonly name: string;
  readonly summary: string;
  run(): Promise<Outcome>;
}

interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a program with its output shown and kept. */
function show(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      stream.write(chunk);
      output += chunk.toString();
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A program that passes or fails as a whole. */
async function whole(command: string, args: readonly string[]): Promise<Outcome> {
  const { code } = await show(command, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A program whose last line `N passed, N failed` counts; without that line, or with an exit code that belies it, it failed. */
async function counted(command: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await show(command, args);
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  if (line === undefined) return { passed: 0, failed: 1 };
  const outcome = { passed: Number(line[1]), failed: Number(line[2]) };
  return code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
}

/** A script that drives an editor in a browser. */
async function inBrowser(script: string): Promise<Outcome> {
  if (process.env.CHROMIUM === undefined) ensureDebianPackages({ chromium: 'chromium' });
  await ensureDocker();
  await ensureSampleImages();
  return counted(process.execPath, [script]);
}

async function vitest(project: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const report = join(root, 'test-results', `${project}.json`);
  rmSync(report, { force: true });
  const { code } = await show(bin('vitest'), ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], env);
  const result = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number; success: boolean };
  const failed = code !== 0 && result.numFailedTests === 0 ? 1 : result.numFailedTests;
  return { passed: result.numPassedTests, failed };
}

const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

export const steps: readonly Step[] = [
  { name: 'generate', summary: 'types and catalogue out of the pinned dependencies', run: () => whole(node, ['scripts/generate/main.ts']) },
  { name: 'types', summary: 'the TypeScript compiler', run: () => whole(bin('tsc'), ['-p', '.']) },
  { name: 'lint', summary: 'oxlint with type-aware rules', run: () => whole(bin('oxlint'), ['--type-aware', '--quiet']) },
  { name: 'layers', summary: 'who may import whom', run: () => whole(node, ['scripts/check-layers.ts']) },
  { name: 'unit', summary: 'units, API and storage, in this process', run: () => vitest('unit') },
  { name: 'build', summary: 'the bundles and the VSIX', run: () => whole(node, ['scripts/package.ts']) },
  {
    name: 'integration',
    summary: 'real Docker, real kubectl',
    async run() {
      ensureDebianPackages({ 'busybox-static': 'busybox' });
      await ensureDocker();
      return vitest('integration', { KUBECTL: ensureKubectl() });
    },
  },
  { name: 'fuzz', summary: 'requests and manifests gone wrong', run: () => counted(node, ['test/fuzz/main.ts', '1', '1000']) },
  { name: 'e2e', summary: 'the suite inside a real VS Code', run: () => inBrowser('test/e2e/launch/code-server.ts') },
  { name: 'ui', summary: 'a walk through the packaged extension in a real browser', run: () => inBrowser('test/ui/walk.ts') },
];
