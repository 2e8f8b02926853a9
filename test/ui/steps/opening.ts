/** The window opens on a mistake, which is seen. */
import { patience } from '../page.ts';
import type { Step } from '../step.ts';

export const opening: readonly Step[] = [
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
];
