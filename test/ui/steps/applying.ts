/** Manifests are refused, mended and applied. */
import { clearNotifications, editorAction, notification, openFile, soon } from '../page.ts';
import type { Step } from '../step.ts';

export const applying: readonly Step[] = [
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
      await soon(async () => (await page.locator('.monaco-editor .squiggly-error').count()) === 0);
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
];
