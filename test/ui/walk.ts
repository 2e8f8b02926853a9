/**
 * The walk: a person with a mouse in a real VS Code, with the packaged extension and the sample workspace. Each step waits for what
 * it should see and leaves a picture in `test-results/ui/`. Steps build on each other: the first that fails ends the walk.
 * With words on the command line it walks through those parts alone.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../../scripts/package.ts';
import { startBrowser } from '../support/browser.ts';
import { removeCluster, startEditor } from '../support/code-server.ts';
import { EngineProxy } from '../support/engine-proxy.ts';
import { clusterName } from './host.ts';
import type { Walk } from './step.ts';
import { stepsOf } from './steps.ts';

const steps = stepsOf(process.argv.slice(2));
const root = join(import.meta.dirname, '../..');
const pictures = join(root, 'test-results/ui');

async function walk(place: Walk): Promise<{ readonly passed: number; readonly failed: number }> {
  const { page } = place;
  page.on('request', (request) => {
    const { hostname } = new URL(request.url());
    if (!isHere(hostname)) place.foreign.push(request.url());
  });
  let passed = 0;
  for (const [index, step] of steps.entries()) {
    const { title } = step;
    const picture = join(pictures, `${String(index + 1).padStart(2, '0')}-${title.replaceAll(/\W+/g, '-')}`);
    const started = performance.now();
    try {
      await step.run(place);
      passed++;
      console.log(`✓ ${title} (${Math.round(performance.now() - started)} ms)`);
      if (!page.isClosed()) await page.screenshot({ path: `${picture}.png` });
    } catch (error) {
      console.error(`✗ ${title}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (!page.isClosed()) await page.screenshot({ path: `${picture}-failed.png` });
      return { passed, failed: steps.length - passed };
    }
  }
  return { passed, failed: 0 };
}

/** Resources of a webview have an address of their own, which its service worker answers out of the editor: nothing is sent there. */
function isHere(hostname: string): boolean {
  return ['127.0.0.1', 'localhost', ''].includes(hostname) || hostname.endsWith('.localhost') || hostname.endsWith('.vscode-resource.vscode-cdn.net');
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const settings = {
  // A name of its own: another cluster of this machine is none of our business.
  'kubicle.cluster.name': clusterName,
  'kubicle.cluster.runtime': process.env['KUBICLE_RUNTIME'] ?? 'docker',
  'window.dialogStyle': 'custom',
  'workbench.colorTheme': 'Default Dark Modern',
  // Text of terminals as elements that a test can read.
  'terminal.integrated.gpuAcceleration': 'off',
};
const engineFolder = mkdtempSync(join(tmpdir(), 'kubicle-engine-'));
const engine = new EngineProxy(join(engineFolder, 'docker.sock'));
const editor = await startEditor({ vsix: await pack(), settings, env: { DOCKER_HOST: engine.address } });
const workspace = join(editor.home, 'sample');
cpSync(join(root, 'sample'), workspace, { recursive: true });
cpSync(join(root, 'test/fixtures/workspace/unhealthy.yaml'), join(workspace, 'unhealthy.yaml'));
const browser = await startBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${editor.url}?folder=${encodeURIComponent(workspace)}`);
  const { passed, failed } = await walk({ page, url: page.url(), editor, engine, foreign: [] });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed === steps.length ? 0 : 1;
} finally {
  await browser.close();
  removeCluster(editor, clusterName);
  await editor.stop();
  engine.cut();
  rmSync(engineFolder, { recursive: true });
}
process.exit();
