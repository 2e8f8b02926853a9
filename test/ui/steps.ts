/** The steps of the walk, in order. */
import { join } from 'node:path';
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

export interface Walk {
  readonly page: Page;
  /** The address of the window. */
  readonly url: string;
  /** Addresses on other hosts that the page asked for. */
  readonly foreign: string[];
}

export interface Step {
  readonly title: string;
  run(walk: Walk): Promise<void>;
}

const patience = { timeout: 30_000 };

function tree(page: Page, name: string): Locator {
  return page.getByRole('tree', { name });
}

async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-box input');
  await input.fill(name);
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).first().waitFor(patience);
  await input.press('Enter');
  await page.getByRole('tab', { name: new RegExp(name) }).first().waitFor(patience);
}

async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  const input = page.locator('.quick-input-box input');
  await input.fill(`>${title}`);
  await page.getByRole('option', { name: new RegExp(title) }).first().waitFor(patience);
  await input.press('Enter');
}

/** An entry of the menu that a right click on something in the explorer opens. */
async function choose(page: Page, what: RegExp, title: string): Promise<void> {
  await tree(page, 'Explorer').getByRole('treeitem', { name: what }).first().click({ button: 'right' });
  const item = page.getByRole('menuitem', { name: title, exact: true });
  // A menu takes no click in its first moments, so that the click that opened it does not choose.
  const chosen = (): Promise<boolean> => item.waitFor({ state: 'hidden', timeout: 1000 }).then(() => true, () => false);
  do await item.click(patience);
  while (!(await chosen()));
}

/** A button at the right of the editor's tabs. */
async function editorAction(page: Page, title: string): Promise<void> {
  await page.locator('.editor-actions').getByRole('button', { name: new RegExp(`^${title}`) }).first().click();
}

async function notification(page: Page, text: RegExp): Promise<void> {
  await page.locator('.notification-list-item-message', { hasText: text }).first().waitFor({ timeout: 60_000 });
}

async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
}

export const steps: readonly Step[] = [
  {
    title: 'the workbench opens on the sample',
    async run({ page }) {
      await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
      await page.getByRole('treeitem', { name: /worker\.yaml/ }).first().waitFor({ timeout: 60_000 });
    },
  },
  {
    title: 'the mistake is underlined',
    async run({ page }) {
      await page.getByRole('treeitem', { name: /worker\.yaml/ }).first().dblclick();
      await page.locator('.monaco-editor .squiggly-error').first().waitFor(patience);
    },
  },
  {
    title: 'its hover says what is wrong',
    async run({ page }) {
      const word = page.locator('.view-line span', { hasText: /^replica$/ }).last();
      await word.hover();
      await page.locator('.monaco-hover', { hasText: 'unknown field "spec.replica"' }).first().waitFor(patience);
    },
  },
  {
    title: 'an empty explorer offers to start a cluster',
    async run({ page }) {
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Kubicle' }).first().click();
      await page.getByRole('button', { name: 'Start Local Cluster' }).first().waitFor(patience);
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
  {
    title: 'the mistake is refused by the API server, on its line',
    async run({ page }) {
      await editorAction(page, 'Apply');
      await notification(page, /\.spec\.replica: field not declared in schema/);
    },
  },
  {
    title: 'the mistake is mended',
    async run({ page }) {
      await clearNotifications(page);
      await page.locator('.view-line', { hasText: 'replica: 1' }).click();
      await page.keyboard.press('End');
      await page.keyboard.press('Control+Shift+K');
      await page.keyboard.press('Control+S');
      await page.locator('.monaco-editor .squiggly-error').waitFor({ ...patience, state: 'detached' });
    },
  },
  {
    title: 'the code lens applies the worker',
    async run({ page }) {
      await page.locator('.codelens-decoration a', { hasText: 'Apply' }).first().click();
      await notification(page, /deployment\/worker created/);
    },
  },
  {
    title: 'the editor button applies the web front',
    async run({ page }) {
      await clearNotifications(page);
      await openFile(page, 'web.yaml');
      await editorAction(page, 'Apply');
      await notification(page, /Applied 3 objects: 3 created/);
    },
  },
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
      await assertSoon(async () => (await count.textContent()) !== before);
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
        await second.screenshot({ path: join(import.meta.dirname, '../../test-results/ui/second-window.png') });
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
];

async function assertSoon(look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience.timeout;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
