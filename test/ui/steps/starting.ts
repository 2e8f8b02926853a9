/** The local cluster: where it cannot start, where its start is cancelled, and where it starts. */
import assert from 'node:assert/strict';
import { processesOf } from '../host.ts';
import { clearNotifications, notification, patience, soon, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const starting: readonly Step[] = [
  {
    title: 'an empty explorer offers to start a cluster',
    async run({ page }) {
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Kubicle' }).first().click();
      await page.getByRole('button', { name: 'Start Local Cluster' }).first().waitFor(patience);
    },
  },
  {
    title: 'without a Docker Engine the explorer says what to do',
    async run({ page }) {
      const welcome = page.locator('.welcome-view-content');
      await welcome.getByRole('button', { name: 'Start Local Cluster' }).click();
      await welcome.getByText('No Docker Engine answers, and containers need one.').waitFor(patience);
      await welcome.getByRole('button', { name: 'Start Without Docker' }).waitFor(patience);
      await welcome.getByRole('button', { name: 'How to Install Docker' }).waitFor(patience);
      await notification(page, /no Docker Engine answers at/);
    },
  },
  {
    title: 'a start is cancelled from its notification',
    async run({ page, engine, editor }) {
      await clearNotifications(page);
      await engine.open();
      engine.hold();
      await page.locator('.welcome-view-content').getByRole('button', { name: 'Try Again' }).click();
      const progress = page.locator('.notification-list-item', { hasText: /Starting cluster/ });
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster, walk · \S/ }).waitFor(patience);
      await progress.getByRole('button', { name: 'Cancel' }).click(patience);
      engine.release();
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster.*stopped/ }).waitFor(patience);
      await progress.waitFor({ ...patience, state: 'detached' });
      await soon(() => Promise.resolve(processesOf(editor, 'cluster-host').length === 0));
      assert.equal(await page.locator('.notification-list-item').count(), 0);
    },
  },
  {
    title: 'the cluster starts',
    async run({ page }) {
      await page.locator('.welcome-view-content').getByRole('button', { name: 'Start Local Cluster' }).click();
      await tree(page, 'Clusters').getByRole('treeitem', { name: /Local cluster.*running/ }).waitFor({ timeout: 60_000 });
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Namespace default/ }).waitFor({ timeout: 60_000 });
    },
  },
];
