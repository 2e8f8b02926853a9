/** Runs the suite inside the extension host of code-server, on the packaged extension. */
import { join } from 'node:path';
import { pack } from '../../../scripts/package.ts';
import { startBrowser } from '../../support/browser.ts';
import { removeCluster, startEditor } from '../../support/code-server.ts';
import { concludeSuite, prepareSuite } from '../../support/e2e-suite.ts';

const timeLimit = 300_000;

const suite = await prepareSuite();
const editor = await startEditor({ vsix: await pack(), testDriver: true, settings: { 'kubicle.cluster.name': 'suite', 'kubicle.cluster.runtime': 'simulated' }, env: { KUBICLE_TEST_RESULT: suite.resultFile } });
const browser = await startBrowser();
try {
  const page = await browser.newPage();
  const ended = new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error(`the suite did not end within ${timeLimit} ms`)), timeLimit).unref();
    void page.exposeFunction('codeAutomationExit', () => resolve());
  });
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${editor.port}${path}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(suite.harness)],
    ['extensionTestsPath', remote(suite.entry)],
  ]);
  await page.goto(`${editor.url}?folder=${encodeURIComponent(suite.workspace)}&payload=${encodeURIComponent(payload)}`);
  await ended.catch(async (error: unknown) => {
    await page.screenshot({ path: join(import.meta.dirname, '../../../test-results/e2e-hanging.png') });
    console.error(error);
  });
  concludeSuite(suite);
} finally {
  await browser.close();
  removeCluster(editor, 'suite');
  await editor.stop();
}
process.exit();
