/** What both launchers of the extension-host suite share: the bundled suite, a fresh workspace, and the reading of the result. */
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { SuiteResult } from '../e2e/suite/index.ts';

const root = join(import.meta.dirname, '../..');

export interface Suite {
  readonly entry: string;
  readonly harness: string;
  readonly workspace: string;
  readonly resultFile: string;
}

export async function prepareSuite(): Promise<Suite> {
  const folder = mkdtempSync(join(tmpdir(), 'kubicle-suite-'));
  const entry = join(folder, 'suite.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/suite/index.ts'],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
    banner: { js: `module.paths.push(${JSON.stringify(join(root, 'node_modules'))});` },
  });
  const workspace = join(folder, 'workspace');
  cpSync(join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  return { entry, harness: join(root, 'test/e2e/harness'), workspace, resultFile: join(folder, 'result.json') };
}

/** Prints the outcome and sets the exit code. A suite without a result file, or that ran nothing, did not pass, whatever the editor said. */
export function concludeSuite({ resultFile }: Suite): void {
  const result: SuiteResult = existsSync(resultFile)
    ? (JSON.parse(readFileSync(resultFile, 'utf8')) as SuiteResult)
    : { passed: 0, failed: 1, failures: [{ title: 'the suite', message: 'ended without a result: the extension host died' }] };
  for (const { title, message } of result.failures) console.error(`✗ ${title}\n${message}\n`);
  console.log(`${result.passed} passed, ${result.failed} failed`);
  process.exitCode = result.failed === 0 && result.passed > 0 ? 0 : 1;
}
