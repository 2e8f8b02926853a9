/** The dashboard, and what else shows a cluster as a whole. */
import { patience, runCommand } from '../page.ts';
import type { Step } from '../step.ts';

export const looking: readonly Step[] = [
  {
    title: 'the dashboard shows the cluster',
    async run({ page }) {
      await runCommand(page, 'View: Close All Editors');
      await runCommand(page, 'View: Hide Panel');
      await runCommand(page, 'Kubicle: Open Dashboard');
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.getByRole('button', { name: /^node-1 Ready/ }).waitFor(patience);
      await frame.getByRole('meter', { name: /^CPU/ }).waitFor(patience);
      await frame.getByRole('button', { name: 'Deployment web', exact: true }).waitFor(patience);
      await frame.getByRole('region', { name: 'Events' }).getByRole('button').first().waitFor(patience);
    },
  },
  {
    title: 'the arrow keys go through its graph',
    async run({ page }) {
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.getByRole('button', { name: 'Service web', exact: true }).focus();
      await page.keyboard.press('ArrowRight');
      await frame.locator('g:focus', { hasText: 'Deployment' }).waitFor(patience);
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: /web\.yaml|worker\.yaml/ }).first().waitFor(patience);
    },
  },
];
