/** Runs the same suite in a desktop VS Code: the one named in VSCODE_EXECUTABLE, or a downloaded one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { pack } from '../../../scripts/package.ts';
import { concludeSuite, prepareSuite } from '../../support/e2e-suite.ts';

const suite = await prepareSuite();
const executable = process.env['VSCODE_EXECUTABLE'] ?? (await downloadAndUnzipVSCode());
const profile = mkdtempSync(join(tmpdir(), 'kubicle-desktop-'));
const folders = [`--user-data-dir=${join(profile, 'user-data')}`, `--extensions-dir=${join(profile, 'extensions')}`];
const [cli = executable] = resolveCliArgsFromVSCodeExecutablePath(executable);
execFileSync(cli, [...folders, '--install-extension', await pack()], { stdio: 'inherit' });
await runTests({
  vscodeExecutablePath: executable,
  extensionDevelopmentPath: suite.harness,
  extensionTestsPath: suite.entry,
  extensionTestsEnv: { KUBICLE_TEST_RESULT: suite.resultFile },
  launchArgs: [suite.workspace, ...folders, '--disable-workspace-trust'],
}).catch((error: unknown) => console.error(error));
concludeSuite(suite);
