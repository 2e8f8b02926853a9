/** Other windows, and the end. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hostProcess, isAlive, processesOf } from '../host.ts';
import { patience, runCommand, soon, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const ending: readonly Step[] = [
  {
    title: 'a second window shares the cluster',
    async run({ page, url }) {
      const second = await page.context().newPage();
      // A page in the background is slowed down by the browser.
      await second.bringToFront();
      await second.goto(url);
      await second.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
      // The window may have kept the view open from the first; a click would close it then.
      const clusters = tree(second, 'Clusters');
      await clusters.waitFor({ timeout: 10_000 }).catch(() => second.getByRole('tab', { name: 'Kubicle' }).first().click());
      await clusters.getByRole('treeitem', { name: /Local cluster.*running/ }).waitFor({ timeout: 120_000 }).catch(async (error: unknown) => {
        await second.screenshot({ path: join(import.meta.dirname, '../../../test-results/ui/second-window.png') });
        throw error;
      });
      await tree(second, 'Explorer').getByRole('treeitem', { name: /Deployment web, 3\/3 ready/ }).waitFor(patience);
      await second.close();
      await page.bringToFront();
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster.*running/ }).waitFor(patience);
    },
  },
  {
    title: 'nothing was asked of another host',
    async run({ foreign }) {
      assert.deepEqual(foreign, []);
      await Promise.resolve();
    },
  },
  {
    title: 'the cluster stops',
    async run({ page }) {
      await runCommand(page, 'Kubicle: Stop Local Cluster');
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster.*stopped/ }).waitFor({ timeout: 60_000 });
    },
  },
  {
    title: 'an editor that is killed leaves no cluster behind',
    async run({ page, editor }) {
      await runCommand(page, 'Kubicle: Start Local Cluster');
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster.*running/ }).waitFor({ timeout: 60_000 });
      const host = hostProcess(editor);
      const [extensionHost] = processesOf(editor, '--type=extensionHost');
      assert.ok(host !== undefined && isAlive(host) && extensionHost !== undefined);
      process.kill(extensionHost, 'SIGKILL');
      await page.close();
      editor.kill();
      // The host waits a while for a window that may only reload.
      await soon(() => Promise.resolve(!isAlive(host)), 60_000);
      assert.equal(hostProcess(editor), undefined);
    },
  },
];
