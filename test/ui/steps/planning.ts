/** An apply is planned, refused by who else wrote there, taken over, and undone. */
import { choose, clearNotifications, editorAction, notification, openFile, patience, runCommand, tree } from '../page.ts';
import type { Step } from '../step.ts';

export const planning: readonly Step[] = [
  {
    title: 'a plan shows what an apply would change',
    async run({ page }) {
      await choose(page, /Deployment web,/, 'Scale…');
      const input = page.locator('.quick-input-box input');
      await input.fill('2');
      await input.press('Enter');
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment web, 2\/2 ready/ }).waitFor({ timeout: 60_000 });
      await openFile(page, 'web.yaml');
      await runCommand(page, 'Kubicle: Preview Changes');
      await notification(page, /Plan for walk: .*deployment\/web .*in conflict with/);
      await page.locator('.monaco-diff-editor').first().waitFor(patience);
    },
  },
  {
    title: 'a conflict is taken over',
    async run({ page }) {
      await clearNotifications(page);
      await openFile(page, 'web.yaml');
      await editorAction(page, 'Apply');
      await notification(page, /deployment\/web: Others set these fields to something else: spec\.replicas/);
      await page.locator('.notification-list-item').getByRole('button', { name: 'Take Over Fields…' }).click();
      await page.locator('.quick-input-list').getByText('spec.replicas').waitFor(patience);
      await page.screenshot({ path: 'test-results/ui/take-over.png' });
      await page.keyboard.press('Enter');
      // Side by side: a notification hides itself again.
      await Promise.all([
        tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment web, 3\/3 ready/ }).waitFor({ timeout: 60_000 }),
        notification(page, /deployment\/web configured\. Ready\./),
      ]);
    },
  },
  {
    title: 'the last apply is undone',
    async run({ page }) {
      await clearNotifications(page);
      await runCommand(page, 'Kubicle: Undo Last Apply');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('deployment/web: gets its earlier values back').waitFor(patience);
      await dialog.getByRole('button', { name: 'Undo' }).click();
      await notification(page, /Undone: 1 objects are as they were/);
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment web, 2\/2 ready/ }).waitFor({ timeout: 60_000 });
      await choose(page, /Deployment web,/, 'Scale…');
      const input = page.locator('.quick-input-box input');
      await input.fill('3');
      await input.press('Enter');
      await tree(page, 'Explorer').getByRole('treeitem', { name: /Deployment web, 3\/3 ready/ }).waitFor({ timeout: 60_000 });
    },
  },
];
