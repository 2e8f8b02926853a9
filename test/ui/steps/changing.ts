/** What menus of the explorer do to live objects. */
import { choose, clearNotifications, editorAction, openFile, patience, runCommand, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const changing: readonly Step[] = [
  {
    title: 'the filter keeps what matches',
    async run({ page }) {
      const explorer = tree(page, 'Explorer');
      await runCommand(page, 'Kubicle: Filter');
      await page.locator('.quick-input-box input').fill('worker');
      await explorer.getByRole('treeitem', { name: /Deployment web/ }).waitFor({ ...patience, state: 'detached' });
      await explorer.getByRole('treeitem', { name: /Deployment worker/ }).waitFor(patience);
      await page.keyboard.press('Enter');
      await runCommand(page, 'Kubicle: Clear Filter');
      await explorer.getByRole('treeitem', { name: /Deployment web/ }).waitFor(patience);
    },
  },
  {
    title: 'a workload is scaled from its menu',
    async run({ page }) {
      await choose(page, /Deployment worker/, 'Scale…');
      const input = page.locator('.quick-input-box input');
      await input.fill('2');
      await input.press('Enter');
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment worker, 2\/2 ready/ }).waitFor({ timeout: 60_000 });
    },
  },
  {
    title: 'it is described',
    async run({ page }) {
      // The log page is a web page too.
      await runCommand(page, 'View: Close All Editors');
      await choose(page, /Deployment web/, 'Describe');
      await page.getByRole('tab', { name: /Deployment web/ }).first().waitFor(patience);
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.getByRole('heading', { name: 'Events' }).waitFor(patience);
    },
  },
  {
    title: 'the explorer says why a pod does not run',
    async run({ page }) {
      await openFile(page, 'unhealthy.yaml');
      await editorAction(page, 'Apply');
      const pod = tree(page, 'Explorer').getByRole('treeitem', { name: /Pod unhealthy, Pending/ });
      await pod.click({ timeout: 60_000 });
      await page.keyboard.press('ArrowRight');
      await tree(page, 'Explorer').getByRole('treeitem', { name: /No node takes it\. Nodes: 1 that its node selector or affinity rules out\./ }).waitFor(patience);
    },
  },
  {
    title: 'it is deleted after a question',
    async run({ page }) {
      await clearNotifications(page);
      await choose(page, /Pod unhealthy/, 'Delete…');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Delete Pod unhealthy from walk?').waitFor(patience);
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Pod unhealthy/ }).waitFor({ ...patience, state: 'detached' });
    },
  },
];
