/** What runs is seen, read, reached and entered. */
import { clearNotifications, notification, patience, soon, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const running: readonly Step[] = [
  {
    title: 'pods come up in the explorer',
    async run({ page }) {
      await clearNotifications(page);
      const explorer = tree(page, 'Explorer');
      await explorer.getByRole('treeitem', { name: /Deployment web, 3\/3 ready/ }).waitFor({ timeout: 90_000 });
      await explorer.getByRole('treeitem', { name: /Deployment web/ }).click();
      await page.keyboard.press('ArrowRight');
      const replicaSet = explorer.getByRole('treeitem', { name: /ReplicaSet web-/ });
      await replicaSet.click();
      await page.keyboard.press('ArrowRight');
      await explorer.getByRole('treeitem', { name: /Pod web-.*Running 1\/1/ }).first().waitFor(patience);
    },
  },
  {
    title: 'the logs of the worker follow',
    async run({ page }) {
      const worker = tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment worker/ });
      await worker.hover();
      await worker.getByRole('button', { name: 'Logs' }).click();
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.locator('.row', { hasText: /visit \d+ was answered by web-/ }).first().waitFor({ timeout: 60_000 });
      const count = frame.locator('#count');
      const before = await count.textContent();
      await soon(async () => (await count.textContent()) !== before);
    },
  },
  {
    title: 'the service is forwarded',
    async run({ page }) {
      const service = tree(page, 'Explorer').getByRole('treeitem', { name: /^Services/ }).first();
      await service.click();
      await page.keyboard.press('ArrowRight');
      const web = tree(page, 'Explorer').getByRole('treeitem', { name: /Service web/ });
      await web.hover();
      await web.getByRole('button', { name: /Forward Port/ }).click();
      await notification(page, /web:80 is at localhost:\d+/);
      const text = await page.locator('.notification-list-item-message', { hasText: 'localhost:' }).first().textContent();
      const port = /localhost:(\d+)/.exec(text ?? '')?.[1] ?? '';
      const front = await page.context().newPage();
      await front.goto(`http://localhost:${port}/`);
      await front.getByRole('heading', { name: 'Hello from your own cluster' }).waitFor(patience);
      await front.locator('#pod', { hasText: /^web-/ }).waitFor(patience);
      await front.screenshot({ path: 'test-results/ui/the-page.png' });
      await front.close();
    },
  },
  {
    title: 'a terminal opens in a container',
    async run({ page }) {
      await clearNotifications(page);
      const pod = tree(page, 'Explorer').getByRole('treeitem', { name: /Pod web-/ }).first();
      await pod.hover();
      await pod.getByRole('button', { name: 'Open Terminal' }).click();
      await page.locator('.terminal-wrapper').first().waitFor(patience);
      await page.waitForTimeout(1000);
      await page.keyboard.type('echo "I am $(hostname)"\n');
      await page.locator('.xterm-accessibility, .xterm-rows', { hasText: /I am web-/ }).first().waitFor(patience);
    },
  },
];
