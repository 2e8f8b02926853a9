/** A look into a running pod from beside it, and a node that is emptied and comes back. */
import { choose, clearNotifications, patience, soon, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const mending: readonly Step[] = [
  {
    title: 'another container looks into a pod',
    async run({ page }) {
      await clearNotifications(page);
      for (const owner of [/Deployment web,/, /ReplicaSet web-/]) {
        await tree(page, 'Explorer').getByRole('treeitem', { name: owner }).first().click();
        await page.keyboard.press('ArrowRight');
      }
      await choose(page, /Pod web-/, 'Debug with Another Container…');
      const input = page.locator('.quick-input-box input');
      await input.fill('kubicle-sample/worker:1');
      await input.press('Enter');
      await page.getByText(/debugger-\w+/).first().waitFor(patience);
    },
  },
  {
    title: 'a node is drained, and takes pods again',
    async run({ page }) {
      const explorer = tree(page, 'Explorer');
      await explorer.getByRole('treeitem', { name: /^Nodes/ }).click();
      await page.keyboard.press('ArrowRight');
      await choose(page, /Node node-1/, 'Drain…');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/Move \d+ pods away from node-1\?/).waitFor(patience);
      await dialog.getByRole('button', { name: 'Drain' }).click();
      await explorer.getByRole('treeitem', { name: /Node node-1, Ready,SchedulingDisabled/ }).waitFor(patience);
      await explorer.getByRole('treeitem', { name: /Deployment web, 0\/3 ready/ }).waitFor({ timeout: 90_000 });
      await soon(async () => (await page.locator('.notification-list-item', { hasText: 'Draining' }).count()) === 0);
      await page.screenshot({ path: 'test-results/ui/drained.png' });
      await choose(page, /Node node-1/, 'Uncordon');
      await explorer.getByRole('treeitem', { name: /Deployment web, 3\/3 ready/ }).waitFor({ timeout: 90_000 });
    },
  },
];
